//! The details of `notification.*` events: the only ones with personal data, since they are the
//! message itself.

use flightpulse_domain::ids::{
    BookingId, CorrelationId, EventId, FlightId, NotificationId, PassengerId,
};
use flightpulse_domain::message::Author;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Tier;
use serde::{Deserialize, Serialize};

/// The detail of `notification.email` and `notification.sms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NotificationEvent {
    /// The version of the detail.
    pub schema_version: u32,
    /// The same for every repeat of this notification: who delivers it drops a repeat by it.
    pub notification_id: NotificationId,
    /// The event that set it off.
    pub event_id: EventId,
    /// What ties together everything that the event set off.
    pub correlation_id: CorrelationId,
    /// What it tells of: `DELAY`, `CANCELLATION`, `GATE_CHANGE` or `REINSTATEMENT`.
    pub kind: String,
    /// How it stands to what was told before.
    pub nature: Nature,
    /// The operator's request by which it was told again, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resend_id: Option<EventId>,
    /// The flight.
    pub flight_id: FlightId,
    /// The booking.
    pub booking_id: BookingId,
    /// The passenger.
    pub passenger_id: PassengerId,
    /// The passenger's tier.
    pub tier: Tier,
    /// The language of the text, ISO 639-1.
    pub language: String,
    /// The channel.
    pub channel: Channel,
    /// The email address, or the phone number in E.164 form.
    pub to: String,
    /// The subject line; none for a text message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// Who wrote the text.
    pub author: Author,
}
