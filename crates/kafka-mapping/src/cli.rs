//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A Kafka event source mapping for Lambda, on one machine.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    /// How log lines look (they go to stderr; RUST_LOG sets the level).
    #[arg(long, value_enum, default_value = "compact", global = true)]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    Compact,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Poll a topic and invoke a function with its records.
    Serve(Box<ServeOptions>),
    /// Only host the embedded broker.
    Broker(BrokerOptions),
}

#[derive(Debug, Args)]
pub(crate) struct BrokerOptions {
    /// The topic that the embedded broker starts with.
    #[arg(long)]
    pub(crate) topic: String,
    /// Its partitions. Only for the embedded broker: a mapping never makes topics.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(i32).range(1..=1000))]
    pub(crate) partitions: i32,
    /// Where to write the bootstrap servers (one line) once the broker listens.
    #[arg(long)]
    pub(crate) bootstrap_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// Host the broker in this process; its data is in memory.
    #[arg(long, required_unless_present = "brokers", conflicts_with = "brokers")]
    pub(crate) embedded_broker: bool,
    /// Brokers, `host:port`, parted by commas.
    #[arg(long)]
    pub(crate) brokers: Option<String>,
    #[command(flatten)]
    pub(crate) broker: BrokerOptions,
    /// The function's name or ARN.
    #[arg(long)]
    pub(crate) function: String,
    /// The consumer group.
    #[arg(long)]
    pub(crate) group: String,
    /// The most records in one invocation.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) batch_size: u32,
    /// How long after its first record a batch waits for more. (AWS takes whole seconds.)
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(0..=300_000))]
    pub(crate) batching_window_ms: u64,
    /// The most invocations at once; never more than partitions.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) max_concurrency: u32,
    /// Retries after the first attempt; -1 is without end (with --on-failure-file: 10).
    #[arg(long, default_value_t = -1, allow_hyphen_values = true, value_parser = clap::value_parser!(i64).range(-1..=10_000))]
    pub(crate) max_retries: i64,
    /// The age past which a record is not sent, 60 to 604,800; -1 is any age.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true, value_parser = record_age)]
    pub(crate) max_record_age_seconds: i64,
    /// Where records that are given up go, one JSON document a line.
    #[arg(long)]
    pub(crate) on_failure_file: Option<PathBuf>,
    /// The ARN of an MSK cluster: events then take the MSK form.
    #[arg(long)]
    pub(crate) event_source_arn: Option<String>,
    /// Where to keep the status.
    #[arg(long)]
    pub(crate) status_file: Option<PathBuf>,
    /// How long invocations under way may take once told to stop.
    #[arg(long, default_value_t = 30)]
    pub(crate) drain_seconds: u64,
}

fn record_age(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(age @ (-1 | 60..=604_800)) => Ok(age),
        _ => Err("-1, or 60 to 604800".to_owned()),
    }
}
