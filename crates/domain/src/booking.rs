//! Bookings: one passenger's place on one flight.

use crate::ids::{BookingId, FlightId, PassengerId, Pnr};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingStatus {
    /// Booked.
    Confirmed,
    /// Booked and checked in.
    CheckedIn,
    /// Given up by the passenger or the airline: neither told nor changed by a disruption.
    Cancelled,
    /// The flight was cancelled; the passenger needs another.
    NeedsRebooking,
}

impl BookingStatus {
    /// The status's name in the table and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::CheckedIn => "CHECKED_IN",
            Self::Cancelled => "CANCELLED",
            Self::NeedsRebooking => "NEEDS_REBOOKING",
        }
    }
}

/// A booking as the table keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The booking's id.
    pub booking_id: BookingId,
    /// Who flies.
    pub passenger_id: PassengerId,
    /// On which flight.
    pub flight_id: FlightId,
    /// The record locator, shared by everyone on the reservation.
    pub confirmation_number: Pnr,
    /// The seat, once one is assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The fare class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fare_class: Option<String>,
    /// Where the booking stands.
    pub booking_status: BookingStatus,
    /// Whether the passenger has checked in.
    #[serde(default)]
    pub checked_in: bool,
    /// Number of bags checked.
    #[serde(default)]
    pub bags_checked: u32,
    /// Special service requests, in the airline's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_requests: Vec<String>,
    /// When the booking was made, in UTC.
    pub created_at: Timestamp,
}

impl Booking {
    /// Whether a disruption of the flight concerns this booking.
    #[must_use]
    pub fn is_affected(&self) -> bool {
        self.booking_status != BookingStatus::Cancelled
    }
}
