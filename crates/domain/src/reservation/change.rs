//! What must be written when a reservation has changed.

use super::{FlightRecord, Reservation, Totals};
use crate::booking::{Booking, BookingStatus};
use crate::ids::{BookingId, FlightId, InvalidId};
use crate::passenger::Passenger;

/// What a changed reservation does to a booking. The booking's other attributes belong to whoever
/// changes them: a disruption, the check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingChange {
    /// It is made.
    Made(Booking),
    /// The party gives it up, takes it again, or is of another size.
    Changed {
        /// The booking.
        booking_id: BookingId,
        /// Its status from now on; none when that stays as it is.
        booking_status: Option<BookingStatus>,
        /// How many fly.
        passenger_count: u32,
    },
}

/// All that has to be written together, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReservationChange {
    /// The reservation as it is now, with the revision that it was read at.
    pub reservation: Reservation,
    /// Records that are new.
    pub created: Vec<FlightRecord>,
    /// Records that were there and are now other.
    pub updated: Vec<FlightRecord>,
    /// What to add to the totals of each flight.
    pub totals: Vec<(FlightId, Totals)>,
    /// What becomes of bookings.
    pub bookings: Vec<BookingChange>,
    /// The contact, when it is new or other.
    pub contact: Option<Passenger>,
}

impl ReservationChange {
    /// What has to be written for a reservation that was `before` and is `after`; none when they
    /// are the same.
    ///
    /// # Errors
    /// [`InvalidId`] when a booking's id would be too long.
    pub fn between(before: &Reservation, after: Reservation) -> Result<Option<Self>, InvalidId> {
        if *before == after {
            return Ok(None);
        }
        let contact = after.passenger()?;
        let mut change = Self {
            created: Vec::new(),
            updated: Vec::new(),
            totals: Vec::new(),
            bookings: Vec::new(),
            contact: if contact == before.passenger()? { None } else { contact },
            reservation: after,
        };
        let after = change.reservation.clone();
        for flight in after.legs.keys() {
            let added = Totals::of(&after, flight).minus(&Totals::of(before, flight));
            if !added.is_zero() {
                change.totals.push((flight.clone(), added));
            }
            match (FlightRecord::of(before, flight), FlightRecord::of(&after, flight)) {
                (None, Some(record)) => {
                    change.bookings.push(BookingChange::Made(record.booking()?));
                    change.created.push(record);
                }
                (Some(before), Some(record)) if before != record => {
                    change.bookings.extend(BookingChange::between(&before, &record)?);
                    change.updated.push(record);
                }
                _ => {}
            }
        }
        Ok(Some(change))
    }

    /// Every record that is written.
    pub fn records(&self) -> impl Iterator<Item = &FlightRecord> {
        self.created.iter().chain(&self.updated)
    }
}

impl BookingChange {
    fn between(before: &FlightRecord, after: &FlightRecord) -> Result<Option<Self>, InvalidId> {
        let status = (before.status != after.status).then(|| after.booking_status());
        if status.is_none() && before.passenger_count() == after.passenger_count() {
            return Ok(None);
        }
        Ok(Some(Self::Changed {
            booking_id: after.booking_id()?,
            booking_status: status,
            passenger_count: after.passenger_count(),
        }))
    }
}
