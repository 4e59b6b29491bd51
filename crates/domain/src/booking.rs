//! Bookings: the place of a passenger, or of a party under one contact, on one flight.

use crate::facet::FacetVersion;
use crate::ids::{BookingId, FlightId, PassengerId, Pnr};
use crate::notification::NAMESPACE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// How many fly on it: more than one where a party booked under one contact.
    #[serde(default = "one_passenger")]
    pub passenger_count: u32,
    /// When the booking was made, in UTC.
    pub created_at: Timestamp,
    /// The version of its flight's status facet that last changed its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flight_status_version: Option<FacetVersion>,
    /// The version that first set it to NEEDS_REBOOKING, while it is that: a cancellation that is
    /// said again asks for no second flight. Of its flight's status; or of the purchase, where it was
    /// sold on a flight that did not operate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebooking_version: Option<FacetVersion>,
}

/// How many fly on a booking from before parties were known.
#[must_use]
pub fn one_passenger() -> u32 {
    1
}

impl Booking {
    /// Whether a disruption of the flight concerns this booking.
    #[must_use]
    pub fn is_affected(&self) -> bool {
        self.booking_status != BookingStatus::Cancelled
    }

    /// The status after its flight was cancelled. What the passenger or the airline gave up stays
    /// so.
    #[must_use]
    pub fn status_without_flight(&self) -> BookingStatus {
        match self.booking_status {
            BookingStatus::Cancelled => BookingStatus::Cancelled,
            BookingStatus::Confirmed | BookingStatus::CheckedIn | BookingStatus::NeedsRebooking => {
                BookingStatus::NeedsRebooking
            }
        }
    }

    /// The status after its flight operates after all: what it was before, if nobody has rebooked
    /// it since.
    #[must_use]
    pub fn status_with_flight(&self) -> BookingStatus {
        match self.booking_status {
            BookingStatus::NeedsRebooking if self.checked_in => BookingStatus::CheckedIn,
            BookingStatus::NeedsRebooking => BookingStatus::Confirmed,
            other => other,
        }
    }
}

/// The id of the request to find a booking another flight: the same for every repeat, another for
/// another cancellation.
#[must_use]
pub fn rebooking_id(booking: &BookingId, flight: &FlightId, version: &FacetVersion) -> String {
    let name = format!("rebooking#{booking}#{flight}#{version}");
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        BookingStatus::Confirmed,
        false,
        BookingStatus::NeedsRebooking,
        BookingStatus::Confirmed
    )]
    #[case(BookingStatus::CheckedIn, true, BookingStatus::NeedsRebooking, BookingStatus::CheckedIn)]
    #[case(BookingStatus::Cancelled, true, BookingStatus::Cancelled, BookingStatus::Cancelled)]
    fn a_cancelled_flight_takes_its_bookings_along_and_brings_them_back(
        #[case] before: BookingStatus,
        #[case] checked_in: bool,
        #[case] without: BookingStatus,
        #[case] back: BookingStatus,
    ) {
        let mut booking = Booking {
            booking_id: BookingId::new("B1").unwrap(),
            passenger_id: PassengerId::new("P1").unwrap(),
            flight_id: FlightId::new("SW1").unwrap(),
            confirmation_number: Pnr::new("ABC123").unwrap(),
            seat: None,
            fare_class: None,
            booking_status: before,
            checked_in,
            bags_checked: 0,
            special_requests: vec![],
            passenger_count: 1,
            created_at: Timestamp::UNIX_EPOCH,
            flight_status_version: None,
            rebooking_version: None,
        };
        booking.booking_status = booking.status_without_flight();
        assert_eq!(booking.booking_status, without);
        assert_eq!(booking.status_without_flight(), without);
        assert_eq!(booking.status_with_flight(), back);
    }
}
