//! What is told of a history.

use super::executions::Ended;
use super::history::History;
use super::readers::Read;
use super::verdict::Verdict;
use crate::terminal::Paint;
use jiff::Timestamp;
use serde::Serialize;

/// Findings of one kind that are shown.
const SHOWN: usize = 5;

/// What came of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Report {
    pub(super) run: String,
    pub(super) flights: usize,
    pub(super) bookings: usize,
    /// Records that were written, of which so many were poison and so many came twice.
    pub(super) records: usize,
    pub(super) poison: usize,
    pub(super) twice: usize,
    /// Executions, of which so many failed and had to be sent again.
    pub(super) executions: usize,
    pub(super) failed: usize,
    /// Notifications, each once, and lines that repeat one under its id.
    pub(super) notifications: usize,
    pub(super) repeated_lines: usize,
    /// When the last message was logged.
    pub(super) last_message: Option<Timestamp>,
    pub(super) verdict: Verdict,
}

impl Report {
    /// Before there is a verdict.
    pub(super) fn of(history: &History, ended: &Ended, read: &Read) -> Self {
        let records = &history.script.records;
        let poison = records.iter().filter(|one| one.is_poison()).count();
        let valid: usize = history.script.said.iter().map(Vec::len).sum();
        Self {
            run: history.run.clone(),
            flights: history.flights.len(),
            bookings: history.bookings().count(),
            records: records.len(),
            poison,
            twice: records.len() - poison - valid,
            executions: ended.all,
            failed: ended.failed,
            notifications: read.messages,
            repeated_lines: read.repeated,
            last_message: Timestamp::from_millisecond(read.last_ms)
                .ok()
                .filter(|_| read.messages > 0),
            verdict: Verdict::default(),
        }
    }

    /// The report as lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let paint = Paint::for_stdout();
        let mut lines = vec![
            format!(
                "records     {}, of which {} poison and {} a second time; {} flights, {} bookings",
                self.records, self.poison, self.twice, self.flights, self.bookings
            ),
            format!("workflows   {} executions, {} failed for good", self.executions, self.failed),
            format!(
                "told        {} notifications; {} lines repeat one under its id",
                self.notifications, self.repeated_lines
            ),
        ];
        let verdict = &self.verdict;
        for (what, found) in [
            ("events lost", &verdict.lost),
            ("notifications missing", &verdict.missing),
            ("told twice under two ids", &verdict.doubled),
            ("notifications not expected", &verdict.unexpected),
            ("wrong flights", &verdict.wrong_flights),
            ("wrong bookings", &verdict.wrong_bookings),
            ("readers misled", &verdict.misled),
            ("poison lost", &verdict.poison_lost),
            ("dead letters that are no poison", &verdict.letters),
        ] {
            lines.push(format!("{:>6}      {what}", found.len()));
            lines.extend(found.iter().take(SHOWN).map(|one| format!("              {one}")));
        }
        lines.push(if verdict.is_good() {
            paint.good("PASSED      all is as the model has it")
        } else {
            paint.bad("FAILED      not all is as the model has it")
        });
        lines
    }
}
