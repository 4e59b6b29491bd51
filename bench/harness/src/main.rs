//! Runs functions side by side against a stub of AWS, and measures them. `bench/run.sh` calls it.
//!
//! The contenders of a task must do the same: before anything is measured each handles the same batch
//! once, and what it answers, calls and publishes is compared. Then all are measured in turns, so that
//! whatever else the machine does falls on all of them.

mod compare;
mod function;
mod http;
mod measure;
mod payload;
mod report;
mod runtime;
mod stub;

use anyhow::Context;
use clap::Parser;
use function::Contender;
use std::path::PathBuf;
use std::time::Duration;
use stub::Stub;

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
    /// Where the report goes, as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Rounds: in each, every contender is started anew and measured once
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Records that each contender handles in a round, for each size of batch
    #[arg(long, default_value_t = 20_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    records: u32,
    /// How long the stub takes for each answer
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS")]
    latency: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let stub = Stub::start(Duration::from_millis(options.latency)).await?;
    let contenders = contenders(&options)?;
    compare::all_do_the_same(&contenders, &stub).await?;
    let mut report = report::Report::new(&contenders, options.latency);
    for round in 1..=options.rounds {
        for contender in &contenders {
            eprintln!("round {round} of {}: {}", options.rounds, contender.name);
            report.add(&contender.name, measure::round(contender, &stub, options.records).await?);
        }
    }
    print!("{}", report.table());
    if let Some(out) = options.out {
        let json = serde_json::to_vec_pretty(&report.summary())?;
        std::fs::write(&out, json)
            .with_context(|| format!("{} cannot be written", out.display()))?;
    }
    Ok(())
}

fn contenders(options: &Options) -> anyhow::Result<Vec<Contender>> {
    let whole = |path: &PathBuf| {
        // Symbolic links stay: a virtual environment is found by its own.
        std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
    };
    let (binaries, peers) = (whole(&options.binaries)?, whole(&options.peers)?);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Ok(vec![
        Contender {
            name: "Rust".to_owned(),
            program: binaries.join("flightpulse-kafka-consumer"),
            arguments: Vec::new(),
            folder: binaries,
        },
        Contender {
            name: "Python".to_owned(),
            program: whole(&options.python)?,
            arguments: words(&["-m", "awslambdaric", "kafka_consumer.handler"]),
            folder: peers.join("python"),
        },
        Contender {
            name: "Node".to_owned(),
            program: PathBuf::from("node"),
            arguments: words(&["runtime.mjs", "kafka-consumer.mjs"]),
            folder: peers.join("node"),
        },
    ])
}
