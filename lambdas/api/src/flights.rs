//! A flight as clients see it.

use flightpulse_domain::delay::Reason;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::FlightId;
use jiff::Timestamp;
use serde::Serialize;

/// A flight. Times are UTC. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlightView<'a> {
    flight_id: &'a FlightId,
    origin: &'a str,
    destination: &'a str,
    scheduled_departure: Timestamp,
    scheduled_arrival: Timestamp,
    actual_departure: Option<Timestamp>,
    actual_arrival: Option<Timestamp>,
    status: FlightStatus,
    gate: Option<&'a str>,
    aircraft: Option<&'a str>,
    delay_minutes: u32,
    delay_reason: Option<Reason>,
    booked_passengers: u32,
}

impl<'a> From<&'a Flight> for FlightView<'a> {
    fn from(flight: &'a Flight) -> Self {
        Self {
            flight_id: &flight.flight_id,
            origin: &flight.origin,
            destination: &flight.destination,
            scheduled_departure: flight.scheduled_departure,
            scheduled_arrival: flight.scheduled_arrival,
            actual_departure: flight.actual_departure,
            actual_arrival: flight.actual_arrival,
            status: flight.status,
            gate: flight.gate.as_deref(),
            aircraft: flight.aircraft.as_deref(),
            delay_minutes: flight.delay_minutes,
            delay_reason: flight.delay_reason,
            booked_passengers: flight.booked_passengers,
        }
    }
}
