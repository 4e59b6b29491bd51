//! What operators can ask on the command line.

use clap::{Args, Subcommand, ValueEnum};
use flightpulse_domain::delay::Reason;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::ids::FlightId;

/// What `ops` takes.
#[derive(Debug, Args)]
pub(crate) struct OpsOptions {
    /// Write what the API answers, as it is
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) request: OpsRequest,
}

/// What operators ask.
#[derive(Debug, Subcommand)]
pub(crate) enum OpsRequest {
    /// Whether notifications are held, since when and why
    Status,
    /// Hold all notifications until they are released
    Hold(Asking),
    /// Release the notifications that are held
    Release(Asking),
    /// Tell the passengers of a flight again what is true
    Resend {
        /// The flight
        flight: FlightId,
        /// Of what [default: all that its passengers were told]
        #[arg(long)]
        facet: Option<FacetName>,
        #[command(flatten)]
        asking: Asking,
    },
    /// Take back a wrong broadcast: say what is true
    Correct {
        /// The flight
        flight: FlightId,
        #[command(flatten)]
        truth: Truth,
        #[command(flatten)]
        asking: Asking,
    },
    /// What operators did, newest first
    Log {
        /// How many [default: 50]
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        /// Go on where an earlier answer ended
        #[arg(long, value_name = "NEXT")]
        cursor: Option<String>,
    },
}

/// Who asks, and why. Both are kept.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who you are
    #[arg(long, value_name = "NAME", env = "USER", hide_env_values = true)]
    pub(crate) by: String,
}

/// A facet, by its name in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FacetName {
    /// Departure and arrival
    Schedule,
    /// The gate
    Gate,
    /// Whether it operates
    Status,
}

impl From<FacetName> for Facet {
    fn from(name: FacetName) -> Self {
        match name {
            FacetName::Schedule => Self::Schedule,
            FacetName::Gate => Self::Gate,
            FacetName::Status => Self::Status,
        }
    }
}

/// What is true in place of what was broadcast: one thing of it.
#[derive(Debug, Args)]
pub(crate) struct Truth {
    #[command(flatten)]
    pub(crate) of: TruthOf,
    /// With --delay-minutes or --cancelled: WEATHER, MECHANICAL, CREW, ATC, SECURITY or OTHER
    #[arg(long, value_parser = cause, conflicts_with_all = ["gate", "operates"])]
    pub(crate) cause: Option<Reason>,
    /// With --gate: it is in another terminal
    #[arg(long, requires = "gate", conflicts_with_all = ["delay_minutes", "cancelled", "operates"])]
    pub(crate) terminal_change: bool,
}

/// The one thing that is true.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TruthOf {
    /// It leaves so many minutes later than planned; 0 is on schedule
    #[arg(long, value_name = "MINUTES")]
    pub(crate) delay_minutes: Option<u32>,
    /// It leaves from this gate
    #[arg(long)]
    pub(crate) gate: Option<String>,
    /// It does not operate
    #[arg(long)]
    pub(crate) cancelled: bool,
    /// It operates
    #[arg(long)]
    pub(crate) operates: bool,
}

fn cause(text: &str) -> Result<Reason, String> {
    let known = Reason::ALL.into_iter().find(|reason| reason.name() == text);
    let names = || Reason::ALL.map(Reason::name).join(", ");
    known.ok_or_else(|| format!("it is one of {}", names()))
}

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;
    use rstest::rstest;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(format!("x ops {line}").split(' '))
    }

    #[rstest]
    #[case("status --json")]
    #[case("hold --reason storm --by jane")]
    #[case("resend SW1 --facet gate --reason storm --by jane")]
    #[case("correct SW1 --delay-minutes 0 --cause ATC --reason wrong --by jane")]
    #[case("correct SW1 --gate D15 --terminal-change --reason wrong --by jane")]
    #[case("correct SW1 --cancelled --cause WEATHER --reason wrong --by jane")]
    #[case("correct SW1 --operates --reason wrong --by jane")]
    #[case("log --limit 5")]
    fn what_makes_sense_is_taken(#[case] line: &str) {
        assert!(parsed(line).is_ok(), "{}", parsed(line).unwrap_err());
    }

    #[rstest]
    #[case("hold --by jane", "--reason")]
    #[case("correct SW1 --reason wrong --by jane", "--delay-minutes")]
    #[case("correct SW1 --gate A1 --operates --reason wrong --by jane", "cannot be used with")]
    #[case("correct SW1 --gate A1 --cause ATC --reason wrong --by jane", "cannot be used with")]
    #[case(
        "correct SW1 --cancelled --terminal-change --reason wrong --by jane",
        "cannot be used with"
    )]
    #[case("correct SW1 --cancelled --cause RAIN --reason wrong --by jane", "WEATHER, MECHANICAL")]
    #[case("resend SW1 --facet seat --reason wrong --by jane", "schedule, gate, status")]
    #[case("resend SW/1 --reason wrong --by jane", "flight_id must be")]
    fn what_makes_no_sense_gets_a_sentence(#[case] line: &str, #[case] says: &str) {
        let error = parsed(line).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
