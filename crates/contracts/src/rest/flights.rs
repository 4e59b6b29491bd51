//! Flights as clients see them.

use flightpulse_domain::delay::Reason;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::reservation::{Load, Totals};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A flight. Times are UTC. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Flight")]
pub struct FlightView {
    /// The flight.
    pub flight_id: FlightId,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// Departure as planned.
    pub scheduled_departure: Timestamp,
    /// Arrival as planned.
    pub scheduled_arrival: Timestamp,
    /// Departure as now expected, or as it was.
    pub actual_departure: Option<Timestamp>,
    /// Arrival as now expected, or as it was.
    pub actual_arrival: Option<Timestamp>,
    /// Where the flight stands.
    pub status: FlightStatus,
    /// The gate, once one is assigned.
    pub gate: Option<String>,
    /// The aircraft's type or registration.
    pub aircraft: Option<String>,
    /// Seats for sale on that aircraft.
    pub capacity: Option<u32>,
    /// How much later than planned it leaves, in minutes.
    pub delay_minutes: u32,
    /// Why it is late.
    pub delay_reason: Option<Reason>,
    /// Why it does not operate, while it does not.
    pub cancellation_reason: Option<Reason>,
    /// Passengers with a booking that is not cancelled.
    pub booked_passengers: u32,
}

impl FlightView {
    /// A flight, with what it has of reservations that came by a booking feed; none where none did.
    #[must_use]
    pub fn new(flight: Flight, totals: Option<&Totals>) -> Self {
        let load = Load::of(Some(&flight), totals);
        Self {
            booked_passengers: load.booked_passengers,
            capacity: load.capacity,
            flight_id: flight.flight_id,
            origin: flight.origin,
            destination: flight.destination,
            scheduled_departure: flight.scheduled_departure,
            scheduled_arrival: flight.scheduled_arrival,
            actual_departure: flight.actual_departure,
            actual_arrival: flight.actual_arrival,
            status: flight.status,
            gate: flight.gate,
            aircraft: flight.aircraft,
            delay_minutes: flight.delay_minutes,
            delay_reason: flight.delay_reason,
            cancellation_reason: flight.cancellation.map(|cancellation| cancellation.reason),
        }
    }
}

/// Flights of one status, the oldest scheduled departure first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FlightList {
    /// The flights.
    pub flights: Vec<FlightView>,
    /// How many there are in this answer.
    pub count: usize,
    /// The `cursor` of the next answer; null after the last.
    pub next: Option<String>,
}
