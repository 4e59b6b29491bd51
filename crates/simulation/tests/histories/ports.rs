//! The ports in memory, with chaos before every call.

use crate::history::Mutant;
use crate::passengers::Passengers;
use crate::world::{Claim, Claims, State};
use flightpulse_bus::{Event, EventPublisher, PublishError};
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_dead_letters::{DeadLetter, DeadLetters, NotKept};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{FacetVersions, Flight};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, PassengerId};
use flightpulse_domain::notice::Notice;
use flightpulse_simulation::Chaos;
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{
    BookingChanged, BookingPage, BookingReader, BookingRecord, BookingWriter, Claimed,
    FlightReader, FlightWriter, Hold, NotificationClaim, NotificationClaims, QuietWriter,
    StoreError, SwitchReader, Written,
};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The table.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) chaos: Chaos,
    pub(crate) store: MemoryStore,
    /// The workflows', which the store in memory does not know.
    pub(crate) claims: Claims,
    pub(crate) mutant: Mutant,
}

fn away() -> StoreError {
    StoreError::Unavailable("away".into())
}

impl Table {
    fn read(&self, mut flight: Flight) -> Flight {
        if self.mutant == Mutant::NoFacetVersions {
            flight.versions = FacetVersions::default();
        }
        flight
    }
}

impl FlightReader for Table {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        let found = self.chaos.call(away, self.store.flight(id)).await?;
        Ok(found.map(|flight| self.read(flight)))
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        let found = self.chaos.call(away, self.store.flights(ids)).await?;
        Ok(found.into_iter().map(|(id, flight)| (id, self.read(flight))).collect())
    }
}

impl FlightWriter for Table {
    async fn write_flight(&self, read: &Flight, changed: &Flight) -> Result<Written, StoreError> {
        self.chaos.call(away, self.store.write_flight(read, changed)).await
    }
}

impl QuietWriter for Table {
    async fn complete_quietly(
        &self,
        read: &Flight,
        changed: &Flight,
        events: &[(EventId, QuietOutcome)],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let key = |(event, _): &(EventId, _)| (event.to_string(), read.flight_id.to_string());
        let done = || Claim { state: State::Done, owner: "kafka-consumer".to_owned(), until: now };
        let write = async {
            let taken = |claim: Claim| claim.state != State::Released;
            if events.iter().any(|event| self.claims.of(&key(event)).is_some_and(taken)) {
                return Ok(Written::Outdated);
            }
            let written = match self.mutant {
                Mutant::QuietUnwritten => Written::Yes,
                Mutant::QuietUnconditional => {
                    let is = self.store.flight(&read.flight_id).await?.map(|is| is.revision);
                    let read = Flight { revision: is.unwrap_or(read.revision), ..read.clone() };
                    self.store.complete_quietly(&read, changed, events, now).await?
                }
                _ => self.store.complete_quietly(read, changed, events, now).await?,
            };
            if written == Written::Yes {
                self.claims
                    .with(|claims| claims.extend(events.iter().map(|one| (key(one), done()))));
            }
            Ok(written)
        };
        self.chaos.call(away, write).await
    }
}

impl BookingReader for Table {
    async fn bookings_of_flight(
        &self,
        id: &FlightId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<BookingPage, StoreError> {
        self.chaos.call(away, self.store.bookings_of_flight(id, cursor, limit)).await
    }

    async fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> Result<Vec<BookingRecord>, StoreError> {
        self.chaos.call(away, self.store.booking_records(ids)).await
    }
}

impl BookingWriter for Table {
    async fn set_booking_status(
        &self,
        booking: &Booking,
        status: BookingStatus,
        version: &FacetVersion,
    ) -> Result<BookingChanged, StoreError> {
        let call = self.store.set_booking_status(booking, status, version);
        self.chaos.call(away, call).await
    }
}

impl NotificationClaims for Table {
    async fn claim(
        &self,
        claim: &NotificationClaim,
        owner: &str,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        self.chaos.call(away, self.store.claim(claim, owner, now)).await
    }

    async fn mark_sent(
        &self,
        claims: &[NotificationClaim],
        owner: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.chaos.call(away, self.store.mark_sent(claims, owner, now)).await
    }
}

impl SwitchReader for Table {
    async fn hold(&self) -> Result<Hold, StoreError> {
        self.chaos.call(away, self.store.hold()).await
    }
}

/// The bus. Notifications reach their readers as they are published; flights' events wait until
/// the rules are asked.
#[derive(Clone)]
pub(crate) struct Bus {
    pub(crate) chaos: Chaos,
    pub(crate) mutant: Mutant,
    pub(crate) passengers: Passengers,
    /// Events that a rule starts a workflow for.
    pub(crate) inbox: Arc<Mutex<Vec<Event>>>,
    /// What is being told by the function that publishes, if any.
    pub(crate) telling: Option<Notice>,
}

/// Of ten thousand entries of a call that is good, how many are refused.
const FAILED_ENTRIES: u64 = 200;

impl Bus {
    fn take(&self, event: &Event) {
        if event.detail_type.starts_with("flight.") {
            self.inbox.lock().unwrap().push(event.clone());
        } else if event.detail_type.starts_with("notification.") {
            let told: NotificationEvent = serde_json::from_str(&event.detail).unwrap();
            let notice = self.telling.as_ref().expect("only the dispatcher tells");
            self.passengers.gets(told, notice);
        }
    }

    async fn entries(&self, events: &[Event]) -> Result<Vec<Result<(), PublishError>>, ()> {
        let entry = |event| {
            if self.chaos.mischief(FAILED_ENTRIES) {
                return Err(PublishError::Unavailable("throttled".into()));
            }
            self.take(event);
            Ok(())
        };
        Ok(events.iter().map(entry).collect())
    }
}

impl EventPublisher for Bus {
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), PublishError>> {
        let mut answers = Vec::with_capacity(events.len());
        for call in events.chunks(10) {
            // Nobody goes between the last look at the flight and this: a page that is held up in this
            // very call may be read after newer news (docs/RELIABILITY.md).
            match self.chaos.call_at_once(|| (), self.entries(call)).await {
                Ok(entries) => answers.extend(entries),
                Err(()) => answers
                    .extend(call.iter().map(|_| Err(PublishError::Unavailable("away".into())))),
            }
        }
        if self.mutant == Mutant::FailedEntriesIgnored {
            answers.iter_mut().for_each(|answer| *answer = Ok(()));
        }
        answers
    }
}

/// The queue of dead letters, as functions write to it.
#[derive(Clone)]
pub(crate) struct Letters {
    pub(crate) chaos: Chaos,
    pub(crate) kept: MemoryDeadLetters,
}

impl DeadLetters for Letters {
    async fn keep(&self, letters: &[DeadLetter]) -> Vec<Result<(), NotKept>> {
        let call = async { Ok::<_, ()>(self.kept.keep(letters).await) };
        match self.chaos.call(|| (), call).await {
            Ok(answers) => answers,
            Err(()) => letters.iter().map(|_| Err(NotKept("away".into()))).collect(),
        }
    }
}
