//! The store in memory: for unit tests of what stands before it.

mod reads;
mod reconciliations;
mod reservations;
mod watermarks;

use crate::keys::{self, Key};
use crate::{
    Action, ActionLog, ActionPage, BookingChanged, BookingPage, BookingReader, BookingRecord,
    BookingWriter, BulkWriter, CLAIM_SECONDS, Claimed, EventClaim, EventClaimReader, FlightReader,
    FlightWriter, Hold, NotificationClaim, NotificationClaims, QuietWriter, Record, RecordWriter,
    Seeding, SeedingLog, SentNotification, StoreError, SwitchReader, SwitchWriter, Watermark,
    Written,
};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId, Pnr};
use flightpulse_domain::passenger::Passenger;
use flightpulse_domain::reconciliation::{Discrepancy, PartReport, Run};
use flightpulse_domain::reservation::{FlightRecord, Reservation, Totals};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

struct Claim {
    owner: String,
    sent: Option<SentNotification>,
    until: i64,
}

#[derive(Default)]
struct Records {
    flights: HashMap<FlightId, Flight>,
    passengers: HashMap<PassengerId, Passenger>,
    bookings: BTreeMap<BookingId, Booking>,
    claims: HashMap<NotificationId, Claim>,
    event_claims: HashMap<(EventId, FlightId), EventClaim>,
    hold: Hold,
    actions: BTreeMap<String, Action>,
    seedings: BTreeMap<Key, Seeding>,
    watermarks: HashMap<Key, Watermark>,
    reservations: HashMap<Pnr, Reservation>,
    flight_records: BTreeMap<(FlightId, String), FlightRecord>,
    totals: HashMap<FlightId, Totals>,
    runs: BTreeMap<String, Run>,
    run_parts: BTreeMap<Key, PartReport>,
    discrepancies: BTreeMap<Key, Discrepancy>,
    failing: Option<String>,
    calls: usize,
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

    /// How often it was called. Over DynamoDB each call is one request, of a hundred keys at most.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).calls
    }

    fn records(&self) -> Result<MutexGuard<'_, Records>, StoreError> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.calls += 1;
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

#[cfg(any(test, feature = "conformance"))]
impl crate::conformance::ClaimsEvents for MemoryStore {
    async fn claim_event(&self, event: &EventId, flight: &FlightId, state: &str) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let claim = EventClaim::of(state, None);
        records.event_claims.extend(claim.map(|claim| ((event.clone(), flight.clone()), claim)));
    }
}

impl EventClaimReader for MemoryStore {
    async fn event_claims(
        &self,
        events: &[(EventId, FlightId)],
    ) -> Result<HashMap<EventId, EventClaim>, StoreError> {
        let records = self.records()?;
        let found =
            events.iter().filter_map(|one| Some((one.0.clone(), *records.event_claims.get(one)?)));
        Ok(found.collect())
    }
}

impl FlightWriter for MemoryStore {
    async fn write_flight(&self, read: &Flight, changed: &Flight) -> Result<Written, StoreError> {
        let mut records = self.records()?;
        match records.flights.get_mut(&read.flight_id) {
            Some(flight) if flight.revision == read.revision => {
                let revision = read.revision + 1;
                *flight = Flight { revision, ..changed.clone() };
                Ok(Written::Yes)
            }
            _ => Ok(Written::Outdated),
        }
    }
}

impl QuietWriter for MemoryStore {
    async fn complete_quietly(
        &self,
        read: &Flight,
        changed: &Flight,
        events: &[(EventId, QuietOutcome)],
        _now: Timestamp,
    ) -> Result<Written, StoreError> {
        let mut records = self.records()?;
        let key = |event: &EventId| (event.clone(), read.flight_id.clone());
        let is_free = |event: &EventId| {
            let claim = records.event_claims.get(&key(event));
            claim.is_none_or(|claim| *claim == EventClaim::Released)
        };
        if !events.iter().all(|(event, _)| is_free(event)) {
            return Ok(Written::Outdated);
        }
        if changed != read {
            match records.flights.get_mut(&read.flight_id) {
                Some(flight) if flight.revision == read.revision => {
                    *flight = Flight { revision: read.revision + 1, ..changed.clone() };
                }
                _ => return Ok(Written::Outdated),
            }
        }
        let done = events.iter().map(|(event, why)| (key(event), EventClaim::DoneQuietly(*why)));
        records.event_claims.extend(done);
        Ok(Written::Yes)
    }
}

impl BookingWriter for MemoryStore {
    async fn set_booking_status(
        &self,
        booking: &Booking,
        status: BookingStatus,
        version: &FacetVersion,
    ) -> Result<BookingChanged, StoreError> {
        let mut records = self.records()?;
        let is_ours = |known: &&mut Booking| {
            known.flight_id == booking.flight_id
                && known.booking_status != BookingStatus::Cancelled
                && known.flight_status_version.as_ref().is_none_or(|known| known <= version)
        };
        match records.bookings.get_mut(&booking.booking_id).filter(is_ours) {
            Some(known) if known.booking_status != booking.booking_status => {
                Ok(BookingChanged::Outdated)
            }
            Some(known) => {
                known.booking_status = status;
                known.flight_status_version = Some(version.clone());
                known.rebooking_version = (status == BookingStatus::NeedsRebooking)
                    .then(|| known.rebooking_version.take().unwrap_or_else(|| version.clone()));
                Ok(BookingChanged::Yes)
            }
            None => Ok(BookingChanged::No),
        }
    }
}

impl SwitchReader for MemoryStore {
    async fn hold(&self) -> Result<Hold, StoreError> {
        Ok(self.records()?.hold.clone())
    }
}

impl SwitchWriter for MemoryStore {
    async fn turn(&self, hold: &Hold, action: &Action) -> Result<(), StoreError> {
        let mut records = self.records()?;
        records.hold = hold.clone();
        records.actions.insert(action.action_id.clone(), action.clone());
        Ok(())
    }
}

impl ActionLog for MemoryStore {
    async fn note(&self, action: &Action) -> Result<(), StoreError> {
        self.records()?.actions.insert(action.action_id.clone(), action.clone());
        Ok(())
    }

    async fn actions(&self, cursor: Option<&str>, limit: usize) -> Result<ActionPage, StoreError> {
        let records = self.records()?;
        let older = records.actions.iter().rev();
        let mut actions: Vec<_> = older
            .filter(|(id, _)| cursor.is_none_or(|before| id.as_str() < before))
            .map(|(_, action)| action.clone())
            .collect();
        actions.truncate(limit);
        let next = (actions.len() == limit)
            .then(|| actions.last().map(|action| action.action_id.clone()))
            .flatten();
        Ok(ActionPage { actions, next })
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
            if known.sent.is_some() {
                return Ok(Claimed::SentBefore);
            }
            if known.owner != owner && known.until >= now.as_second() {
                return Ok(Claimed::Others);
            }
        }
        let until = now.as_second() + CLAIM_SECONDS;
        let ours = Claim { owner: owner.to_owned(), sent: None, until };
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
            let sent = Some(reads::sent(claim, now));
            let marked = Claim { owner: owner.to_owned(), sent, until: now.as_second() };
            records.claims.insert(claim.notification_id.clone(), marked);
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

impl BulkWriter for MemoryStore {
    async fn put_records(&self, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            match record {
                Record::Flight(flight) => self.put_flight(flight).await?,
                Record::Passenger(passenger) => self.put_passenger(passenger).await?,
                Record::Booking(booking) => self.put_booking(booking).await?,
            }
        }
        Ok(())
    }
}

impl SeedingLog for MemoryStore {
    async fn note_seeding(&self, seeding: &Seeding) -> Result<(), StoreError> {
        self.records()?.seedings.insert(keys::seeding(seeding), seeding.clone());
        Ok(())
    }

    async fn seedings(&self) -> Result<Vec<Seeding>, StoreError> {
        Ok(self.records()?.seedings.values().cloned().collect())
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
