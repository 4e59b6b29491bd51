//! A run's report, as files in the bucket.

use flightpulse_contracts::rest::reconciliations::ReconciliationView;
use flightpulse_domain::reconciliation::{Attempt, Discrepancy, PartReport, Run, RunId};
use flightpulse_exports::{ExportError, ReportWriter};
use serde::Serialize;

/// Bytes of a file of discrepancies, about.
const BYTES: usize = 4 << 20;

/// What is in `report.json`.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    run: ReconciliationView,
    /// What came of its parts.
    read: &'a [PartReport],
    /// The files with its discrepancies, each a line.
    discrepancy_files: &'a [String],
    /// The folder with what was rejected; none when nothing was.
    rejected_folder: Option<String>,
}

/// Writes the report of an attempt at a run. Written again, it takes the place of the former.
pub(crate) struct Reporter<'a, E> {
    exports: &'a E,
    folder: String,
    files: Vec<String>,
    lines: Vec<u8>,
}

impl<'a, E: ReportWriter> Reporter<'a, E> {
    pub(crate) fn new(exports: &'a E, run: &RunId, attempt: &Attempt) -> Self {
        let folder = format!("reports/{run}/{attempt}/");
        Self { exports, folder, files: Vec::new(), lines: Vec::new() }
    }

    pub(crate) async fn add(&mut self, found: &Discrepancy) -> Result<(), ExportError> {
        if serde_json::to_writer(&mut self.lines, found).is_ok() {
            self.lines.push(b'\n');
        }
        if self.lines.len() >= BYTES { self.end_file().await } else { Ok(()) }
    }

    async fn end_file(&mut self) -> Result<(), ExportError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let key = format!("{}discrepancies-{:05}.ndjson", self.folder, self.files.len());
        let lines = std::mem::take(&mut self.lines);
        self.exports.put(&key, "application/x-ndjson", lines).await?;
        self.files.push(key);
        Ok(())
    }

    /// Writes the report; answers its key, which the run has too.
    pub(crate) async fn end(
        mut self,
        run: &mut Run,
        read: &[PartReport],
    ) -> Result<(), ExportError> {
        self.end_file().await?;
        let key = format!("{}report.json", self.folder);
        run.report = Some(key.clone());
        let rejected = run.counts.rejected > 0;
        let report = Report {
            run: run.clone().into(),
            read,
            discrepancy_files: &self.files,
            rejected_folder: rejected.then(|| crate::rejected::folder(&run.run_id, &run.attempt)),
        };
        // A report has a form in JSON: its keys are texts.
        let content = serde_json::to_vec_pretty(&report).unwrap_or_default();
        self.exports.put(&key, "application/json", content).await
    }
}
