//! A file of an export, and the tasks by which it is reconciled.

use super::BUCKET;
use crate::function::Function;
use crate::stub::Stub;
use anyhow::{Context, bail};
use bytes::Bytes;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// The run that all tasks are of.
const RUN: &str = "20261201T000000Z-00000001";

/// A file, as our function has planned it.
pub(super) struct Planned {
    attempt: Value,
    file: Value,
    parts: Vec<Value>,
}

/// What came of a file.
pub(super) struct Done {
    /// The answers to its parts.
    pub(super) answers: Vec<Value>,
    /// The time of all invocations.
    pub(super) took: Duration,
    pub(super) rows: u64,
}

impl Planned {
    /// Puts a file into the bucket, and has ours plan it.
    ///
    /// # Errors
    /// When it cannot be read here, or is none that can be reconciled.
    pub(super) async fn by(function: &Function, stub: &Stub, file: &Path) -> anyhow::Result<Self> {
        let content = std::fs::read(file).with_context(|| file.display().to_string())?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let key = format!("exports/bench/{name}");
        stub.files.put(&format!("/{BUCKET}/{key}"), Bytes::from(content));
        let task = json!({
            "action": "plan", "bucket": BUCKET, "key": key, "execution": "bench",
            "started_at": "2026-12-01T00:00:00Z", "run_id": RUN, "again": false,
        });
        let (answer, _) = function.runtime.invoke(Bytes::from(task.to_string())).await?;
        let planned: Value = serde_json::from_slice(&answer)?;
        let (attempt, file) = (planned["attempt"].clone(), planned["file"].clone());
        match planned["parts"].as_array() {
            Some(parts) if !parts.is_empty() => Ok(Self { attempt, file, parts: parts.clone() }),
            _ => bail!("it cannot be reconciled: {planned}"),
        }
    }

    /// In how many parts it is read.
    pub(super) fn parts(&self) -> usize {
        self.parts.len()
    }

    fn task(&self, part: &Value) -> Bytes {
        let task = json!({
            "action": "reconcile", "run_id": RUN, "attempt": self.attempt, "file": self.file, "part": part,
        });
        Bytes::from(task.to_string())
    }

    /// A part without any rows: its footer is read and that it ended is noted, as of all others.
    pub(super) fn of_no_rows(&self) -> Bytes {
        let slice = json!({"of": "row_groups", "from": 0, "to": 0, "first_row": 0});
        self.task(&json!({"nth": 0, "slice": slice}))
    }

    /// Has a function reconcile it, one part after the other.
    ///
    /// # Errors
    /// When a part is not read to its end.
    pub(super) async fn reconciled(&self, function: &Function) -> anyhow::Result<Done> {
        let mut done = Done { answers: Vec::new(), took: Duration::ZERO, rows: 0 };
        for part in &self.parts {
            let (answer, took) = function.runtime.invoke(self.task(part)).await?;
            let answer: Value = serde_json::from_slice(&answer)?;
            if !answer["failure"].is_null() {
                bail!("a part was not read to its end: {answer}");
            }
            done.took += took;
            done.rows += answer["rows"].as_u64().context("an answer without rows")?;
            done.answers.push(answer);
        }
        Ok(done)
    }
}
