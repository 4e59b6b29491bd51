//! What all rounds came to, as a table and as JSON.

use crate::function::Contender;
use crate::growth::Growth;
use crate::measure::{Start, Warm};
use crate::stub::Traffic;
use crate::task::Task;
use anyhow::Context;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// All rounds of a task, by contender.
pub(crate) struct Report<'t> {
    task: &'t Task,
    names: Vec<&'static str>,
    /// Bytes of each one's package.
    packages: BTreeMap<&'static str, u64>,
    starts: BTreeMap<&'static str, Vec<Start>>,
    rounds: BTreeMap<&'static str, Vec<BTreeMap<usize, Warm>>>,
    own_work: BTreeMap<&'static str, Vec<f64>>,
    growth: Option<Growth>,
    latency: u64,
}

/// The median of the rounds, and the least and the most of them.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    /// Of nothing.
    const NONE: Self = Self { median: f64::NAN, least: f64::NAN, most: f64::NAN };
}

#[derive(Serialize)]
pub(crate) struct Summary<'r> {
    /// What sizes count.
    unit: &'static str,
    rounds: usize,
    starts: usize,
    stub_latency_ms: u64,
    contenders: BTreeMap<&'static str, Of>,
    /// Of ours.
    growth: Option<&'r Growth>,
}

#[derive(Serialize)]
struct Of {
    /// What goes to AWS, zipped.
    package_mb: f64,
    cold_ms: Spread,
    /// What of it the function's process had of a processor.
    cold_processor_ms: Spread,
    /// Processor time each without calls to AWS, in microseconds.
    own_work_us: Option<Spread>,
    by_size: BTreeMap<usize, OfSize>,
}

#[derive(Serialize)]
struct OfSize {
    p50_ms: Spread,
    p99_ms: Spread,
    per_second: Spread,
    /// By the processor time of the function: what one core would do that does nothing else.
    per_core_second: Spread,
    requests_per_invocation: BTreeMap<String, f64>,
    requests_each: f64,
    /// Without headers, both ways.
    bytes_each: f64,
    /// The most memory that was resident after these and all smaller.
    peak_memory_mb: Spread,
}

impl<'t> Report<'t> {
    /// # Errors
    /// When a package is not there.
    pub(crate) fn new(
        task: &'t Task,
        contenders: &[Contender],
        latency: u64,
    ) -> anyhow::Result<Self> {
        let names = contenders.iter().map(|one| one.name).collect();
        let package = |one: &Contender| {
            let zip = std::fs::metadata(&one.package);
            let zip = zip.with_context(|| format!("there is no {}", one.package.display()))?;
            Ok((one.name, zip.len()))
        };
        let packages = contenders.iter().map(package).collect::<anyhow::Result<_>>()?;
        let (starts, rounds, own_work) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { task, names, packages, starts, rounds, own_work, growth: None, latency })
    }

    pub(crate) fn add_start(&mut self, name: &'static str, start: Start) {
        self.starts.entry(name).or_default().push(start);
    }

    pub(crate) fn add(&mut self, name: &'static str, round: BTreeMap<usize, Warm>) {
        self.rounds.entry(name).or_default().push(round);
    }

    /// Microseconds of the processor for each of what the task counts, without calls to AWS.
    pub(crate) fn add_own_work(&mut self, name: &'static str, microseconds: f64) {
        self.own_work.entry(name).or_default().push(microseconds);
    }

    pub(crate) fn add_growth(&mut self, growth: Growth) {
        self.growth = Some(growth);
    }

    pub(crate) fn summary(&self) -> Summary<'_> {
        let contenders = self.names.iter().map(|name| (*name, self.of(name)));
        Summary {
            unit: self.task.unit,
            rounds: self.rounds.values().map(Vec::len).max().unwrap_or_default(),
            starts: self.starts.values().map(Vec::len).max().unwrap_or_default(),
            stub_latency_ms: self.latency,
            contenders: contenders.collect(),
            growth: self.growth.as_ref(),
        }
    }

    fn of(&self, name: &str) -> Of {
        let starts = self.starts.get(name).map(Vec::as_slice).unwrap_or_default();
        let rounds = self.rounds.get(name).map(Vec::as_slice).unwrap_or_default();
        let by_size = self.task.sizes.iter().map(|&size| {
            let warm: Vec<_> = rounds.iter().filter_map(|round| round.get(&size)).collect();
            (size, of_size(size, &warm))
        });
        Of {
            package_mb: self.packages.get(name).copied().unwrap_or_default() as f64 / 1e6,
            cold_ms: spread(starts.iter().map(|start| ms(start.took))),
            cold_processor_ms: spread(starts.iter().map(|start| ms(start.processor))),
            own_work_us: self.own_work.get(name).map(|took| spread(took.iter().copied())),
            by_size: by_size.collect(),
        }
    }

    /// The medians side by side, and how many times the first is ahead.
    pub(crate) fn table(&self) -> String {
        let summary = self.summary();
        let mut text = String::new();
        let head: Vec<_> = self.names.iter().map(|name| format!("{name:>22}")).collect();
        // Writing to a text does not fail.
        let _ = writeln!(text, "{:<34}{}", self.task.name, head.join(""));
        let mut line = |what: String, more_is_better: bool, pick: &dyn Fn(&Of) -> Spread| {
            let all: Vec<_> = self
                .names
                .iter()
                .filter_map(|name| summary.contenders.get(*name))
                .map(pick)
                .collect();
            let cells = all.iter().enumerate().map(|(nth, spread)| {
                let (one, other) = (all[0].median, spread.median);
                let times = if more_is_better { one / other } else { other / one };
                let said = nth > 0 && times.is_finite();
                let ahead = if said { format!("  ({times:.1}x)") } else { String::new() };
                format!("{:>22}", format!("{}{ahead}", shown(other)))
            });
            let _ = writeln!(text, "{what:<34}{}", cells.collect::<String>());
        };
        line("package, zipped, MB".to_owned(), false, &|of| once(of.package_mb));
        line("cold start, ms".to_owned(), false, &|of| of.cold_ms);
        line("of the processor, ms".to_owned(), false, &|of| of.cold_processor_ms);
        if self.task.has_own_work {
            let own_work = |of: &Of| of.own_work_us.unwrap_or(Spread::NONE);
            line("own work each, µs".to_owned(), false, &own_work);
        }
        for &size in self.task.sizes {
            line(format!("p50 of {size}, ms"), false, &|of| of.by_size[&size].p50_ms);
            line(format!("p99 of {size}, ms"), false, &|of| of.by_size[&size].p99_ms);
            let per_core = |of: &Of| of.by_size[&size].per_core_second;
            line(format!("{}/s per core, by {size}", self.task.unit), true, &per_core);
            let requests = |of: &Of| once(of.by_size[&size].requests_each);
            line(format!("requests each, by {size}"), false, &requests);
            line(format!("bytes each, by {size}"), false, &|of| once(of.by_size[&size].bytes_each));
            let peak = |of: &Of| of.by_size[&size].peak_memory_mb;
            line(format!("peak memory up to {size}, MB"), false, &peak);
        }
        if let Some(growth) = &self.growth {
            text += &growth.table();
        }
        text
    }
}

fn of_size(size: usize, rounds: &[&Warm]) -> OfSize {
    let per = |time: fn(&Warm) -> Duration| {
        spread(rounds.iter().map(|warm| warm.count as f64 / time(warm).as_secs_f64()))
    };
    let count: u64 = rounds.iter().map(|warm| warm.count).sum();
    let mut traffic: BTreeMap<String, Traffic> = BTreeMap::new();
    for (name, seen) in rounds.iter().flat_map(|warm| &warm.traffic) {
        let sum = traffic.entry(name.clone()).or_default();
        sum.requests += seen.requests;
        sum.sent += seen.sent;
        sum.received += seen.received;
    }
    let requests: u64 = traffic.values().map(|sum| sum.requests).sum();
    let bytes: u64 = traffic.values().map(|sum| sum.sent + sum.received).sum();
    let invocations = count as f64 / size as f64;
    let by_operation =
        traffic.into_iter().map(|(name, sum)| (name, sum.requests as f64 / invocations)).collect();
    OfSize {
        p50_ms: spread(rounds.iter().map(|warm| quantile(&warm.took, 0.5))),
        p99_ms: spread(rounds.iter().map(|warm| match warm.took.len() {
            ..ENOUGH_FOR_P99 => f64::NAN,
            _ => quantile(&warm.took, 0.99),
        })),
        per_second: per(|warm| warm.took.iter().sum()),
        per_core_second: per(|warm| warm.processor),
        requests_per_invocation: by_operation,
        requests_each: requests as f64 / count as f64,
        bytes_each: bytes as f64 / count as f64,
        peak_memory_mb: spread(rounds.iter().map(|warm| warm.peak_memory as f64 / 1e6)),
    }
}

pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Fewer tell nothing of their slowest hundredth.
const ENOUGH_FOR_P99: usize = 100;

/// The value at this part of the way from the least to the most, in milliseconds.
fn quantile(times: &[Duration], part: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = ((sorted.len() as f64 * part).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().map_or(f64::NAN, ms)
}

/// Of what does not differ from round to round.
fn once(value: f64) -> Spread {
    spread(std::iter::once(value))
}

pub(crate) fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let mut sorted: Vec<_> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let at = |nth: usize| sorted.get(nth).copied().unwrap_or(f64::NAN);
    let last = sorted.len().saturating_sub(1);
    let median = (at(last / 2) + at(last.div_ceil(2))) / 2.0;
    Spread { median, least: at(0), most: at(last) }
}

pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => "-".to_owned(),
        1_000.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}
