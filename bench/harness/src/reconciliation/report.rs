//! What all turns came to, as a table and as JSON.

use super::{NAME, Series, Turn};
use crate::report::{Spread, ms, shown, spread};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// All turns, by series and contender.
pub(crate) struct Report {
    names: Vec<&'static str>,
    parts: usize,
    reservations: usize,
    latency: u64,
    turns: BTreeMap<Series, BTreeMap<&'static str, Vec<Turn>>>,
}

#[derive(Serialize)]
pub(crate) struct Summary {
    unit: &'static str,
    rows: u64,
    /// In how many invocations they are read.
    parts: usize,
    reservations: usize,
    rounds: usize,
    stub_latency_ms: u64,
    series: BTreeMap<&'static str, BTreeMap<&'static str, Of>>,
}

#[derive(Serialize)]
struct Of {
    cold_ms: Spread,
    /// Without the start of the process.
    rows_per_second: Spread,
    /// By the processor time of the function: what one core would do that does nothing else.
    rows_per_core_second: Spread,
    peak_memory_mb: Spread,
    /// Of one turn.
    requests: BTreeMap<String, u64>,
    /// Without headers, both ways.
    bytes_each: f64,
}

impl Report {
    pub(super) fn new(
        names: Vec<&'static str>,
        parts: usize,
        reservations: usize,
        latency: u64,
    ) -> Self {
        Self { names, parts, reservations, latency, turns: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, series: Series, name: &'static str, turn: Turn) {
        self.turns.entry(series).or_default().entry(name).or_default().push(turn);
    }

    pub(crate) fn summary(&self) -> Summary {
        let all = || self.turns.values().flat_map(BTreeMap::values);
        let series = self.turns.iter().map(|(series, turns)| {
            (series.name(), turns.iter().map(|(name, turns)| (*name, of(turns))).collect())
        });
        Summary {
            unit: "rows",
            rows: all().flatten().map(|turn| turn.rows).max().unwrap_or_default(),
            parts: self.parts,
            reservations: self.reservations,
            rounds: all().map(Vec::len).max().unwrap_or_default(),
            stub_latency_ms: self.latency,
            series: series.collect(),
        }
    }

    /// The medians side by side, and how many times the first is ahead.
    pub(crate) fn table(&self) -> String {
        let summary = self.summary();
        let mut text = String::new();
        let head: Vec<_> = self.names.iter().map(|name| format!("{name:>22}")).collect();
        let what = format!("{NAME}, {} rows", summary.rows);
        // Writing to a text does not fail.
        let _ = writeln!(text, "{what:<34}{}", head.join(""));
        for (series, contenders) in &summary.series {
            let mut line = |what: &str, more_is_better: bool, pick: fn(&Of) -> Spread| {
                let medians: Vec<_> = self
                    .names
                    .iter()
                    .filter_map(|name| contenders.get(*name))
                    .map(|of| pick(of).median)
                    .collect();
                let cells = medians.iter().enumerate().map(|(nth, median)| {
                    let one = medians[0];
                    let times = if more_is_better { one / median } else { median / one };
                    let ahead = if nth > 0 { format!("  ({times:.1}x)") } else { String::new() };
                    format!("{:>22}", format!("{}{ahead}", shown(*median)))
                });
                let what = format!("{series}: {what}");
                let _ = writeln!(text, "{what:<34}{}", cells.collect::<String>());
            };
            line("rows/s", true, |of| of.rows_per_second);
            line("rows/s per core", true, |of| of.rows_per_core_second);
            line("peak memory, MB", false, |of| of.peak_memory_mb);
        }
        text
    }
}

fn of(turns: &[Turn]) -> Of {
    let last = turns.last().map(|turn| &turn.traffic);
    let requests = last.into_iter().flatten();
    let rows: u64 = turns.iter().map(|turn| turn.rows).sum();
    let traffic = turns.iter().flat_map(|turn| turn.traffic.values());
    let bytes: u64 = traffic.map(|seen| seen.sent + seen.received).sum();
    Of {
        cold_ms: spread(turns.iter().map(|turn| ms(turn.cold))),
        rows_per_second: spread(
            turns.iter().map(|turn| turn.rows as f64 / turn.took.as_secs_f64()),
        ),
        rows_per_core_second: spread(
            turns.iter().map(|turn| turn.rows as f64 / turn.processor.as_secs_f64()),
        ),
        peak_memory_mb: spread(turns.iter().map(|turn| turn.peak_memory as f64 / 1e6)),
        requests: requests.map(|(name, seen)| (name.clone(), seen.requests)).collect(),
        bytes_each: bytes as f64 / rows as f64,
    }
}
