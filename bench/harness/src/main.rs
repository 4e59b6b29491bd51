//! Runs functions side by side against a stub of AWS, and measures them. `bench/run.sh` calls it.
//!
//! The contenders of a task must do the same: before anything is measured each handles the same invocations
//! once, and what it answers, calls and publishes is compared. Then all are measured in turns, so that
//! whatever else the machine does falls on all of them.

mod compare;
mod function;
mod growth;
mod http;
mod items;
mod measure;
mod own_work;
mod reconciliation;
mod report;
mod runtime;
mod stub;
mod task;
mod tasks;

use anyhow::Context;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use growth::Growth;
use report::Report;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use stub::Stub;
use task::{Places, Task};

/// Measures the functions beside their peers.
#[derive(Debug, Parser)]
#[command(name = "flightpulse-bench")]
struct Options {
    /// The folder with our functions' binaries, as `cargo build --release` makes them
    #[arg(long, value_name = "FOLDER")]
    binaries: PathBuf,
    /// The folder of the peers
    #[arg(long, value_name = "FOLDER")]
    peers: PathBuf,
    /// The Python that has what the peers need
    #[arg(long, value_name = "FILE")]
    python: PathBuf,
    /// The folder with what would go to AWS, as `bench/packages.py` makes it
    #[arg(long, value_name = "FOLDER")]
    packages: PathBuf,
    /// Where the report goes, as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Rounds: in each, every contender is started anew and measured once
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Cold starts: before the rounds, every contender is started so often, in turns
    #[arg(long, default_value_t = 25, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    starts: u32,
    /// Records that each contender handles in a round, for each size of batch
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    records: u32,
    /// Only this function; may be given several times
    #[arg(long, value_name = "FUNCTION", value_parser = PossibleValuesParser::new(names()))]
    task: Vec<String>,
    /// Events up to which growth is measured, of our consumer; 0 for none
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    growth: u32,
    /// The file of an export that is reconciled: Parquet, as `aep export` of the simulator writes it
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// How long the stub takes for each answer
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    latency: u64,
}

/// All that can be asked for.
fn names() -> Vec<&'static str> {
    task::ALL.iter().map(|task| task.name).chain([reconciliation::NAME]).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let stub = Stub::start(Duration::from_millis(options.latency)).await?;
    let (peers, python) = (&options.peers, &options.python);
    let places = Places::new(&options.binaries, peers, python, &options.packages)?;
    let mut reports: BTreeMap<&str, Value> = BTreeMap::new();
    let wanted = |name: &str| options.task.is_empty() || options.task.iter().any(|one| one == name);
    for task in task::ALL.iter().filter(|task| wanted(task.name)) {
        let report = measured(task, &places, &stub, &options).await?;
        print!("{}", report.table());
        reports.insert(task.name, serde_json::to_value(report.summary())?);
    }
    if wanted(reconciliation::NAME) {
        let report = reconciled(&places, &stub, &options).await?;
        print!("{}", report.table());
        reports.insert(reconciliation::NAME, serde_json::to_value(report.summary())?);
    }
    if let Some(out) = options.out {
        let json = serde_json::to_vec_pretty(&reports)?;
        std::fs::write(&out, json)
            .with_context(|| format!("{} cannot be written", out.display()))?;
    }
    Ok(())
}

async fn measured<'t>(
    task: &'t Task,
    places: &Places,
    stub: &Stub,
    options: &Options,
) -> anyhow::Result<Report<'t>> {
    let (contenders, count) = (places.contenders(task), options.records as usize);
    let folder = tempfile::tempdir()?;
    compare::all_do_the_same(task, &contenders, stub).await.context(task.name)?;
    let mut report = Report::new(task, &contenders, options.latency)?;
    eprintln!("{}: {} starts of each", task.name, options.starts);
    for _ in 0..options.starts {
        for contender in &contenders {
            let start = measure::start(task, contender, stub).await;
            report.add_start(contender.name, start.context(contender.name)?);
        }
    }
    for round in 1..=options.rounds {
        for contender in &contenders {
            eprintln!("{}: round {round} of {}: {}", task.name, options.rounds, contender.name);
            let round = measure::round(task, contender, stub, count).await;
            report.add(contender.name, round.context(contender.name)?);
        }
        for program in places.own_work(task) {
            let took = own_work::microseconds_each(task, &program, folder.path(), count).await;
            report.add_own_work(program.name, took.context(program.name)?);
        }
    }
    // Growth is a matter of our function alone: whoever is behind at one size is so at all.
    if task.name == tasks::kafka_consumer::TASK.name && options.growth > 0 {
        eprintln!("{}: growth", task.name);
        report.add_growth(Growth::of(&contenders[0], stub, options.growth as usize).await?);
    }
    Ok(report)
}

async fn reconciled(
    places: &Places,
    stub: &Stub,
    options: &Options,
) -> anyhow::Result<reconciliation::Report> {
    let file =
        options.export.as_deref().context("without --export there is nothing to reconcile")?;
    // Of these there are two: what Node has for Parquet is no peer of pyarrow.
    let [ours, python, _] = places.contenders_of(reconciliation::NAME);
    let (rounds, latency) = (options.rounds, options.latency);
    let report = reconciliation::measured(&[ours, python], stub, file, rounds, latency).await;
    report.context(reconciliation::NAME)
}
