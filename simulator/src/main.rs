//! The tester's and the operators' command line: seed, produce, load, replay, scenario, chaos, watch, dlq, ops, aep.
//!
//! Exit status: 0 done or passed, 1 a verdict of failure or a refusal of the API, 2 wrong usage, 3 it could not run,
//! 130 interrupted before it was done.

mod aep;
mod chaos;
mod cli;
mod clients;
mod dlq;
mod generator;
mod histogram;
mod interrupt;
mod kafka;
mod lag;
mod live;
mod load;
mod operations;
mod ops;
mod outputs;
mod place;
mod produce;
mod producer;
mod replay;
mod sample;
mod scenario;
mod seed;
mod stop;
mod terminal;
mod watch;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;
use stop::Stop;
use tracing_subscriber::EnvFilter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // Standard output belongs to what was asked for; whatever a library says goes to the other.
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error")),
        )
        .with_writer(std::io::stderr)
        .init();
    match run(cli).await {
        Ok(passed) => ExitCode::from(u8::from(!passed)),
        Err(error) => {
            eprintln!("flightpulse-simulator: {error:#}");
            ExitCode::from(Stop::exit_status(&error))
        }
    }
}

/// Does what was asked; answers whether its verdict, or the API's, is good.
async fn run(cli: Cli) -> anyhow::Result<bool> {
    match cli.command {
        Command::Seed(options) => seed::run(cli.aws, &options).await.map(|()| true),
        Command::Load(options) => load::run(cli.aws, &options).await,
        Command::Replay(options) => replay::run(cli.aws, &options).await,
        Command::Chaos(options) => chaos::run(cli.aws, &options).await,
        Command::Watch(options) => live::run(cli.aws, &options).await.map(|()| true),
        Command::Dlq(options) => dlq::run(cli.aws, &options).await,
        Command::Produce(options) => produce::run(cli.aws, &options).await.map(|()| true),
        Command::Scenario(options) => scenario::run(cli.aws, &options).await,
        Command::Ops(options) => ops::run(cli.aws, &options).await,
        Command::Aep(options) => aep::run(cli.aws, &options).await,
    }
}
