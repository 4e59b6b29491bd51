//! The reconciliation of an export, beside pyarrow and boto3: rows a second, and memory.
//!
//! Ours reconciles the file with an empty table first, and so writes it. What is measured then is the
//! same file over that table: with all of it as it was (nothing is written), and with some reservations
//! missing (these are written again). Each turn has a process of its own.

mod export;
mod report;
mod work;

pub(crate) use report::Report;

use crate::function::{Contender, Function};
use crate::stub::{Contents, Stub, Traffic};
use export::Planned;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The function's name.
pub(crate) const NAME: &str = "s3-reconciliation";
/// The bucket of exports.
pub(crate) const BUCKET: &str = "flightpulse-exports";
/// Of so many reservations one is missing in the second series: 5 %.
const MISSING_EACH: usize = 20;

/// What the table has when a file is reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Series {
    /// All that is in the file.
    Unchanged,
    /// All but some reservations.
    Missing,
}

impl Series {
    /// All that there are.
    pub(crate) const ALL: [Self; 2] = [Self::Unchanged, Self::Missing];

    /// Its name in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unchanged => "all unchanged",
            Self::Missing => "5 % missing",
        }
    }
}

/// What was measured of one contender by one turn: a process of its own, and the whole file.
pub(crate) struct Turn {
    /// From the start of the process to its answer to a slice without rows. It counts for nothing else.
    pub(crate) cold: Duration,
    /// The time of all invocations.
    pub(crate) took: Duration,
    /// Of the function's process, all its threads, while it handled them.
    pub(crate) processor: Duration,
    /// The most memory that was resident, in bytes.
    pub(crate) peak_memory: u64,
    pub(crate) rows: u64,
    pub(crate) traffic: BTreeMap<String, Traffic>,
}

/// A file, and the table that it made.
struct Stage<'a> {
    stub: &'a Stub,
    planned: Planned,
    full: Contents,
}

/// Measures who is named, in turns. Ours is the first.
///
/// # Errors
/// When the file cannot be reconciled, or when contenders do different work.
pub(crate) async fn measured(
    contenders: &[Contender],
    stub: &Stub,
    file: &Path,
    rounds: u32,
    latency: u64,
) -> anyhow::Result<Report> {
    let stage = Stage::set(contenders, stub, file).await?;
    for series in Series::ALL {
        stage.all_do_the_same(series, contenders).await?;
    }
    let names = contenders.iter().map(|one| one.name).collect();
    let mut report = Report::new(names, stage.planned.parts(), stage.full.len(), latency);
    for round in 1..=rounds {
        for series in Series::ALL {
            for one in contenders {
                let name = series.name();
                eprintln!("{NAME}: round {round} of {rounds}: {}, {name}", one.name);
                report.add(series, one.name, stage.turn(series, one).await?);
            }
        }
    }
    Ok(report)
}

impl<'a> Stage<'a> {
    async fn set(contenders: &[Contender], stub: &'a Stub, file: &Path) -> anyhow::Result<Self> {
        let ours = contenders.first().ok_or_else(|| anyhow::anyhow!("nobody is measured"))?;
        let function = Function::start(ours, stub).await?;
        let planned = Planned::by(&function, stub, file).await?;
        eprintln!("{NAME}: {} fills the table", ours.name);
        planned.reconciled(&function).await?;
        function.end().await?;
        Ok(Self { stub, planned, full: stub.table.contents() })
    }

    /// Puts into the table what a series has in it.
    fn prepare(&self, series: Series) {
        match series {
            Series::Unchanged => self.stub.table.fill(&self.full),
            Series::Missing => self.stub.table.fill(&self.full.without_each(MISSING_EACH)),
        }
    }

    async fn turn(&self, series: Series, contender: &Contender) -> anyhow::Result<Turn> {
        self.prepare(series);
        let function = Function::start(contender, self.stub).await?;
        let (_, cold) = function.first(self.planned.of_no_rows()).await?;
        self.stub.take_traffic();
        let before = function.processor_time()?;
        let done = self.planned.reconciled(&function).await?;
        let processor = function.processor_time()?.saturating_sub(before);
        let traffic = self.stub.take_traffic();
        let peak_memory = function.peak_memory()?;
        function.end().await?;
        Ok(Turn { cold, took: done.took, processor, peak_memory, rows: done.rows, traffic })
    }
}
