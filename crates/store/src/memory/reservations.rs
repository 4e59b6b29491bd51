//! Reservations in memory.

use super::{MemoryStore, Records};
use crate::keys;
use crate::reservations::booking_gone;
use crate::{
    OperationsReader, Page, ReservationReader, ReservationWriter, Reservations, StoreError, Written,
};
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::{BookingChange, FlightRecord, ReservationChange, Totals};
use std::collections::HashMap;

impl ReservationReader for MemoryStore {
    async fn reservations(&self, pnrs: &[Pnr]) -> Result<Reservations, StoreError> {
        let records = self.records()?;
        let found = pnrs
            .iter()
            .filter_map(|pnr| Some((pnr.clone(), Ok(records.reservations.get(pnr)?.clone()))));
        Ok(found.collect())
    }
}

impl ReservationWriter for MemoryStore {
    async fn write_reservation(&self, change: &ReservationChange) -> Result<Written, StoreError> {
        let mut records = self.records()?;
        let pnr = &change.reservation.pnr;
        let known = records.reservations.get(pnr).map_or(0, |known| known.revision);
        if known != change.reservation.revision {
            return Ok(Written::Outdated);
        }
        let operates = |flight: &FlightId| {
            let flight = records.flights.get(flight);
            flight.is_none_or(|flight| flight.status != FlightStatus::Cancelled)
        };
        if change.operates.iter().any(|(flight, decided)| operates(flight) != *decided) {
            return Ok(Written::Outdated);
        }
        let missing = change.bookings.iter().any(|change| match change {
            BookingChange::Made(_) => false,
            BookingChange::TakenAgain(booking) => {
                !records.bookings.contains_key(&booking.booking_id)
            }
            BookingChange::GivenUp { booking_id, .. }
            | BookingChange::Resized { booking_id, .. } => {
                !records.bookings.contains_key(booking_id)
            }
        });
        if missing {
            return Err(booking_gone(pnr));
        }
        records.write(change);
        Ok(Written::Yes)
    }
}

impl Records {
    fn write(&mut self, change: &ReservationChange) {
        let mut reservation = change.reservation.clone();
        reservation.revision += 1;
        self.reservations.insert(reservation.pnr.clone(), reservation);
        for record in change.records() {
            let order = String::from(record.order.clone());
            let key = (record.flight_id.clone(), format!("{}#{order}", record.pnr));
            self.flight_records.insert(key, record.clone());
        }
        for (flight, added) in &change.totals {
            let sum = self.totals.remove(flight).unwrap_or_default().plus(added);
            self.totals.insert(flight.clone(), sum);
        }
        if let Some(contact) = &change.contact {
            self.passengers.insert(contact.passenger_id.clone(), contact.clone());
        }
        if let Some(found) = &change.discrepancy {
            self.discrepancies.insert(keys::discrepancy(found), found.clone());
        }
        for booking in &change.bookings {
            match booking {
                BookingChange::Made(booking) => {
                    self.bookings.insert(booking.booking_id.clone(), booking.clone());
                }
                BookingChange::TakenAgain(again) => {
                    if let Some(known) = self.bookings.get_mut(&again.booking_id) {
                        known.passenger_count = again.passenger_count;
                        known.booking_status = again.booking_status;
                        known.rebooking_version = again.rebooking_version.clone();
                        let version = again.flight_status_version.clone();
                        known.flight_status_version =
                            version.or(known.flight_status_version.take());
                        (known.checked_in, known.seat) = (false, None);
                    }
                }
                BookingChange::GivenUp { booking_id, passenger_count } => {
                    if let Some(known) = self.bookings.get_mut(booking_id) {
                        known.passenger_count = *passenger_count;
                        known.booking_status = BookingStatus::Cancelled;
                        known.rebooking_version = None;
                    }
                }
                BookingChange::Resized { booking_id, passenger_count } => {
                    if let Some(known) = self.bookings.get_mut(booking_id) {
                        known.passenger_count = *passenger_count;
                    }
                }
            }
        }
    }
}

impl OperationsReader for MemoryStore {
    async fn totals(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Totals>, StoreError> {
        let records = self.records()?;
        let found = ids.iter().filter_map(|id| Some((id.clone(), records.totals.get(id)?.clone())));
        Ok(found.collect())
    }

    async fn records_of(
        &self,
        id: &FlightId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<FlightRecord>, StoreError> {
        let records = self.records()?;
        let of_the_flight = records.flight_records.iter().filter(|((flight, _), _)| flight == id);
        let later = of_the_flight
            .filter(|((_, place), _)| after.is_none_or(|after| place.as_str() > after));
        let mut found: Vec<_> = later.take(limit + 1).collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = more.then(|| found.last().map(|((_, place), _)| place.clone())).flatten();
        let items = found.into_iter().map(|(_, record)| record.clone()).collect();
        Ok(Page { items, next })
    }
}
