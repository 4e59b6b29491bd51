//! What sending came to.

use super::delivery::Counts;
use super::verify::{Letters, Records};
use super::webhook::Again;
use crate::histogram::Summary;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the document asks for, from the event to the readable record.
const ASKED_FOR: &str = "under a second";

/// What sending came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    /// What its record locators begin with.
    pub(crate) run: String,
    pub(crate) seed: u32,
    pub(crate) scheme: &'static str,
    pub(crate) bookings: u32,
    pub(crate) flights: u32,
    /// Bookings of which all was sent at least once.
    pub(crate) booked: u32,
    pub(crate) sent: Counts,
    /// Requests that were acknowledged.
    pub(crate) requests: u64,
    /// From the first request to the last acknowledgement.
    pub(crate) seconds: f64,
    /// How long an acknowledgement took.
    pub(crate) acknowledged: Summary,
    pub(crate) again: Again,
    /// Requests that had to be refused, by what was wrong with them: sent, and refused with a 401.
    pub(crate) refused: BTreeMap<&'static str, (u64, u64)>,
    /// Bookings of refused requests that are there all the same.
    pub(crate) believed: u64,
    pub(crate) readable: Sample,
    /// From the last acknowledgement until all was to be read; none when it was not by the deadline.
    pub(crate) settled_seconds: Option<f64>,
    pub(crate) records: Records,
    /// Flights with bookings, and those of them whose totals are as they must be.
    pub(crate) totals: (u64, u64),
    pub(crate) dead_letters: Letters,
    /// Messages that the worker did not finish and that lie in its queue's dead letters: more than
    /// before.
    pub(crate) given_up: u64,
    /// What is not as it must be, in words, the first of it.
    pub(crate) faults: Vec<String>,
    pub(crate) passed: bool,
}

/// From acknowledged to readable, of some bookings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Sample {
    pub(crate) count: u64,
    /// Those that were not to be read by the deadline.
    pub(crate) left: u64,
    pub(crate) times: Summary,
}

impl Report {
    /// Whether all is as it must be.
    pub(crate) fn verdict(&self) -> bool {
        let Records { expected, exact, unexpected, .. } = self.records;
        let letters = self.dead_letters;
        expected == exact
            && unexpected == 0
            && self.totals.0 == self.totals.1
            && letters.expected == letters.exact
            && letters.wrong == 0
            && self.believed == 0
            && self.given_up == 0
            && self.readable.left == 0
            && self.refused.values().all(|(sent, refused)| sent == refused)
    }

    fn rate(&self, count: u64) -> f64 {
        count as f64 / self.seconds.max(0.001)
    }

    /// The report as lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Counts { events, duplicates, out_of_order, corrupt, lost } = self.sent;
        let never = if lost > 0 { format!(", {lost} more never sent") } else { String::new() };
        let mut lines = vec![
            format!(
                "acknowledged: {} bookings, {events} events ({duplicates} twice, {out_of_order} \
                 late, {corrupt} spoilt{never}) in {} requests",
                self.booked, self.requests
            ),
            format!(
                "in {:.1} s: {:.0} bookings, {:.0} events a second",
                self.seconds,
                self.rate(self.booked.into()),
                self.rate(events)
            ),
            format!("until one was acknowledged: {}", times(&self.acknowledged)),
        ];
        let Again { throttled, unavailable, failed } = self.again;
        if throttled + unavailable + failed > 0 {
            let other = format!("other failures {failed}");
            lines.push(format!("sent again: 429 {throttled}, 503 {unavailable}, {other}"));
        }
        if !self.refused.is_empty() {
            let kinds = self.refused.iter().map(|(how, (sent, refused))| match sent == refused {
                true => format!("{how} {sent}"),
                false => format!("{how} {refused} of {sent}"),
            });
            lines
                .push(format!("refused as they must be: {}", kinds.collect::<Vec<_>>().join(", ")));
        }
        let Sample { count, left, times: sample } = &self.readable;
        lines.push(format!(
            "from acknowledged to readable, {count} bookings: {} (asked for: {ASKED_FOR})",
            times(sample)
        ));
        if *left > 0 {
            lines.push(format!("not readable by the deadline: {left} of those"));
        }
        lines.push(match self.settled_seconds {
            Some(seconds) => format!("all readable: {seconds:.1} s after the last acknowledgement"),
            None => "not all readable by the deadline".to_owned(),
        });
        let Records { expected, exact, missing, wrong, unexpected, .. } = self.records;
        lines.push(format!(
            "records: {exact} of {expected} exact, {missing} missing, {wrong} wrong, \
             {unexpected} too many"
        ));
        let (flights, exact) = self.totals;
        lines.push(format!("totals: {exact} of {flights} flights exact"));
        let Letters { expected, exact, missing, wrong } = self.dead_letters;
        lines.push(format!(
            "dead letters: {exact} of {expected} exact, {missing} missing, {wrong} wrong; messages \
             given up: {}",
            self.given_up
        ));
        lines.extend(self.faults.iter().map(|fault| format!("  {fault}")));
        if lost > 0 {
            lines.push("what was lost comes by `aep export --sent --wait`".to_owned());
        }
        lines.push(if self.passed { "passed" } else { "FAILED" }.to_owned());
        lines
    }
}

fn times(Summary { p50_ms, p95_ms, p99_ms, max_ms }: &Summary) -> String {
    format!("p50 {p50_ms:.0} ms, p95 {p95_ms:.0} ms, p99 {p99_ms:.0} ms, longest {max_ms:.0} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Report {
        let times = Summary { p50_ms: 21.4, p95_ms: 40.0, p99_ms: 88.8, max_ms: 120.2 };
        let mut report = Report {
            run: "AB2CD".into(),
            seed: 1,
            scheme: "flightpulse",
            bookings: 1_000,
            flights: 12,
            booked: 1_000,
            sent: Counts { events: 1_486, duplicates: 69, out_of_order: 137, corrupt: 27, lost: 0 },
            requests: 30,
            seconds: 2.5,
            acknowledged: times,
            refused: BTreeMap::from([("forged", (2, 2)), ("expired", (1, 1))]),
            readable: Sample { count: 334, left: 0, times },
            settled_seconds: Some(1.25),
            records: Records { expected: 1_189, exact: 1_189, ..Records::default() },
            totals: (12, 12),
            dead_letters: Letters { expected: 27, exact: 27, ..Letters::default() },
            ..Report::default()
        };
        report.passed = report.verdict();
        report
    }

    fn bad() -> Report {
        let mut report = Report {
            again: Again { throttled: 3, unavailable: 1, failed: 0 },
            refused: BTreeMap::from([("forged", (2, 1))]),
            readable: Sample { left: 4, ..good().readable },
            settled_seconds: None,
            records: Records {
                expected: 1_189,
                exact: 1_180,
                missing: 7,
                wrong: 2,
                unexpected: 1,
                recovered: 0,
            },
            totals: (12, 9),
            dead_letters: Letters { expected: 27, exact: 25, missing: 1, wrong: 1 },
            given_up: 2,
            sent: Counts { lost: 74, ..good().sent },
            faults: vec!["TL100-2026-12-15-DEL: its totals are wrong".into()],
            ..good()
        };
        report.passed = report.verdict();
        report
    }

    #[test]
    fn a_report_reads_like_this() {
        let shown = [good(), bad()].map(|report| report.lines().join("\n")).join("\n\n");
        insta::assert_snapshot!(shown);
        insta::assert_json_snapshot!("json", good());
    }

    #[test]
    fn every_fault_turns_it_red() {
        assert!(good().verdict());
        let faults: [fn(&mut Report); 10] = [
            |report| report.records.exact -= 1,
            |report| report.records.unexpected = 1,
            |report| report.totals.1 -= 1,
            |report| report.dead_letters.exact -= 1,
            |report| report.dead_letters.wrong = 1,
            |report| report.believed = 1,
            |report| report.given_up = 1,
            |report| report.refused = BTreeMap::from([("forged", (2, 1))]),
            |report| report.refused = BTreeMap::from([("truncated", (1, 0))]),
            |report| report.readable.left = 1,
        ];
        for (at, fault) in faults.iter().enumerate() {
            let mut report = good();
            fault(&mut report);
            assert!(!report.verdict(), "fault {at}");
        }
    }
}
