//! What must be written when a reservation has changed.

use super::{FlightRecord, Reservation, Totals};
use crate::booking::{Booking, BookingStatus};
use crate::flight::{Flight, FlightStatus};
use crate::ids::{BookingId, FlightId, InvalidId};
use crate::passenger::Passenger;
use crate::reconciliation::Discrepancy;
use std::collections::{BTreeMap, HashMap};

/// What a changed reservation does to a booking. The booking's other attributes belong to whoever
/// changes them: a disruption, the check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingChange {
    /// It is made.
    Made(Booking),
    /// The party takes its flight again.
    TakenAgain(Booking),
    /// The party gives its flight up.
    GivenUp {
        /// The booking.
        booking_id: BookingId,
        /// How many flew.
        passenger_count: u32,
    },
    /// The party is of another size.
    Resized {
        /// The booking.
        booking_id: BookingId,
        /// How many fly.
        passenger_count: u32,
    },
}

impl BookingChange {
    /// The booking that needs another flight from the start; none where that is not so.
    #[must_use]
    pub fn stranded(&self) -> Option<&Booking> {
        match self {
            Self::Made(booking) | Self::TakenAgain(booking)
                if booking.booking_status == BookingStatus::NeedsRebooking =>
            {
                Some(booking)
            }
            _ => None,
        }
    }

    /// The booking that gets a seat by it.
    fn seated_mut(&mut self) -> Option<&mut Booking> {
        match self {
            Self::Made(booking) | Self::TakenAgain(booking) if booking.is_affected() => {
                Some(booking)
            }
            _ => None,
        }
    }
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
    /// Whether the flights of which seats are taken operate, as it was decided on.
    pub operates: BTreeMap<FlightId, bool>,
    /// What a reconciliation found by it, which is kept together with it; none when it is no
    /// reconciliation's.
    pub discrepancy: Option<Discrepancy>,
}

impl ReservationChange {
    /// What has to be written for a reservation that was `before` and is `after`; none when they
    /// are the same. `flights` has the flights that are known: a seat on one that does not operate
    /// is one that needs another flight from the start.
    ///
    /// # Errors
    /// [`InvalidId`] when a booking's id would be too long.
    pub fn between(
        before: &Reservation,
        after: Reservation,
        flights: &HashMap<FlightId, Flight>,
    ) -> Result<Option<Self>, InvalidId> {
        if *before == after {
            return Ok(None);
        }
        let contact = after.passenger()?;
        let is_known = before.revision > 0 && before.passenger()? == contact;
        let mut change = Self {
            created: Vec::new(),
            updated: Vec::new(),
            totals: Vec::new(),
            bookings: Vec::new(),
            contact: (!is_known).then_some(contact),
            operates: BTreeMap::new(),
            discrepancy: None,
            reservation: after,
        };
        let after = change.reservation.clone();
        for flight in after.legs.keys() {
            let added = Totals::of(&after, flight).minus(&Totals::of(before, flight));
            if !added.is_zero() {
                change.totals.push((flight.clone(), added));
            }
            for order in after.orders_of(flight) {
                let was = FlightRecord::of(before, flight, order);
                match (was, FlightRecord::of(&after, flight, order)) {
                    (None, Some(record)) => change.created.push(record),
                    (Some(was), Some(record)) if was != record => change.updated.push(record),
                    _ => {}
                }
            }
            change.bookings.extend(booking(before, &after, flight)?);
        }
        for booking in change.bookings.iter_mut().filter_map(BookingChange::seated_mut) {
            let flight = flights.get(&booking.flight_id);
            let cancelled = flight.filter(|flight| flight.status == FlightStatus::Cancelled);
            // What the flight's workflows still do for an older version must not touch it.
            booking.flight_status_version = flight.and_then(|known| known.versions.status.clone());
            if cancelled.is_some() {
                booking.booking_status = BookingStatus::NeedsRebooking;
                // Sold on a flight that does not operate: it is this purchase that asks, and of a
                // seat that is taken again the new one.
                booking.rebooking_version = after.newest_purchase(&booking.flight_id);
            }
            change.operates.insert(booking.flight_id.clone(), cancelled.is_none());
        }
        Ok(Some(change))
    }

    /// Every record that is written.
    pub fn records(&self) -> impl Iterator<Item = &FlightRecord> {
        self.created.iter().chain(&self.updated)
    }
}

fn booking(
    before: &Reservation,
    after: &Reservation,
    flight: &FlightId,
) -> Result<Option<BookingChange>, InvalidId> {
    let Some(now) = after.booking(flight)? else {
        return Ok(None);
    };
    let Some(was) = before.booking(flight)? else {
        return Ok(Some(BookingChange::Made(now)));
    };
    let Booking { booking_id, passenger_count, .. } = now.clone();
    Ok(match (was.is_affected(), now.is_affected()) {
        (true, false) => Some(BookingChange::GivenUp { booking_id, passenger_count }),
        (false, true) => Some(BookingChange::TakenAgain(now)),
        _ if was.passenger_count != passenger_count => {
            Some(BookingChange::Resized { booking_id, passenger_count })
        }
        _ => None,
    })
}
