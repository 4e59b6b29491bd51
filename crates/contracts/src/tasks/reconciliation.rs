//! What the reconciliation's workflow hands to its function, and what that answers.

use flightpulse_domain::reconciliation::{Attempt, ExportKind, RunId, Slice};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the function is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ReconciliationTask {
    /// Look at a file: what it is, and in which parts it is to be read.
    Plan {
        /// The bucket.
        bucket: String,
        /// The file's key.
        key: String,
        /// The execution: names the attempt.
        execution: String,
        /// When the execution began, UTC.
        started_at: Timestamp,
        /// The run. Of a new one the workflow has chosen the id, so that it knows it whatever becomes of
        /// the plan.
        run_id: RunId,
        /// Whether it is made again.
        again: bool,
    },
    /// Hold one part of a file against the table.
    Reconcile {
        /// The run.
        run_id: RunId,
        /// The attempt at it.
        attempt: Attempt,
        /// The file.
        file: PlannedFile,
        /// The part.
        part: PlannedPart,
    },
    /// A part failed for good: note why.
    NoteFailure {
        /// The run.
        run_id: RunId,
        /// The attempt at it.
        attempt: Attempt,
        /// The part.
        part: PlannedPart,
        /// An error's name and its cause, as the workflow has them.
        failure: String,
    },
    /// The run is over: add it up and report.
    Conclude {
        /// The run.
        run_id: RunId,
        /// The attempt at it.
        attempt: Attempt,
        /// Why it failed, when it did: an error's name and its cause, as the workflow has them, or a
        /// sentence of the plan.
        #[serde(default)]
        failure: Option<String>,
    },
}

/// A file, as it was when the run was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFile {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Its content, by S3's tag of it: another one is another file.
    pub etag: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is.
    pub kind: ExportKind,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// Which one, from 0.
    pub nth: u32,
    /// The slice of the file.
    pub slice: Slice,
}

/// What is to be done about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Whether it is a file of an export at all. What is none makes no run.
    pub concerned: bool,
    /// The run.
    pub run_id: RunId,
    /// The attempt at it.
    pub attempt: Attempt,
    /// The file; none when it could not be looked at.
    pub file: Option<PlannedFile>,
    /// Its parts. None where there is nothing to read: of a manifest, of what cannot be read.
    pub parts: Vec<PlannedPart>,
    /// Why it cannot be reconciled.
    pub failure: Option<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Concluded {
    /// Whether another attempt has planned the run since: that one ends it, and this one says nothing.
    pub superseded: bool,
    /// Whether all of the file was held against the table.
    pub completed: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Rows that were read.
    pub rows: u64,
    /// Of these, what could not be understood.
    pub rejected: u64,
    /// Reservations that were not in the table.
    pub missing: u64,
    /// Reservations that were other.
    pub different: u64,
    /// The key of the report.
    pub report: Option<String>,
}
