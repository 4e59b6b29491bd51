//! Reservations in memory.

use super::{MemoryStore, Records};
use crate::{
    OperationsReader, Page, ReservationReader, ReservationWriter, Reservations, StoreError, Written,
};
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
        let missing = change.bookings.iter().any(|change| match change {
            BookingChange::Changed { booking_id, .. } => !records.bookings.contains_key(booking_id),
            BookingChange::Made(_) => false,
        });
        if missing {
            let why = "a booking of it is not in the table".to_owned();
            return Err(StoreError::Corrupt { key: pnr.to_string(), why });
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
            let key = (record.flight_id.clone(), record.pnr.clone());
            self.flight_records.insert(key, record.clone());
        }
        for (flight, added) in &change.totals {
            let sum = self.totals.remove(flight).unwrap_or_default().plus(added);
            self.totals.insert(flight.clone(), sum);
        }
        if let Some(contact) = &change.contact {
            self.passengers.insert(contact.passenger_id.clone(), contact.clone());
        }
        for booking in &change.bookings {
            match booking {
                BookingChange::Made(booking) => {
                    self.bookings.insert(booking.booking_id.clone(), booking.clone());
                }
                BookingChange::Changed { booking_id, booking_status, passenger_count } => {
                    if let Some(booking) = self.bookings.get_mut(booking_id) {
                        booking.passenger_count = *passenger_count;
                        if let Some(status) = booking_status {
                            booking.booking_status = *status;
                            booking.rebooking_version = None;
                        }
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
            .filter(|((_, pnr), _)| after.is_none_or(|after| pnr.as_str() > after))
            .map(|(_, record)| record.clone());
        let mut items: Vec<_> = later.take(limit + 1).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = more.then(|| items.last().map(|record| record.pnr.to_string())).flatten();
        Ok(Page { items, next })
    }
}
