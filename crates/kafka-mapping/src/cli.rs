//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use flightpulse_kafka_mapping::destination::Target;
use flightpulse_kafka_mapping::filter::Filters;
use uuid::Uuid;

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
    /// Send only records that match; several may be given, and one must match. A pattern on the
    /// value: '{"value": {"event_type": [{"prefix": "flight."}]}}'.
    #[arg(long = "filter", value_name = "PATTERN", value_parser = pattern)]
    pub(crate) filters: Vec<String>,
    /// Where partitions start of which the group has committed nothing.
    #[arg(long, value_enum, default_value = "TRIM_HORIZON", ignore_case = true)]
    pub(crate) starting_position: Start,
    /// With AT_TIMESTAMP: from which time on, RFC 3339 or seconds since the epoch.
    #[arg(long, value_parser = past, required_if_eq("starting_position", "AT_TIMESTAMP"))]
    pub(crate) starting_position_timestamp: Option<i64>,
    /// The function's answer names the records that failed ("batchItemFailures"). Without this
    /// an answer says nothing, and only an error of the function is a failure.
    #[arg(long)]
    pub(crate) report_batch_item_failures: bool,
    /// Split a batch that failed whole in two, and so on down to single records.
    #[arg(long)]
    pub(crate) bisect_on_error: bool,
    /// Retries after the first attempt; -1 is without end (with a destination: 10).
    #[arg(long, default_value_t = -1, allow_hyphen_values = true, value_parser = clap::value_parser!(i64).range(-1..=10_000))]
    pub(crate) max_retries: i64,
    /// The age past which a record is not sent, 60 to 604,800; -1 is any age.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true, value_parser = record_age)]
    pub(crate) max_record_age_seconds: i64,
    /// Where records that are given up go: s3://bucket, kafka://topic, or the ARN of a bucket, an
    /// SQS queue or an SNS topic.
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) on_failure: Option<Target>,
    /// Where records that are given up go: a file, one JSON document a line.
    #[arg(long, conflicts_with = "on_failure")]
    pub(crate) on_failure_file: Option<PathBuf>,
    /// The mapping's UUID, a part of the keys in an S3 destination; made of group, topic and
    /// function unless told.
    #[arg(long)]
    pub(crate) mapping_id: Option<Uuid>,
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

/// AWS's names of the starting positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Start {
    #[value(name = "TRIM_HORIZON")]
    TrimHorizon,
    #[value(name = "LATEST")]
    Latest,
    #[value(name = "AT_TIMESTAMP")]
    AtTimestamp,
}

fn pattern(text: &str) -> Result<String, String> {
    let parsed = Filters::parse(&[text]).map_err(|error| error.to_string());
    parsed.map(|_| text.to_owned())
}

/// Milliseconds since the epoch of a time that is not ahead, which AWS would refuse.
fn past(text: &str) -> Result<i64, String> {
    let time = match text.parse::<i64>() {
        Ok(seconds) => jiff::Timestamp::from_second(seconds).ok(),
        Err(_) => text.parse().ok(),
    };
    match time {
        Some(time) if time <= jiff::Timestamp::now() => Ok(time.as_millisecond()),
        Some(time) => Err(format!("{time} is ahead")),
        None => Err("RFC 3339 (2026-11-30T04:00:00Z), or seconds since the epoch".to_owned()),
    }
}

fn record_age(text: &str) -> Result<i64, String> {
    match text.parse() {
        Ok(age @ (-1 | 60..=604_800)) => Ok(age),
        _ => Err("-1, or 60 to 604800".to_owned()),
    }
}
