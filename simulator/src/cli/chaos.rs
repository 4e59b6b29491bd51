//! What `chaos` can be asked on the command line.

use clap::{Args, Subcommand};

/// What `chaos` takes.
#[derive(Debug, Args)]
pub(crate) struct ChaosOptions {
    #[command(subcommand)]
    pub(crate) request: ChaosRequest,
}

/// What is asked of a history.
#[derive(Debug, Subcommand)]
pub(crate) enum ChaosRequest {
    /// Seed the flights of a history and write its records to Kafka
    Play(PlayOptions),
    /// Wait until the consumer group has read all and no workflow runs
    Settle(SettleOptions),
    /// Hold what came of a history against the reference model
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyOptions),
}

const VERIFY_HELP: &str = "\
Asked are the table's claims, flights (by the API) and bookings, the executions, the notification logs and
the dead letters. Letters of workflows that failed must be sent again first (dlq redrive --all).
Exit status: 0 all is as the model has it, 1 something is not, 2 wrong usage, 3 it could not run.";

/// Which history.
#[derive(Debug, Clone, Args)]
pub(crate) struct HistoryOptions {
    /// Decides everything that is said
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    pub(crate) seed: u32,
    /// Events, poison among them
    #[arg(long, default_value_t = 500, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) events: u32,
    /// Flights that they are about
    #[arg(long, default_value_t = 40, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) flights: u32,
    /// When it began, in hexadecimal seconds of Unix time: part of all its ids [play: now]
    #[arg(long, value_name = "RUN", value_parser = run)]
    pub(crate) run: Option<i64>,
}

/// What `chaos play` takes.
#[derive(Debug, Args)]
pub(crate) struct PlayOptions {
    #[command(flatten)]
    pub(crate) history: HistoryOptions,
    /// Records a second
    #[arg(long, default_value_t = 10, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) rate: u32,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

/// What `chaos settle` takes.
#[derive(Debug, Args)]
pub(crate) struct SettleOptions {
    /// How long to wait at most
    #[arg(long, default_value_t = 600, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout_seconds: u64,
    /// Only until all is read: workflows may run
    #[arg(long)]
    pub(crate) read: bool,
    /// Say what each look finds, one JSON document a line
    #[arg(long)]
    pub(crate) looks: bool,
    /// Look on until it is ended
    #[arg(long, requires = "looks")]
    pub(crate) endless: bool,
    /// Write one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// The brokers [default: those of the local cloud]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

/// What `chaos verify` takes.
#[derive(Debug, Args)]
pub(crate) struct VerifyOptions {
    #[command(flatten)]
    pub(crate) history: HistoryOptions,
    /// Write one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

fn run(text: &str) -> Result<i64, String> {
    let seconds = i64::from_str_radix(text, 16);
    seconds.ok().filter(|seconds| *seconds > 0).ok_or_else(|| "hexadecimal seconds".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;
    use rstest::rstest;

    #[rstest]
    #[case("play", true)]
    #[case("play --seed 4 --events 60 --flights 6 --run 692ccf00 --rate 20", true)]
    #[case("settle --timeout-seconds 60 --json", true)]
    #[case("verify --run 692ccf00 --json", true)]
    #[case("verify --run today", false)]
    #[case("play --events 0", false)]
    #[case("", false)]
    fn what_makes_sense_is_taken(#[case] line: &str, #[case] taken: bool) {
        let words = ["x", "chaos"].into_iter().chain(line.split_whitespace());
        assert_eq!(Cli::try_parse_from(words).is_ok(), taken);
    }
}
