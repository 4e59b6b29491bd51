//! The ports to what reconciliations have found.

use crate::{Page, StoreError, Written};
use flightpulse_domain::reconciliation::{Attempt, Discrepancy, PartReport, Run, RunId};
use std::future::Future;

/// How long a run can be read, in seconds: 400 days, so that a year can be looked back on.
pub const RUN_RETENTION_SECONDS: i64 = 400 * 24 * 3_600;
/// How long the parts and the discrepancies of a run are in the table, in seconds: 35 days. They are
/// in the run's report too.
pub const DISCREPANCY_RETENTION_SECONDS: i64 = 35 * 24 * 3_600;
/// In how many partitions the discrepancies of a run are. One takes 1,000 writes a second, some 250
/// discrepancies; a first export, of which all is missing, has as many of them as rows.
pub const DISCREPANCY_SHARDS: u32 = 8;

/// Reads runs.
pub trait ReconciliationReader: Send + Sync {
    /// One run; none when it is not in the table.
    fn run(&self, id: &RunId) -> impl Future<Output = Result<Option<Run>, StoreError>> + Send;

    /// Up to `limit` runs, newest first, after a position. One that cannot be read is left out.
    fn runs(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<Run>, StoreError>> + Send;
}

/// Keeps runs. A discrepancy is kept by whoever writes its reservation
/// ([`crate::ReservationWriter`]), in the same transaction.
pub trait ReconciliationLog: ReconciliationReader {
    /// Notes a run that was planned on what was `read` of it, or as a new one; refused when it was noted
    /// since. A plan that comes late must not undo an end.
    fn plan_run(
        &self,
        read: Option<&Run>,
        run: &Run,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;

    /// Notes the end of a run; refused when another attempt has planned it since.
    fn end_run(&self, run: &Run) -> impl Future<Output = Result<Written, StoreError>> + Send;

    /// Notes what came of a part of a run, in place of what the same attempt noted of it.
    fn note_part(
        &self,
        run: &RunId,
        part: &PartReport,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What came of the parts of an attempt at a run, as far as they have ended, in their order.
    fn parts(
        &self,
        run: &RunId,
        attempt: &Attempt,
    ) -> impl Future<Output = Result<Vec<PartReport>, StoreError>> + Send;

    /// Discrepancies of a run in one of the [`DISCREPANCY_SHARDS`], by their reservations and in the
    /// order in which these were written, after a position. As many as come in one call.
    fn discrepancies(
        &self,
        run: &RunId,
        shard: u32,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<Discrepancy>, StoreError>> + Send;
}
