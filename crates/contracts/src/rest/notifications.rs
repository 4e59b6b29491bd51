//! Notifications as clients see them: was this passenger told, what, when, by which channel.

use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId};
use flightpulse_domain::message::Author;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Language;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A notification that was sent. It can be read for 35 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Notification")]
pub struct NotificationView {
    /// The notification; the same for every repeat of it.
    pub notification_id: NotificationId,
    /// The event whose news it tells.
    pub event_id: EventId,
    /// The operator's request by which it was told again; null for the first telling.
    pub resend_id: Option<EventId>,
    /// What it tells of.
    pub kind: Option<NotificationKind>,
    /// How it stands to what was told before.
    pub nature: Option<Nature>,
    /// The flight.
    pub flight_id: FlightId,
    /// The booking.
    pub booking_id: BookingId,
    /// The passenger.
    pub passenger_id: Option<PassengerId>,
    /// The channel.
    pub channel: Channel,
    /// The language of the text.
    pub language: Option<Language>,
    /// Who wrote the text.
    pub author: Option<Author>,
    /// What was said: the subject line of an email, the whole text of a text message; 200
    /// characters of it at most.
    pub headline: Option<String>,
    /// When it was handed over for delivery, UTC.
    pub sent_at: Timestamp,
}

/// What a notification tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationKind {
    /// The flight leaves at another time than passengers believe.
    Delay,
    /// The flight does not operate.
    Cancellation,
    /// The flight leaves from another gate.
    GateChange,
    /// A cancelled flight operates after all.
    Reinstatement,
}

/// Notifications, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationList {
    /// The notifications.
    pub notifications: Vec<NotificationView>,
    /// How many there are in this answer.
    pub count: usize,
    /// The `cursor` of the next answer; null after the last.
    pub next: Option<String>,
}
