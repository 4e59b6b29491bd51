//! What came of a batch, and its metrics.

use crate::heard::Heard;
use flightpulse_booking_intake::Settled;
use flightpulse_dead_letters::DeadLetter;
use flightpulse_lambda_kit::metrics::{self, Metric};
use jiff::Timestamp;
use std::collections::BTreeSet;

const FUNCTION: &str = "FlightPulse-BookingWorker";

/// What came of a batch.
#[derive(Default)]
pub(crate) struct Outcome {
    /// What goes to the dead letters, with the number of its message.
    pub(crate) letters: Vec<(usize, DeadLetter)>,
    /// Messages that come again.
    pub(crate) again: BTreeSet<usize>,
    pub(crate) processed: usize,
    pub(crate) ignored: usize,
    pub(crate) created: usize,
    pub(crate) updated: usize,
    /// Milliseconds from the webhook to the written reservation, for each event that was new.
    pub(crate) latencies: Vec<u64>,
}

impl Outcome {
    /// What came of events of one reservation. `now` is the time of the batch.
    pub(crate) fn add(&mut self, settled: Settled<Heard<'_>>, now: Timestamp) {
        self.processed += settled.taken.len();
        if let Some((change, at)) = &settled.written {
            self.created += change.created.len();
            self.updated += change.updated.len();
            self.latencies.extend(settled.taken.iter().map(|heard| {
                let took = at.duration_since(heard.origin.received_at);
                u64::try_from(took.as_millis()).unwrap_or_default()
            }));
        }
        let letter = |(heard, reason): (Heard<'_>, String)| {
            (heard.origin.message, heard.origin.letter(reason, now))
        };
        self.letters.extend(settled.refused.into_iter().map(letter));
        self.again.extend(settled.again.iter().map(|heard| heard.origin.message));
    }

    /// Counts what came of the batch.
    pub(crate) fn report(&self, now: Timestamp) {
        let counts = [
            (Metric::AepEventsProcessed, self.processed),
            (Metric::AepEventsFailed, self.letters.len()),
            (Metric::AepEventsIgnored, self.ignored),
            (Metric::FlightopsRecordsCreated, self.created),
            (Metric::FlightopsRecordsUpdated, self.updated),
        ];
        metrics::emit(FUNCTION, now.as_millisecond(), &counts);
        metrics::emit_latencies(FUNCTION, now.as_millisecond(), &self.latencies);
    }
}
