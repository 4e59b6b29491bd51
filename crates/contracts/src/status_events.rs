//! The details of `flight.status_changed` and `booking.status_changed`: what the table's stream
//! tells of changes, whoever made them. Ids only, no other personal data.

use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::status_change::StatusChange;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SCHEMA_VERSION, names};

/// What both details begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Head {
    /// The version of the detail.
    pub schema_version: u32,
    /// The id that the stream gives to the write: the same for every repeat of this event, another
    /// for another write.
    pub event_id: EventId,
    /// The event that set the status, where the item knows it; else this event itself.
    pub correlation_id: CorrelationId,
    /// When the write was made, UTC, to the second or finer.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub occurred_at: Timestamp,
}

/// The detail of `flight.status_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FlightStatusChanged {
    /// What both details begin with.
    #[serde(flatten)]
    pub head: Head,
    /// The flight.
    pub flight_id: FlightId,
    /// The flight before the write.
    pub old: FlightState,
    /// The flight after it; its status differs from the old one's.
    pub new: FlightState,
}

/// Where a flight stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FlightState {
    /// The status.
    pub status: FlightStatus,
    /// Minutes later than planned.
    pub delay_minutes: u32,
    /// The departure as expected then, UTC.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub departure: Timestamp,
    /// The gate, where one was assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
}

/// The detail of `booking.status_changed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BookingStatusChanged {
    /// What both details begin with.
    #[serde(flatten)]
    pub head: Head,
    /// The booking.
    pub booking_id: BookingId,
    /// Its flight after the write.
    pub flight_id: FlightId,
    /// The passenger.
    pub passenger_id: PassengerId,
    /// The booking before the write.
    pub old: BookingState,
    /// The booking after it; its status differs from the old one's.
    pub new: BookingState,
}

/// Where a booking stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BookingState {
    /// The status.
    pub booking_status: BookingStatus,
    /// Whether the passenger had checked in.
    pub checked_in: bool,
    /// The flight: another one where the booking was moved.
    pub flight_id: FlightId,
}

impl Head {
    /// The head of an event. `event_id` is what the stream calls the write, `set_by` the event
    /// that set the status.
    #[must_use]
    pub fn new(event_id: EventId, set_by: Option<&EventId>, occurred_at: Timestamp) -> Self {
        let correlation_id = set_by.unwrap_or(&event_id).into();
        Self { schema_version: SCHEMA_VERSION, event_id, correlation_id, occurred_at }
    }
}

impl FlightStatusChanged {
    /// The name under which it is published.
    pub const DETAIL_TYPE: &'static str = names::FLIGHT_STATUS_CHANGED;

    /// The event that tells of a change. `event_id` is what the stream calls the write,
    /// `occurred_at` its time, UTC.
    #[must_use]
    pub fn new(
        change: &StatusChange<'_, Flight>,
        event_id: EventId,
        occurred_at: Timestamp,
    ) -> Self {
        Self {
            head: Head::new(event_id, change.set_by, occurred_at),
            flight_id: change.new.flight_id.clone(),
            old: change.old.into(),
            new: change.new.into(),
        }
    }
}

impl BookingStatusChanged {
    /// The name under which it is published.
    pub const DETAIL_TYPE: &'static str = names::BOOKING_STATUS_CHANGED;

    /// The event that tells of a change. `event_id` is what the stream calls the write,
    /// `occurred_at` its time, UTC.
    #[must_use]
    pub fn new(
        change: &StatusChange<'_, Booking>,
        event_id: EventId,
        occurred_at: Timestamp,
    ) -> Self {
        let booking = change.new;
        Self {
            head: Head::new(event_id, change.set_by, occurred_at),
            booking_id: booking.booking_id.clone(),
            flight_id: booking.flight_id.clone(),
            passenger_id: booking.passenger_id.clone(),
            old: change.old.into(),
            new: booking.into(),
        }
    }
}

impl From<&Flight> for FlightState {
    fn from(flight: &Flight) -> Self {
        Self {
            status: flight.status,
            delay_minutes: flight.delay_minutes,
            departure: flight.departure(),
            gate: flight.gate.clone(),
        }
    }
}

impl From<&Booking> for BookingState {
    fn from(booking: &Booking) -> Self {
        Self {
            booking_status: booking.booking_status,
            checked_in: booking.checked_in,
            flight_id: booking.flight_id.clone(),
        }
    }
}
