//! What a load came to.

use crate::histogram::Summary;
use serde::Serialize;

/// What a load came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Report {
    /// What the ids of its events have in them.
    pub(super) run: String,
    /// Events a second that were asked for.
    pub(super) rate: u32,
    /// Events that the brokers have.
    pub(super) written: u64,
    /// From the first event to the last that the brokers have.
    pub(super) produce_seconds: f64,
    /// Events that the brokers have not taken.
    pub(super) failed: u64,
    /// Why the first of those was not.
    pub(super) failure: Option<String>,
    /// How long the brokers took for one.
    pub(super) latency: Summary,
    /// How the group read them; none where that was not waited for.
    pub(super) drain: Option<Drain>,
}

/// How the group read what was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Drain {
    /// From the last event that was written on.
    pub(super) seconds: f64,
    /// What was not read by the deadline.
    pub(super) left: i64,
}

impl Report {
    /// Of a run that has not begun.
    pub(super) fn new(run: &str, rate: u32) -> Self {
        Self { run: run.to_owned(), rate, ..Self::default() }
    }

    /// An event was not taken.
    pub(super) fn fail(&mut self, why: String) {
        self.failed += 1;
        self.failure.get_or_insert(why);
    }

    fn achieved(&self) -> f64 {
        // The first event is due at once, so n events are n - 1 intervals long.
        match self.written {
            0 | 1 => self.written as f64,
            many => (many - 1) as f64 / self.produce_seconds.max(0.001),
        }
    }

    /// The report as lines.
    pub(super) fn lines(&self, group: &str) -> Vec<String> {
        let Summary { p50_ms, p95_ms, p99_ms, max_ms } = self.latency;
        let (written, seconds, rate) = (self.written, self.produce_seconds, self.rate);
        let mut lines = vec![
            format!(
                "written: {written} events in {seconds:.1} s, {:.1} a second of {rate}",
                self.achieved()
            ),
            format!(
                "until the brokers had one: p50 {p50_ms:.1} ms, p95 {p95_ms:.1} ms, \
                 p99 {p99_ms:.1} ms, longest {max_ms:.1} ms"
            ),
        ];
        if self.failed > 0 {
            lines.push(format!("not taken: {}", self.failed));
        }
        match &self.drain {
            Some(Drain { seconds, left: 0 }) => {
                lines.push(format!("read by {group}: {seconds:.1} s after the last was written"));
            }
            Some(Drain { seconds, left }) => {
                lines.push(format!("not read by {group} after {seconds:.1} s: {left} events"));
            }
            None => lines.push(format!("whether {group} has read them was not waited for")),
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_like_this() {
        let mut report = Report {
            written: 501,
            produce_seconds: 10.0,
            latency: Summary { p50_ms: 6.21, p95_ms: 8.0, p99_ms: 11.5, max_ms: 20.04 },
            drain: Some(Drain { seconds: 3.42, left: 0 }),
            ..Report::new("ab12cd34", 50)
        };
        let read = report.lines("g").join("\n");
        report.drain = Some(Drain { seconds: 120.0, left: 7 });
        report.fail("the brokers are away".into());
        report.fail("again".into());
        let behind = report.lines("g").join("\n");
        report.drain = None;
        report.written = 0;
        let nothing = report.lines("g").join("\n");
        insta::assert_snapshot!([read, behind, nothing].join("\n\n"));
        assert_eq!(report.failure.as_deref(), Some("the brokers are away"));
    }
}
