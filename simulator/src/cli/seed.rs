//! What `seed` can be asked on the command line.

use clap::Args;
use jiff::civil::Date;

/// What `seed` takes.
#[derive(Debug, Args)]
#[command(after_help = SEED_HELP)]
pub(crate) struct SeedOptions {
    /// The day that flights are dated from: their day 0 [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<Date>,
    #[command(flatten)]
    pub(crate) generated: GeneratedOptions,
}

const SEED_HELP: &str = "\
Without --flights: the sample airline; its flights go back to their schedule.
With --flights and --passengers: a generated network of hubs and spokes, the same for the same seed
and size. Its flights leave on the day after --date; their ids begin with GEN, their passengers' with
GEN too, and emails and phone numbers are nobody's. How far it has come is kept in the table: the
same command goes on where it stopped.
Exit status: 0 written, 2 wrong usage, 3 it could not run, 130 interrupted.";

/// What a generated network is to be.
#[derive(Debug, Args, Default)]
pub(crate) struct GeneratedOptions {
    /// Generate so many flights
    #[arg(long, value_name = "N", requires = "passengers", value_parser = clap::value_parser!(u32).range(1..=9_000))]
    pub(crate) flights: Option<u32>,
    /// Generate so many passengers; each has a booking, some two that connect
    #[arg(long, value_name = "M", requires = "flights", value_parser = clap::value_parser!(u32).range(0..=2_500_000))]
    pub(crate) passengers: Option<u32>,
    /// Decides the network [default: 1]
    #[arg(long, value_name = "SEED", requires = "flights")]
    pub(crate) seed: Option<u32>,
    /// Begin with the first record, whatever was written before
    #[arg(long, requires = "flights")]
    pub(crate) restart: bool,
    /// Batches that are under way at once [default: 8]
    #[arg(long, value_name = "N", requires = "flights", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) concurrency: Option<u32>,
}

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;
    use rstest::rstest;

    #[rstest]
    #[case("", true)]
    #[case(" --date 2026-11-21", true)]
    #[case(" --flights 20 --passengers 1500 --seed 7 --restart", true)]
    #[case(" --flights 20", false)]
    #[case(" --passengers 20", false)]
    #[case(" --seed 7", false)]
    #[case(" --restart", false)]
    #[case(" --flights 0 --passengers 5", false)]
    #[case(" --flights 9001 --passengers 5", false)]
    fn a_network_has_flights_and_passengers(#[case] rest: &str, #[case] taken: bool) {
        let line = format!("x seed{rest}");
        assert_eq!(Cli::try_parse_from(line.split(' ')).is_ok(), taken, "{line}");
    }
}
