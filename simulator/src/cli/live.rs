//! What `watch` can be asked on the command line.

use clap::Args;

/// What `watch` takes.
#[derive(Debug, Args)]
#[command(after_help = WATCH_HELP)]
pub(crate) struct WatchOptions {
    /// Look once and end
    #[arg(long)]
    pub(crate) once: bool,
    /// How long between two looks
    #[arg(long, default_value_t = 2, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) interval: u64,
    /// How far back executions, notifications and changes are counted
    #[arg(long, default_value_t = 15, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=1440))]
    pub(crate) window: u32,
    /// Write one JSON document a look, each on a line
    #[arg(long)]
    pub(crate) json: bool,
    /// The consumer group whose lag is shown [default: that of the mapping]
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// The brokers [default: those of the local cloud; with --aws the lag needs them]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

const WATCH_HELP: &str = "\
On a terminal it redraws in place; elsewhere it writes one block a look. What does not answer is
shown as such and does not end it; Ctrl-C does, with exit status 0. Counts are bounded: more than can
be counted is shown as 1000+.";
