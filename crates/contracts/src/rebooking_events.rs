//! The detail of `rebooking.needed`: one for each booking whose flight was cancelled.

use crate::SCHEMA_VERSION;
use flightpulse_domain::booking::{Booking, one_passenger, rebooking_id};
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::passenger::Tier;
use serde::{Deserialize, Serialize};

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
    #[serde(default = "one_passenger")]
    pub passenger_count: u32,
    /// The passenger's tier, when the passenger is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// How urgent the operations centre said it is.
    pub rebooking_priority: RebookingPriority,
}

impl RebookingEvent {
    /// The request for a booking whose flight does not operate. `version` is that of the flight's
    /// status, `tier` the passenger's as far as they are known.
    #[must_use]
    pub fn new(
        booking: &Booking,
        version: &FacetVersion,
        correlation_id: CorrelationId,
        tier: Option<Tier>,
        rebooking_priority: RebookingPriority,
    ) -> Self {
        // Asked for when the booking first needed another flight, however often that is said again.
        let since = booking.rebooking_version.as_ref().unwrap_or(version);
        Self {
            schema_version: SCHEMA_VERSION,
            rebooking_id: rebooking_id(&booking.booking_id, &booking.flight_id, since),
            event_id: version.event_id().clone(),
            correlation_id,
            flight_id: booking.flight_id.clone(),
            flight_status_version: version.clone(),
            booking_id: booking.booking_id.clone(),
            passenger_id: booking.passenger_id.clone(),
            passenger_count: booking.passenger_count,
            tier,
            rebooking_priority,
        }
    }
}
