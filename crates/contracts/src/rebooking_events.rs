//! The detail of `rebooking.needed`: one for each booking whose flight was cancelled.

use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::passenger::Tier;
use serde::{Deserialize, Serialize};

/// An event from before parties were known is of one passenger.
fn one() -> u32 {
    1
}

/// The detail of `rebooking.needed`. Whoever rebooks reads the booking first: it may have been
/// rebooked, given up, or its flight reinstated since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RebookingEvent {
    /// The version of the detail.
    pub schema_version: u32,
    /// The same for every repeat of this request: whoever rebooks drops a repeat by it.
    pub rebooking_id: String,
    /// The event that set it off.
    pub event_id: EventId,
    /// What ties together everything that the event set off.
    pub correlation_id: CorrelationId,
    /// The cancelled flight.
    pub flight_id: FlightId,
    /// The version of the flight's status: a newer one may have taken the cancellation back.
    pub flight_status_version: FacetVersion,
    /// The booking.
    pub booking_id: BookingId,
    /// The passenger.
    pub passenger_id: PassengerId,
    /// How many need another flight with this booking.
    #[serde(default = "one")]
    pub passenger_count: u32,
    /// The passenger's tier, when the passenger is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// How urgent the operations centre said it is.
    pub rebooking_priority: RebookingPriority,
}
