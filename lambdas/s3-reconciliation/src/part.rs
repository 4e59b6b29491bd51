//! One part of a file, held against the table.

use crate::handler::{Bucket, Reconciliation, Table, decoded, of_bucket, of_store};
use crate::rejected::Rejects;
use crate::rows::{Bridge, Rejected, Told, Window, read};
use flightpulse_booking_intake::{Intake, Purpose};
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::tasks::reconciliation::{PlannedFile, PlannedPart};
use flightpulse_domain::reconciliation::{Attempt, Counts, PartReport, RunId};
use flightpulse_exports::StoredFile;
use flightpulse_lambda_kit::failure::Failure;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// Reservations that are written at once. Of other flights most likely, since an export is in no
/// order of flights; more would meet each other at the totals.
const AT_ONCE: usize = 8;

impl<S: Table, B: EventPublisher, E: Bucket> Reconciliation<S, B, E> {
    /// Reads a part and takes in what it tells. While a window is held against the table the next one
    /// is decoded.
    pub(crate) async fn reconcile(
        &self,
        run: &RunId,
        attempt: Attempt,
        file: PlannedFile,
        part: &PlannedPart,
    ) -> Result<PartReport, Failure> {
        let Some(format) = file.kind.format() else {
            return Err(Failure::InvalidInput("a manifest has no rows".to_owned()));
        };
        let PlannedFile { bucket, key, etag, size, .. } = file;
        let source = Bridge {
            exports: self.exports.clone(),
            file: StoredFile { bucket, key, size, etag },
            runtime: Handle::current(),
        };
        let (windows, mut next) = mpsc::channel(1);
        let (slice, now) = (part.slice.clone(), (self.clock)());
        let reading = spawn_blocking(move || read(&source, format, &slice, now, &windows));
        let mut rejects = Rejects::new(&self.exports, run, &attempt, part.nth);
        let mut counts = Counts::default();
        let mut taken = Ok(());
        while let Some(window) = next.recv().await {
            match self.take_in(run, window, &mut rejects).await {
                Ok(more) => counts = counts.plus(more),
                Err(failure) => {
                    taken = Err(failure);
                    break;
                }
            }
        }
        // The decoder ends with it: it must not go on beside the next attempt.
        drop(next);
        let read = decoded(reading.await);
        taken?;
        let failure = read?.err();
        rejects.end().await.map_err(of_bucket)?;
        let slice = part.slice.clone();
        let (nth, ended_at) = (part.nth, (self.clock)());
        let report = PartReport { attempt, nth, slice, counts, failure, ended_at };
        self.store.note_part(run, &report).await.map_err(of_store)?;
        Ok(report)
    }

    /// Notes why a part failed for good. What it took in until then is in the table, and not counted.
    pub(crate) async fn note_failure(
        &self,
        run: &RunId,
        attempt: Attempt,
        part: &PlannedPart,
        failure: String,
    ) -> Result<PartReport, Failure> {
        let report = PartReport {
            attempt,
            nth: part.nth,
            slice: part.slice.clone(),
            counts: Counts::default(),
            failure: Some(failure),
            ended_at: (self.clock)(),
        };
        self.store.note_part(run, &report).await.map_err(of_store)?;
        Ok(report)
    }

    async fn take_in(
        &self,
        run: &RunId,
        window: Window,
        rejects: &mut Rejects<'_, E>,
    ) -> Result<Counts, Failure> {
        let mut counts = window.counts;
        for rejected in &window.rejected {
            rejects.add(rejected).await.map_err(of_bucket)?;
        }
        let intake = Intake {
            store: &self.store,
            bus: &self.bus,
            clock: self.clock,
            purpose: Purpose::Reconcile(run),
            at_once: AT_ONCE,
        };
        let mut again = 0;
        for settled in intake.settle(window.heard).await {
            again += settled.again.len();
            for (Told { place, .. }, reason) in settled.refused {
                counts.booking_events -= 1;
                counts.rejected += 1;
                let rejected = Rejected { place, reason, row: None };
                rejects.add(&rejected).await.map_err(of_bucket)?;
            }
        }
        if again > 0 {
            let what = format!("{again} events could not be written, or not be read of");
            return Err(Failure::Unavailable(what));
        }
        Ok(counts)
    }
}
