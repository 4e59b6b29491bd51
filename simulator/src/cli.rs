//! What can be asked on the command line.

mod aep;
mod chaos;
mod dlq;
mod live;
mod load;
mod ops;
mod replay;
mod seed;

pub(crate) use aep::{
    AepOptions, AepRequest, Compression, ExportFormat, ExportOptions, NewSecret, PlanOptions,
    SendOptions, SenderOptions, SourceRequest,
};
pub(crate) use chaos::{
    ChaosOptions, ChaosRequest, HistoryOptions, PlayOptions, SettleOptions, VerifyOptions,
};
pub(crate) use dlq::{DlqOptions, DlqRequest, ListOptions, RedriveOptions, Shelf};
pub(crate) use live::WatchOptions;
pub(crate) use load::{FlightsFrom, LoadOptions};
pub(crate) use ops::{Asking, OpsOptions, OpsRequest, Truth, TruthOf};
pub(crate) use replay::ReplayOptions;
pub(crate) use seed::{GeneratedOptions, SeedOptions};

use clap::{Args, Parser, Subcommand, ValueEnum};
use flightpulse_domain::ids::{EventId, FlightId};
use jiff::Timestamp;
use std::path::PathBuf;

/// Seeds an airline, produces events, runs scenarios with a verdict, watches, sees to dead letters,
/// asks what operators ask, and sends bookings.
#[derive(Debug, Parser)]
#[command(
    name = "flightpulse-simulator",
    version,
    after_help = "Exit status: 0 done or passed, 1 a scenario failed, something stays as it was, or the API refused, 2 wrong usage, 3 it could not run, 130 interrupted before it was done.\n\
                  Environment: FLIGHTPULSE_CLOUD_PORT or AWS_ENDPOINT_URL (default: the port in local-cloud/pins.env), FLIGHTPULSE_STATE_DIR (default .local), KAFKA_BROKERS, NO_COLOR."
)]
pub(crate) struct Cli {
    /// Use the stack on AWS, by the ambient AWS configuration, in place of the local cloud
    #[arg(long, global = true)]
    pub(crate) aws: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the sample airline, or a generated network, into the table
    Seed(SeedOptions),
    /// Write one event of the operations centre to Kafka
    Produce(Box<ProduceOptions>),
    /// Write valid events to Kafka at a steady rate, and see how long they take
    Load(LoadOptions),
    /// Run a scenario, show what happens, and judge it
    Scenario(ScenarioOptions),
    /// Replay a real day of departures, and hold what came of it against the data
    Replay(ReplayOptions),
    /// Play a seeded history, which others disturb, and hold what came of it against a model
    Chaos(ChaosOptions),
    /// Watch lag, workflows, notifications and dead letters, live
    Watch(WatchOptions),
    /// See to dead letters: list, show, send again, take out
    Dlq(DlqOptions),
    /// Ask what operators ask: hold, release, tell again, correct; every request is signed
    Ops(OpsOptions),
    /// Send and export bookings as Adobe Experience Platform does, and see to who may send
    Aep(AepOptions),
}

/// The events of the operations centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EventType {
    /// The flight leaves later
    FlightDelay,
    /// The flight does not operate
    FlightCancelled,
    /// The flight leaves from another gate
    GateChange,
    /// A cancellation is taken back
    FlightReinstated,
}

/// What `produce` takes.
#[derive(Debug, Args, Default)]
pub(crate) struct ProduceOptions {
    /// The kind of event
    #[arg(long, required_unless_present = "raw")]
    pub(crate) event_type: Option<EventType>,
    /// The flight; also the record's key
    #[arg(long, required_unless_present = "raw")]
    pub(crate) flight_id: Option<FlightId>,
    /// FLIGHT_DELAY: minutes later than planned; 0 is back on schedule
    #[arg(long, value_name = "MINUTES", allow_negative_numbers = true)]
    pub(crate) delay_minutes: Option<i64>,
    /// FLIGHT_DELAY, FLIGHT_CANCELLED: WEATHER, MECHANICAL, CREW, ATC, SECURITY or OTHER [default: OTHER]
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// FLIGHT_DELAY, FLIGHT_CANCELLED: the reason in words
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason_detail: Option<String>,
    /// FLIGHT_DELAY, FLIGHT_REINSTATED: the departure, as the sender computed it
    #[arg(long, value_name = "RFC 3339")]
    pub(crate) new_departure: Option<Timestamp>,
    /// FLIGHT_DELAY, FLIGHT_REINSTATED: the arrival, as the sender computed it
    #[arg(long, value_name = "RFC 3339")]
    pub(crate) new_arrival: Option<Timestamp>,
    /// FLIGHT_CANCELLED: HIGH, NORMAL or LOW
    #[arg(long, value_name = "PRIORITY")]
    pub(crate) rebooking_priority: Option<String>,
    /// GATE_CHANGE: the gate that it was to leave from
    #[arg(long, value_name = "GATE")]
    pub(crate) old_gate: Option<String>,
    /// GATE_CHANGE: the gate that it leaves from
    #[arg(long, value_name = "GATE")]
    pub(crate) new_gate: Option<String>,
    /// GATE_CHANGE: the new gate is in another terminal
    #[arg(long)]
    pub(crate) terminal_change: bool,
    /// The event's id [default: a fresh one]
    #[arg(long, value_name = "ID")]
    pub(crate) event_id: Option<EventId>,
    /// When it happened [default: now]
    #[arg(long, value_name = "RFC 3339")]
    pub(crate) timestamp: Option<Timestamp>,
    /// Send the bytes of a file as they are, in place of an event: what a faulty sender would
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "event_type", "delay_minutes", "reason", "reason_detail", "new_departure", "new_arrival",
        "rebooking_priority", "old_gate", "new_gate", "terminal_change", "event_id", "timestamp",
    ])]
    pub(crate) raw: Option<PathBuf>,
    /// Write one JSON document: where the record is, and its ids
    #[arg(long)]
    pub(crate) json: bool,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

/// Which scenarios to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// The one of this number.
    One(u32),
    /// All that there are.
    All,
}

impl std::str::FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            _ => text.parse().map(Self::One).map_err(|_| "it is a number or `all`".to_owned()),
        }
    }
}

/// What `scenario` takes.
#[derive(Debug, Args)]
pub(crate) struct ScenarioOptions {
    /// 1 a minor delay, 2 a major delay, 3 a cancellation, 4 a gate change, 5 a rapid sequence of
    /// contradicting and concurrent events, 6 bookings of a feed and then a delay, 7 a feed that loses
    /// some and an export that brings them; all: one after the other
    #[arg(value_name = "NUMBER|all")]
    pub(crate) which: Which,
    /// Write one JSON document in place of the timeline
    #[arg(long)]
    pub(crate) json: bool,
    /// How long to wait for what is expected [default: 60; 180 for scenarios 5 and 7]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout_seconds: Option<u64>,
    /// Leave the table as it is; the sample airline must be at its schedule
    #[arg(long)]
    pub(crate) no_seed: bool,
    /// The brokers [default: those of the local cloud; with --aws the stack's producer function]
    #[arg(long, env = "KAFKA_BROKERS", value_name = "HOST:PORT,...")]
    pub(crate) brokers: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_event_has_the_names_of_the_contract() {
        let line = "x produce --event-type GATE_CHANGE --flight-id SW3456 --new-gate D15";
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let Command::Produce(options) = cli.command else { panic!("{cli:?}") };
        assert_eq!(options.event_type, Some(EventType::GateChange));
    }

    #[test]
    fn bytes_of_a_file_and_the_fields_of_an_event_exclude_each_other() {
        for field in ["--delay-minutes 5", "--rebooking-priority HIGH"] {
            let line = format!("x produce --raw f {field}");
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }

    #[test]
    fn a_scenario_is_a_number_or_all() {
        assert_eq!("3".parse(), Ok(Which::One(3)));
        assert_eq!("all".parse(), Ok(Which::All));
        assert!("every".parse::<Which>().is_err() && "-1".parse::<Which>().is_err());
    }
}
