//! Bookings as clients see them.

use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId, Pnr};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A booking: the place of a passenger, or of a party under one contact, on one flight. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Booking")]
pub struct BookingView {
    /// The booking.
    pub booking_id: BookingId,
    /// The record locator, shared by everyone on the reservation.
    pub confirmation_number: Pnr,
    /// Who flies.
    pub passenger_id: PassengerId,
    /// On which flight.
    pub flight_id: FlightId,
    /// The seat, once one is assigned.
    pub seat: Option<String>,
    /// The fare class.
    pub fare_class: Option<String>,
    /// Where the booking stands.
    pub booking_status: BookingStatus,
    /// Whether the passenger has checked in.
    pub checked_in: bool,
    /// Number of bags checked.
    pub bags_checked: u32,
    /// Special service requests, in the airline's words.
    pub special_requests: Vec<String>,
    /// How many fly on it.
    pub passenger_count: u32,
    /// When the booking was made, UTC.
    pub created_at: Timestamp,
}

impl From<Booking> for BookingView {
    fn from(booking: Booking) -> Self {
        Self {
            booking_id: booking.booking_id,
            confirmation_number: booking.confirmation_number,
            passenger_id: booking.passenger_id,
            flight_id: booking.flight_id,
            seat: booking.seat,
            fare_class: booking.fare_class,
            booking_status: booking.booking_status,
            checked_in: booking.checked_in,
            bags_checked: booking.bags_checked,
            special_requests: booking.special_requests,
            passenger_count: booking.passenger_count,
            created_at: booking.created_at,
        }
    }
}

/// Bookings, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BookingList {
    /// The bookings.
    pub bookings: Vec<BookingView>,
    /// How many there are in this answer.
    pub count: usize,
    /// The `cursor` of the next answer; null after the last.
    pub next: Option<String>,
}
