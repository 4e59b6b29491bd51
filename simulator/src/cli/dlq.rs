//! What can be asked of dead letters on the command line.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What `dlq` takes.
#[derive(Debug, Args)]
pub(crate) struct DlqOptions {
    #[command(subcommand)]
    pub(crate) request: DlqRequest,
}

/// What is asked of dead letters.
#[derive(Debug, Subcommand)]
pub(crate) enum DlqRequest {
    /// What is there: id, kind, age and reason of each; nothing is taken away
    List(ListOptions),
    /// All of one letter, its bytes decoded; it may have personal data
    Show {
        /// The letter's id, as `dlq list` shows it
        id: String,
    },
    /// Send again what letters hold; each is taken out once that was accepted
    #[command(after_help = REDRIVE_HELP)]
    Redrive(RedriveOptions),
    /// Take letters out without sending anything again: what was put right by other means
    Drop {
        /// The letters' ids, as `dlq list` shows them
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

const REDRIVE_HELP: &str = "\
What is sent again, and where:
  kafka record    its bytes to the topic, under its key; mend what the reason says with --with-file
  direct event    its bytes to the consumer
  booking event   the event to the queue of bookings; mend what the reason says with --with-file
  booking message the message to the queue of bookings
  workflow        its event to the bus, under the ids that were used: nobody is told twice; that of a
                  reconciliation asks for the same run of the same file, which must be there then
  rule            the event that a rule could not deliver, to the bus
  unknown flight  the event to the topic, once its flight is in the table
  batch           the records to the function that Lambda gave up calling
A booking's letter cannot be sent again alone; its reason says what to do instead.
Exit status: 0 nothing that was asked for stays, 1 something stays, 130 interrupted.";

/// Where dead letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Shelf {
    /// The queue FlightPulse-DeadLetters: poison, failed workflows and reconciliations, bookings,
    /// booking events
    DeadLetters,
    /// The queue FlightPulse-RuleDeadLetters: what a rule could not deliver
    RuleDeadLetters,
    /// The queue FlightPulse-UnknownFlights: events that wait for their flight
    UnknownFlights,
    /// The queue FlightPulse-BookingEventsDeadLetters: messages that the booking worker did not
    /// finish
    BookingDeadLetters,
    /// The dead-letter bucket: batches that Lambda gave up on
    Bucket,
}

impl Shelf {
    /// All that there are.
    pub(crate) const ALL: [Self; 5] = [
        Self::DeadLetters,
        Self::RuleDeadLetters,
        Self::UnknownFlights,
        Self::BookingDeadLetters,
        Self::Bucket,
    ];
}

/// What `dlq list` takes.
#[derive(Debug, Args)]
pub(crate) struct ListOptions {
    /// Only this queue, or the bucket
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<Shelf>,
    /// The most letters to show of each
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// Write one JSON document
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `dlq redrive` takes.
#[derive(Debug, Args, Default)]
pub(crate) struct RedriveOptions {
    /// The letters' ids, as `dlq list` shows them
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// All letters that were there when it began
    #[arg(long)]
    pub(crate) all: bool,
    /// Only of this queue, or the bucket
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<Shelf>,
    /// With --all: the most letters to send again
    #[arg(long, default_value_t = 1000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
    /// Say what would be done; nothing is sent and nothing taken out
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Send the bytes of a file in place of those of the one letter that is named
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) with_file: Option<PathBuf>,
    /// Send even what would be refused again, and events of flights that are not there
    #[arg(long)]
    pub(crate) force: bool,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;
    use rstest::rstest;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(format!("x dlq {line}").split(' '))
    }

    #[rstest]
    #[case("list")]
    #[case("list --queue unknown-flights --json --limit 5")]
    #[case("show 1f0c")]
    #[case("redrive 1f0c 2a4b --dry-run")]
    #[case("redrive 1f0c --with-file mended.json")]
    #[case("redrive --all --queue bucket")]
    #[case("drop 1f0c")]
    fn what_makes_sense_is_taken(#[case] line: &str) {
        assert!(parsed(line).is_ok(), "{}", parsed(line).unwrap_err());
    }

    #[rstest]
    #[case("redrive", "<ID>")]
    #[case("redrive 1f0c --all", "cannot be used with")]
    #[case("redrive --all --with-file f", "cannot be used with")]
    #[case("list --limit 0", "1..=1000")]
    #[case("list --queue letters", "unknown-flights")]
    #[case("drop", "<ID>")]
    fn what_makes_no_sense_gets_a_sentence(#[case] line: &str, #[case] says: &str) {
        let error = parsed(line).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
