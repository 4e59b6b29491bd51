//! Events of which nobody need be told: they are done with here, flight by flight, and no workflow starts for them.
//!
//! It saves, and decides nothing of its own: the decision is the workflow's, on the flight as it was read for the batch,
//! and it counts when its write does, in one transaction with the events' claims. Whatever stands in the way
//! leaves the flight's events to their workflows, which would find the same or better.

use flightpulse_domain::disruption::{QuietOutcome, Report, decide_quietly};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_domain::inbound::OperationsEvent;
use flightpulse_store::{MOST_QUIET_EVENTS, QuietWriter, Written};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

/// Transactions under way at once.
const AT_ONCE: usize = 8;

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
    let mut quiet: HashMap<&FlightId, OfFlight<'_>> = HashMap::new();
    for (at, event) in events {
        let Some(read) = flights.get(&event.flight_id) else { continue };
        let before = quiet.get(&event.flight_id).and_then(|of| of.changed.as_deref());
        let Some(decided) = decide_quietly(before.unwrap_or(read), &Report::from(event)) else {
            continue;
        };
        let of = quiet.entry(&event.flight_id).or_insert_with(|| OfFlight::new(read));
        of.changed = decided.flight.or(of.changed.take());
        of.events.push((*at, &event.event_id, decided.outcome));
    }
    let away = AtomicBool::new(false);
    let done = quiet.into_values().map(|of| of.complete(store, now, &away));
    stream::iter(done).buffer_unordered(AT_ONCE).flat_map(stream::iter).collect().await
}

/// What is quiet of a flight's events.
struct OfFlight<'a> {
    read: &'a Flight,
    /// The flight as these events leave it; none while they leave it as it was read.
    changed: Option<Box<Flight>>,
    events: Vec<(usize, &'a EventId, QuietOutcome)>,
}

impl<'a> OfFlight<'a> {
    fn new(read: &'a Flight) -> Self {
        Self { read, changed: None, events: Vec::new() }
    }

    /// Which of them are done. Once the table has not answered, nobody else waits for it: `away`.
    async fn complete<S: QuietWriter>(
        self,
        store: &S,
        now: Timestamp,
        away: &AtomicBool,
    ) -> Vec<(usize, QuietOutcome)> {
        // However many events change it, it is written once.
        let changed =
            self.changed.map(|changed| Flight { revision: self.read.revision + 1, ..*changed });
        let changed = changed.as_ref().unwrap_or(self.read);
        let mut ids = HashSet::new();
        let once = self.events.iter().filter(|(_, id, _)| ids.insert(*id));
        let once: Vec<_> = once.map(|(_, id, outcome)| ((*id).clone(), *outcome)).collect();
        let (mut read, mut done) = (self.read, HashSet::new());
        for some in once.chunks(MOST_QUIET_EVENTS) {
            if away.load(Ordering::Relaxed) {
                break;
            }
            match store.complete_quietly(read, changed, some, now).await {
                Ok(Written::Yes) => done.extend(some.iter().map(|(id, _)| id)),
                Ok(Written::Outdated) => break,
                Err(error) => {
                    away.store(true, Ordering::Relaxed);
                    let flight_id = &self.read.flight_id;
                    tracing::warn!(%flight_id, %error, "events are left to their workflows");
                    break;
                }
            }
            read = changed;
        }
        let events = self.events.into_iter().filter(|(_, id, _)| done.contains(id));
        events.map(|(at, _, outcome)| (at, outcome)).collect()
    }
}
