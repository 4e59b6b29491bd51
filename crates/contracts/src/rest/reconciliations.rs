//! Reconciliations, as the API shows them.

use flightpulse_domain::reconciliation::{Counts, ExportKind, Run, RunId, RunStatus};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A run: one file of an export, held against the table. What is not known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Reconciliation")]
pub struct ReconciliationView {
    /// The run.
    pub reconciliation_id: RunId,
    /// How far it came.
    pub status: RunStatus,
    /// Why it failed.
    pub reason: Option<String>,
    /// The bucket of the file.
    pub bucket: String,
    /// The file's key.
    pub key: String,
    /// What the file is.
    pub kind: Option<ExportKind>,
    /// The file's size in bytes.
    pub size: Option<u64>,
    /// The dataset, where the file's key tells.
    pub dataset_id: Option<String>,
    /// When the file was exported, UTC, where its key tells.
    pub exported_at: Option<Timestamp>,
    /// When the run began, UTC.
    pub started_at: Timestamp,
    /// When it ended, UTC.
    pub ended_at: Option<Timestamp>,
    /// In how many parts the file is read.
    pub parts: u32,
    /// What was read.
    #[serde(flatten)]
    pub counts: Counts,
    /// Reservations that were not as the export says: the sum of the next two.
    pub discrepancies: u64,
    /// Reservations that were not in the table, and now are.
    pub missing: u64,
    /// Reservations that were other in the table, and now are as the export says.
    pub different: u64,
    /// The key of its report in the bucket of exports.
    pub report: Option<String>,
}

impl From<Run> for ReconciliationView {
    fn from(run: Run) -> Self {
        Self {
            discrepancies: run.discrepancies(),
            reconciliation_id: run.run_id,
            status: run.status,
            reason: run.reason,
            bucket: run.bucket,
            key: run.key,
            kind: run.kind,
            size: run.size,
            dataset_id: run.dataset_id,
            exported_at: run.exported_at,
            started_at: run.started_at,
            ended_at: run.ended_at,
            parts: run.parts,
            counts: run.counts,
            missing: run.missing,
            different: run.different,
            report: run.report,
        }
    }
}

/// Runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ReconciliationList")]
pub struct ReconciliationList {
    /// The runs.
    pub reconciliations: Vec<ReconciliationView>,
    /// How many these are.
    pub count: usize,
    /// The cursor of the next page; null after the last.
    pub next: Option<String>,
}

impl ReconciliationList {
    /// A page of runs.
    #[must_use]
    pub fn new(runs: Vec<Run>, next: Option<String>) -> Self {
        let reconciliations: Vec<_> = runs.into_iter().map(ReconciliationView::from).collect();
        Self { count: reconciliations.len(), reconciliations, next }
    }
}
