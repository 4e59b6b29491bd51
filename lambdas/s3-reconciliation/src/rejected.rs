//! Rows that were rejected, as files beside the report.

use crate::rows::Rejected;
use flightpulse_domain::reconciliation::{Attempt, RunId};
use flightpulse_export_rows::Place;
use flightpulse_exports::{ExportError, ReportWriter};
use serde_json::json;

/// Bytes of a file of rejected rows, about.
const BYTES: usize = 1 << 20;

/// The folder of what an attempt at a run rejected.
pub(crate) fn folder(run: &RunId, attempt: &Attempt) -> String {
    format!("rejected/{run}/{attempt}/")
}

/// Writes what is rejected of a part. The same part, read again, writes its files anew from the first
/// one on.
pub(crate) struct Rejects<'a, E> {
    exports: &'a E,
    folder: String,
    files: usize,
    lines: Vec<u8>,
}

impl<'a, E: ReportWriter> Rejects<'a, E> {
    pub(crate) fn new(exports: &'a E, run: &RunId, attempt: &Attempt, part: u32) -> Self {
        let folder = format!("{}part-{part:05}/", folder(run, attempt));
        Self { exports, folder, files: 0, lines: Vec::new() }
    }

    pub(crate) async fn add(&mut self, rejected: &Rejected) -> Result<(), ExportError> {
        let Rejected { place, reason, row } = rejected;
        let (name, at) = match place {
            Place::Row(at) => ("row", at),
            Place::Line(at) => ("line", at),
            Place::Byte(at) => ("byte", at),
        };
        let line = json!({name: at, "reason": reason, "content": row});
        self.lines.extend_from_slice(line.to_string().as_bytes());
        self.lines.push(b'\n');
        if self.lines.len() >= BYTES { self.end().await } else { Ok(()) }
    }

    /// Writes what is not written yet.
    pub(crate) async fn end(&mut self) -> Result<(), ExportError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let key = format!("{}{:05}.ndjson", self.folder, self.files);
        self.files += 1;
        self.exports.put(&key, "application/x-ndjson", std::mem::take(&mut self.lines)).await
    }
}
