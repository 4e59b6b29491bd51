//! Events of which nobody need be told: they are done with here, flight by flight, and no workflow starts for them.
//!
//! It saves, and decides nothing of its own: the decision is the workflow's, on the flight as it was read for the batch,
//! and it counts when its write does, in one transaction with the events' claims. Whatever stands in the way
//! leaves the flight's events to their workflows, which would find the same or better.

use flightpulse_domain::disruption::{QuietFlight, QuietOutcome, Report};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_domain::inbound::OperationsEvent;
use flightpulse_store::{MOST_QUIET_EVENTS, QuietWriter, StoreError, Written};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Transactions under way at once.
const AT_ONCE: usize = 8;
/// How long new ones are begun: what is left then is for workflows, so that there is time to publish it all.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of events, by their places in the batch.
pub(crate) type Outcomes = HashMap<usize, QuietOutcome>;

/// Completes what it can of these events, which have their places in the batch and are in its order. `now`: the
/// invocation's time.
pub(crate) async fn complete<S: QuietWriter>(
    store: &S,
    events: &[(usize, OperationsEvent)],
    flights: &HashMap<FlightId, Flight>,
    now: Timestamp,
) -> Outcomes {
    // In the order of flights, so that a history is played again as it was.
    let mut quiet: BTreeMap<&FlightId, OfFlight<'_>> = BTreeMap::new();
    for (at, event) in events {
        let Some(read) = flights.get(&event.flight_id) else { continue };
        let of = quiet.entry(&event.flight_id).or_insert_with(|| OfFlight::new(read));
        if let Some(outcome) = of.flight.take(&Report::from(event)) {
            of.events.push((*at, &event.event_id, outcome));
        }
    }
    let writing = Writing { store, now, since: Instant::now(), away: AtomicBool::new(false) };
    let quiet = quiet.into_values().filter(|of| !of.events.is_empty());
    let done = quiet.map(|of| writing.complete(of));
    stream::iter(done).buffer_unordered(AT_ONCE).flat_map(stream::iter).collect().await
}

/// What is quiet of a flight's events.
struct OfFlight<'a> {
    flight: QuietFlight<'a>,
    events: Vec<(usize, &'a EventId, QuietOutcome)>,
}

impl<'a> OfFlight<'a> {
    fn new(read: &'a Flight) -> Self {
        Self { flight: QuietFlight::new(read), events: Vec::new() }
    }
}

/// The writes of one invocation.
struct Writing<'a, S> {
    store: &'a S,
    now: Timestamp,
    since: Instant,
    /// Whether the table has not answered or lets nobody write: no other flight need wait for it.
    away: AtomicBool,
}

impl<S: QuietWriter> Writing<'_, S> {
    /// Which of a flight's events are done, with what came of them.
    async fn complete(&self, of: OfFlight<'_>) -> Vec<(usize, QuietOutcome)> {
        let (mut read, changed) = of.flight.written();
        let mut ids = HashSet::new();
        let once = of.events.iter().filter(|(_, id, _)| ids.insert(*id));
        let once: Vec<_> = once.map(|(_, id, outcome)| ((*id).clone(), *outcome)).collect();
        let mut done = HashSet::new();
        for some in once.chunks(MOST_QUIET_EVENTS) {
            if self.away.load(Ordering::Relaxed) || self.since.elapsed() > PATIENCE {
                break;
            }
            match self.store.complete_quietly(read, &changed, some, self.now).await {
                Ok(Written::Yes) => done.extend(some.iter().map(|(id, _)| id)),
                Ok(Written::Outdated) => break,
                Err(error) => {
                    self.failed(&read.flight_id, &error);
                    break;
                }
            }
            read = &changed;
        }
        let events = of.events.iter().filter(|(_, id, _)| done.contains(id));
        events.map(|(at, _, outcome)| (*at, *outcome)).collect()
    }

    fn failed(&self, flight_id: &FlightId, error: &StoreError) {
        if error.is_transient() {
            tracing::warn!(%flight_id, %error, "events are left to their workflows");
        } else {
            tracing::error!(%flight_id, %error, "events are left to their workflows, and will be until someone mends it");
        }
        if error.is_transient() || matches!(error, StoreError::NotAllowed(_)) {
            self.away.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_store::RecordWriter;
    use flightpulse_store::conformance::flight;
    use flightpulse_store::memory::MemoryStore;

    #[tokio::test]
    async fn once_it_has_taken_long_no_more_are_begun() {
        let (store, now) = (MemoryStore::default(), Timestamp::UNIX_EPOCH);
        let read = flight("SW1");
        store.put_flight(&read).await.unwrap();
        let before = store.calls();
        for (gone, done) in [(PATIENCE + Duration::from_secs(1), 0), (Duration::ZERO, 1)] {
            let since = Instant::now().checked_sub(gone).unwrap();
            let writing = Writing { store: &store, now, since, away: AtomicBool::new(false) };
            let id = EventId::new("e1").unwrap();
            let events = vec![(7, &id, QuietOutcome::Superseded)];
            let of = OfFlight { flight: QuietFlight::new(&read), events };
            assert_eq!(writing.complete(of).await.len(), done);
            assert_eq!(store.calls() - before, done);
        }
    }
}
