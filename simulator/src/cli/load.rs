//! What `load` can be asked on the command line.

use clap::{Args, ValueEnum};

/// Where the flights come from that events are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlightsFrom {
    /// The generated networks in the table (`seed --flights N --passengers M`)
    Table,
    /// The sample airline
    Sample,
}

/// What `load` takes.
#[derive(Debug, Args)]
#[command(after_help = LOAD_HELP)]
pub(crate) struct LoadOptions {
    /// Events a second
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// For so many seconds
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub(crate) seconds: u32,
    /// The flights that events are about
    #[arg(long, value_enum, default_value = "sample", value_name = "table|sample")]
    pub(crate) flights_from: FlightsFrom,
    /// Decides what the events say
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    pub(crate) seed: u32,
    /// How long to wait until the consumer group has read them all; 0 does not wait
    #[arg(long, default_value_t = 120, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) drain_seconds: u64,
    /// The consumer group [default: that of the mapping]
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// Write one JSON document in place of the report
    #[arg(long)]
    pub(crate) json: bool,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

const LOAD_HELP: &str = "\
Delays and gate changes, mixed by the seed; each is valid and has an id of its own. Passengers of the
flights are told as of any other event.
Exit status: 0 all written and read, 1 not read by the deadline, 2 wrong usage, 3 it could not run,
130 interrupted.";
