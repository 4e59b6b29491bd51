//! The store in memory: for unit tests of what stands before it.

use crate::{
    BookingPage, BookingReader, BookingRecord, CLAIM_SECONDS, Claimed, FlightReader,
    NotificationClaim, NotificationClaims, RecordWriter, ScheduleWriter, StoreError, Written,
};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::disruption::ScheduleUpdate;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{Flight, ToldSchedule};
use flightpulse_domain::ids::{BookingId, FlightId, NotificationId, PassengerId};
use flightpulse_domain::passenger::Passenger;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

struct Claim {
    owner: String,
    sent: bool,
    until: i64,
}

#[derive(Default)]
struct Records {
    flights: HashMap<FlightId, Flight>,
    passengers: HashMap<PassengerId, Passenger>,
    bookings: BTreeMap<BookingId, Booking>,
    claims: HashMap<NotificationId, Claim>,
    failing: Option<String>,
}

/// The store in memory. Its clones share their records.
#[derive(Clone, Default)]
pub struct MemoryStore {
    records: Arc<Mutex<Records>>,
}

impl MemoryStore {
    /// Makes every call fail as unavailable, with this text; none makes them work again.
    pub fn fail_with(&self, why: Option<&str>) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.failing = why.map(str::to_owned);
    }

    /// Takes a passenger out, as if someone had deleted them.
    pub fn remove_passenger(&self, id: &PassengerId) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.passengers.remove(id);
    }

    fn records(&self) -> Result<MutexGuard<'_, Records>, StoreError> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        match &records.failing {
            Some(why) => Err(StoreError::Unavailable(why.clone())),
            None => Ok(records),
        }
    }
}

impl FlightReader for MemoryStore {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        Ok(self.records()?.flights.get(id).cloned())
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        let records = self.records()?;
        let found =
            ids.iter().filter_map(|id| Some((id.clone(), records.flights.get(id)?.clone())));
        Ok(found.collect())
    }
}

impl ScheduleWriter for MemoryStore {
    async fn apply_schedule(
        &self,
        read: &Flight,
        update: &ScheduleUpdate,
        telling: bool,
    ) -> Result<Written, StoreError> {
        self.change(read, |flight| {
            flight.versions.schedule = Some(update.version.clone());
            flight.status = update.status;
            flight.delay_minutes = update.delay_minutes;
            flight.delay_reason = Some(update.reason);
            flight.actual_departure = Some(update.departure);
            flight.actual_arrival = Some(update.arrival);
            if telling {
                flight.begin_telling(update.news());
            }
        })
    }

    async fn begin_telling(
        &self,
        read: &Flight,
        news: &ToldSchedule,
    ) -> Result<Written, StoreError> {
        self.change(read, |flight| flight.begin_telling(news.clone()))
    }

    async fn record_told(&self, id: &FlightId, version: &FacetVersion) -> Result<(), StoreError> {
        if let Some(flight) = self.records()?.flights.get_mut(id) {
            flight.record_told(version);
        }
        Ok(())
    }

    async fn abandon_telling(
        &self,
        id: &FlightId,
        version: &FacetVersion,
    ) -> Result<(), StoreError> {
        if let Some(flight) = self.records()?.flights.get_mut(id) {
            flight.abandon_telling(version);
        }
        Ok(())
    }
}

impl MemoryStore {
    /// Changes a flight if it is still as it was read.
    fn change(
        &self,
        read: &Flight,
        change: impl FnOnce(&mut Flight),
    ) -> Result<Written, StoreError> {
        let known = |flight: &Flight| {
            let version = |told: &Option<ToldSchedule>| told.as_ref().map(|t| t.version.clone());
            (
                flight.status,
                flight.versions.schedule.clone(),
                version(&flight.told_schedule),
                version(&flight.telling_schedule),
                version(&flight.maybe_told_schedule),
            )
        };
        let mut records = self.records()?;
        match records.flights.get_mut(&read.flight_id).filter(|now| known(now) == known(read)) {
            Some(flight) => {
                change(flight);
                Ok(Written::Yes)
            }
            None => Ok(Written::Outdated),
        }
    }
}

impl BookingReader for MemoryStore {
    async fn bookings_of_flight(
        &self,
        id: &FlightId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<BookingPage, StoreError> {
        let records = self.records()?;
        let mut bookings: Vec<_> = records
            .bookings
            .values()
            .filter(|booking| booking.flight_id == *id)
            .filter(|booking| cursor.is_none_or(|after| booking.booking_id.as_str() > after))
            .map(|booking| (booking.booking_id.clone(), booking.passenger_id.clone()))
            .collect();
        bookings.truncate(limit);
        // Like DynamoDB, a full page promises another, which may turn out empty.
        let next = (bookings.len() == limit)
            .then(|| bookings.last().map(|(booking, _)| booking.to_string()))
            .flatten();
        Ok(BookingPage { bookings, next })
    }

    async fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> Result<Vec<BookingRecord>, StoreError> {
        let records = self.records()?;
        Ok(ids
            .iter()
            .map(|(booking, passenger)| BookingRecord {
                booking: records.bookings.get(booking).cloned(),
                passenger: records.passengers.get(passenger).cloned(),
            })
            .collect())
    }
}

impl NotificationClaims for MemoryStore {
    async fn claim(
        &self,
        claim: &NotificationClaim,
        owner: &str,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let mut records = self.records()?;
        if let Some(known) = records.claims.get(&claim.notification_id) {
            if known.sent {
                return Ok(Claimed::SentBefore);
            }
            if known.owner != owner && known.until >= now.as_second() {
                return Ok(Claimed::Others);
            }
        }
        let until = now.as_second() + CLAIM_SECONDS;
        let ours = Claim { owner: owner.to_owned(), sent: false, until };
        records.claims.insert(claim.notification_id.clone(), ours);
        Ok(Claimed::Ours)
    }

    async fn mark_sent(
        &self,
        claims: &[NotificationClaim],
        owner: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut records = self.records()?;
        for claim in claims {
            let sent = Claim { owner: owner.to_owned(), sent: true, until: now.as_second() };
            records.claims.insert(claim.notification_id.clone(), sent);
        }
        Ok(())
    }
}

impl RecordWriter for MemoryStore {
    async fn put_flight(&self, flight: &Flight) -> Result<(), StoreError> {
        self.records()?.flights.insert(flight.flight_id.clone(), flight.clone());
        Ok(())
    }

    async fn put_passenger(&self, passenger: &Passenger) -> Result<(), StoreError> {
        self.records()?.passengers.insert(passenger.passenger_id.clone(), passenger.clone());
        Ok(())
    }

    async fn put_booking(&self, booking: &Booking) -> Result<(), StoreError> {
        self.records()?.bookings.insert(booking.booking_id.clone(), booking.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use crate::conformance;

    #[tokio::test]
    async fn memory_conforms() {
        conformance::all(&MemoryStore::default(), "memory").await;
    }
}
