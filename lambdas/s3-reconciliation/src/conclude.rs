//! The end of a run: what it read and found, added up and reported.

use crate::handler::{Bucket, Reconciliation, Table, of_bucket, of_store};
use crate::report::Reporter;
use flightpulse_booking_intake::ask_for_rebooking;
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::names::SOURCE_RECONCILIATION;
use flightpulse_contracts::tasks::reconciliation::Concluded;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reconciliation::{
    Attempt, Counts, Discrepancy, PartReport, Run, RunId, RunStatus, Slice, Sum,
};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::{DISCREPANCY_SHARDS, Written};
use std::collections::BTreeSet;

const FUNCTION: &str = "FlightPulse-S3Reconciliation";
/// Seats that are asked other flights for at once.
const SEATS_PER_CALL: usize = 50;
/// Parts whose faults are named.
const MOST_NAMED: usize = 3;

impl<S: Table, B: EventPublisher, E: Bucket> Reconciliation<S, B, E> {
    /// Ends a run: its discrepancies are counted from what was kept with each write, so that they
    /// are right however often its parts were tried. Whoever is stranded by what it wrote is asked
    /// another flight for here, which is tried until it succeeds. An attempt that was superseded
    /// leaves the run to the one that has planned it since.
    pub(crate) async fn conclude(
        &self,
        run_id: &RunId,
        attempt: &Attempt,
        failure: Option<String>,
    ) -> Result<Concluded, Failure> {
        let known = self.store.run(run_id).await.map_err(of_store)?;
        let Some(known) = known else {
            return Err(Failure::InvalidInput(format!("there is no run {run_id}")));
        };
        if known.attempt != *attempt {
            return Ok(superseded());
        }
        let parts = self.store.parts(run_id, attempt).await.map_err(of_store)?;
        let mut report = Reporter::new(&self.exports, run_id, attempt);
        let found = self.gather(run_id, &mut report).await?;
        let counts = parts.iter().fold(Counts::default(), |sum, part| sum.plus(part.counts));
        let reason = reason(failure, &known, &parts, &counts);
        let mut run = Run {
            status: if reason.is_none() { RunStatus::Completed } else { RunStatus::Failed },
            counts,
            missing: found.missing,
            different: found.different,
            reason,
            ended_at: Some((self.clock)()),
            ..known.clone()
        };
        report.end(&mut run, &parts).await.map_err(of_bucket)?;
        // Counted before it is noted: of an alarm twice is better than never.
        self.count(&known, &run);
        if self.store.end_run(&run).await.map_err(of_store)? == Written::Outdated {
            return Ok(superseded());
        }
        Ok(Concluded {
            superseded: false,
            completed: run.status == RunStatus::Completed,
            reason: run.reason,
            rows: run.counts.rows,
            rejected: run.counts.rejected,
            missing: run.missing,
            different: run.different,
            report: run.report,
        })
    }

    /// Reads all discrepancies of a run into its report.
    async fn gather(&self, run: &RunId, report: &mut Reporter<'_, E>) -> Result<Sum, Failure> {
        let mut sum = Sum::default();
        for shard in 0..DISCREPANCY_SHARDS {
            let mut after: Option<String> = None;
            loop {
                let page = self.store.discrepancies(run, shard, after.as_deref()).await;
                let page = page.map_err(of_store)?;
                for found in &page.items {
                    sum.add(found);
                    report.add(found).await.map_err(of_bucket)?;
                }
                self.ask(&page.items).await?;
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(sum)
    }

    async fn ask(&self, found: &[Discrepancy]) -> Result<(), Failure> {
        let stranded: BTreeSet<(Pnr, FlightId)> = found
            .iter()
            .flat_map(|one| one.stranded.iter().map(|flight| (one.pnr.clone(), flight.clone())))
            .collect();
        let stranded: Vec<_> = stranded.into_iter().collect();
        for seats in stranded.chunks(SEATS_PER_CALL) {
            let flights: Vec<_> = seats.iter().map(|(_, flight)| flight.clone()).collect();
            let flights = self.store.flights(&flights).await.map_err(of_store)?;
            let seats = seats.iter().cloned();
            let source = SOURCE_RECONCILIATION;
            ask_for_rebooking(&self.store, &self.bus, source, seats, &flights)
                .await
                .map_err(|error| Failure::of_call(&error, error.is_transient()))?;
        }
        Ok(())
    }

    /// Counts what this end adds to what an earlier end of the same run has counted.
    fn count(&self, known: &Run, run: &Run) {
        let more = |now: u64, before: u64| {
            usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX)
        };
        let counts = [
            (Metric::ReconciliationRows, more(run.counts.rows, known.counts.rows)),
            (Metric::ReconciliationRejected, more(run.counts.rejected, known.counts.rejected)),
            (Metric::ReconciliationRecovered, more(run.missing, known.missing)),
            (Metric::ReconciliationDiscrepancies, more(run.discrepancies(), known.discrepancies())),
        ];
        metrics::emit(FUNCTION, (self.clock)().as_millisecond(), &counts);
    }
}

/// What is said of a run that another attempt ends.
fn superseded() -> Concluded {
    Concluded { superseded: true, ..Concluded::default() }
}

/// Why a run failed; none when it did not.
fn reason(
    failure: Option<String>,
    run: &Run,
    parts: &[PartReport],
    counts: &Counts,
) -> Option<String> {
    let faults: Vec<_> =
        parts.iter().filter_map(|part| Some(fault(part, run, part.failure.as_deref()?))).collect();
    let named = faults.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    let of_parts = match faults.len().saturating_sub(MOST_NAMED) {
        _ if faults.is_empty() => None,
        0 => Some(named),
        more => Some(format!("{named}; and {more} parts more")),
    };
    let ended = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let cut_short =
        || (ended < run.parts).then(|| format!("{ended} of its {} parts have ended", run.parts));
    match (failure, of_parts) {
        (Some(failure), Some(of_parts)) => Some(format!("{failure}; {of_parts}")),
        (failure, of_parts) => failure.or(of_parts),
    }
    .or_else(cut_short)
    .or_else(|| Run::implausible(counts))
}

fn fault(part: &PartReport, run: &Run, why: &str) -> String {
    match &part.slice {
        _ if run.parts == 1 => why.to_owned(),
        Slice::RowGroups { from, to, .. } => {
            format!("row groups {from} to {}: {why}", to.saturating_sub(1))
        }
        Slice::Bytes { from, to } => format!("bytes {from} to {to}: {why}"),
        Slice::Whole => why.to_owned(),
    }
}
