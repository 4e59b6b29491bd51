//! A run: one file of an export, held against the table.

use super::export::ExportKind;
use super::ids::{Attempt, RunId};
use super::slices::Slice;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// It is under way. One that stays so was cut short.
    Running,
    /// All of the file was held against the table.
    Completed,
    /// Some of it was not, and why is in the reason. What it changed until then is in its report.
    Failed,
}

/// What was read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(default)]
pub struct Counts {
    /// Rows, all of them.
    pub rows: u64,
    /// Of these, events of bookings.
    pub booking_events: u64,
    /// Of these, events about something else.
    pub ignored: u64,
    /// Of what was ignored, rows that do not even say what they are about.
    pub untyped: u64,
    /// Of these, what could not be understood, or not be written.
    pub rejected: u64,
}

impl Counts {
    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            booking_events: self.booking_events + other.booking_events,
            ignored: self.ignored + other.ignored,
            untyped: self.untyped + other.untyped,
            rejected: self.rejected + other.rejected,
        }
    }
}

/// What came of a part of a run: of one slice of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartReport {
    /// The attempt that read it.
    pub attempt: Attempt,
    /// Which part, from 0.
    pub nth: u32,
    /// The slice of the file.
    pub slice: Slice,
    /// What was read of it.
    #[serde(flatten)]
    pub counts: Counts,
    /// Why not all of it was; none when all was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it ended, UTC.
    pub ended_at: Timestamp,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub run_id: RunId,
    /// How far it came.
    pub status: RunStatus,
    /// The bucket of the file.
    pub bucket: String,
    /// The file's key.
    pub key: String,
    /// What the file is; none where it is in no format that is read, or could not be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ExportKind>,
    /// The file's size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The dataset, where the file's key tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<String>,
    /// When the file was exported, UTC, where its key tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported_at: Option<Timestamp>,
    /// When the run began, UTC.
    pub started_at: Timestamp,
    /// The attempt that planned it last: it alone ends the run.
    pub attempt: Attempt,
    /// When it ended, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// In how many parts the file is read.
    #[serde(default)]
    pub parts: u32,
    /// What was read.
    #[serde(default)]
    pub counts: Counts,
    /// Reservations that were not in the table, and now are.
    #[serde(default)]
    pub missing: u64,
    /// Reservations that were other in the table, and now are as the export says.
    #[serde(default)]
    pub different: u64,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The key of its report, once it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

impl Run {
    /// Why the rows as a whole are not what an export has, by what was read of them; none when they
    /// are.
    #[must_use]
    pub fn implausible(counts: &Counts) -> Option<String> {
        let rows = counts.rows;
        if rows > 0 && counts.untyped == rows {
            let what = format!("none of its {rows} rows has an eventType");
            return Some(format!("{what}: it is no export of experience events"));
        }
        if rows > 0 && counts.rejected == rows {
            let what = format!("none of its {rows} rows can be understood");
            return Some(what);
        }
        None
    }

    /// Reservations that were not as the export says.
    #[must_use]
    pub fn discrepancies(&self) -> u64 {
        self.missing + self.different
    }
}
