//! Events of the operations centre, as its systems would write them to Kafka.

use crate::cli::{EventType, ProduceOptions};
use crate::stop::Stop;
use clap::ValueEnum;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_domain::inbound::OperationsEvent;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Who says so in an event of ours.
const SOURCE: &str = "flightpulse-simulator";

/// An event that is ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewEvent {
    /// Its id.
    pub(crate) event_id: EventId,
    /// Its flight: the record's key.
    pub(crate) flight_id: FlightId,
    /// Its value.
    pub(crate) value: Value,
}

impl NewEvent {
    /// An event of this type with this payload, which has the flight.
    pub(crate) fn new(
        event_type: &str,
        payload: &Value,
        event_id: Option<EventId>,
        timestamp: Timestamp,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        let event_id = match event_id {
            Some(id) => id,
            None => EventId::new(format!("sim-{}", Uuid::new_v4())).map_err(usage)?,
        };
        let value = json!({
            "event_id": event_id,
            "event_type": event_type,
            "timestamp": timestamp,
            "source": SOURCE,
            "payload": payload,
        });
        // What our own consumer would refuse is refused here, with the same sentence; what is
        // wrong on purpose is sent by --raw.
        let read = OperationsEvent::read(Some(value.to_string().as_bytes()), now);
        let flight_id = read.map_err(usage)?.flight_id;
        Ok(Self { event_id, flight_id, value })
    }

    /// The same, from this source.
    pub(crate) fn said_by(mut self, source: &str) -> Self {
        if let Some(said) = self.value.get_mut("source") {
            *said = json!(source);
        }
        self
    }

    /// The event that the options describe.
    pub(crate) fn of(options: &ProduceOptions, now: Timestamp) -> Result<Self, Stop> {
        let (Some(event_type), Some(flight_id)) = (options.event_type, &options.flight_id) else {
            return Err(Stop::Usage("--event-type and --flight-id are needed".into()));
        };
        let mut payload = Map::from_iter([("flight_id".to_owned(), json!(flight_id))]);
        for Field { option, name, value, types } in fields(options) {
            match value {
                Some(_) if !types.contains(&event_type) => {
                    return Err(Stop::Usage(format!(
                        "{option} does not belong to {}; it is for {}",
                        name_of(event_type),
                        types.iter().copied().map(name_of).collect::<Vec<_>>().join(" and "),
                    )));
                }
                Some(value) => drop(payload.insert(name.to_owned(), value)),
                None => {}
            }
        }
        let needed = match event_type {
            EventType::FlightDelay => Some(("delay_minutes", "--delay-minutes")),
            EventType::GateChange => Some(("new_gate", "--new-gate")),
            EventType::FlightCancelled | EventType::FlightReinstated => None,
        };
        if let Some((_, option)) = needed.filter(|(name, _)| !payload.contains_key(*name)) {
            return Err(Stop::Usage(format!("{} needs {option}", name_of(event_type))));
        }
        if matches!(event_type, EventType::FlightDelay | EventType::FlightCancelled) {
            payload.entry("reason").or_insert_with(|| json!("OTHER"));
        }
        let timestamp = options.timestamp.unwrap_or(now);
        Self::new(&name_of(event_type), &payload.into(), options.event_id.clone(), timestamp, now)
    }
}

struct Field {
    option: &'static str,
    name: &'static str,
    value: Option<Value>,
    types: &'static [EventType],
}

fn fields(options: &ProduceOptions) -> [Field; 9] {
    const DELAY: &[EventType] = &[EventType::FlightDelay];
    const REASONED: &[EventType] = &[EventType::FlightDelay, EventType::FlightCancelled];
    const TIMED: &[EventType] = &[EventType::FlightDelay, EventType::FlightReinstated];
    const CANCELLED: &[EventType] = &[EventType::FlightCancelled];
    const GATE: &[EventType] = &[EventType::GateChange];
    let text = |value: &Option<String>| value.as_ref().map(|text| json!(text));
    let field = |option, name, value, types| Field { option, name, value, types };
    let terminal_change = options.terminal_change.then_some(Value::Bool(true));
    let minutes = options.delay_minutes.map(|minutes| json!(minutes));
    let time = |time: &Option<Timestamp>| time.map(|time| json!(time));
    let priority = text(&options.rebooking_priority);
    [
        field("--delay-minutes", "delay_minutes", minutes, DELAY),
        field("--reason", "reason", text(&options.reason), REASONED),
        field("--reason-detail", "reason_detail", text(&options.reason_detail), REASONED),
        field("--new-departure", "new_departure", time(&options.new_departure), TIMED),
        field("--new-arrival", "new_arrival", time(&options.new_arrival), TIMED),
        field("--rebooking-priority", "rebooking_priority", priority, CANCELLED),
        field("--old-gate", "old_gate", text(&options.old_gate), GATE),
        field("--new-gate", "new_gate", text(&options.new_gate), GATE),
        field("--terminal-change", "terminal_change", terminal_change, GATE),
    ]
}

fn name_of(event_type: EventType) -> String {
    event_type.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn usage(error: impl std::fmt::Display) -> Stop {
    Stop::Usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;
    use rstest::rstest;

    fn event(line: &str) -> Result<NewEvent, Stop> {
        let words = format!("x produce {line}");
        let cli = Cli::try_parse_from(words.split_whitespace()).unwrap();
        let Command::Produce(options) = cli.command else { panic!("{cli:?}") };
        NewEvent::of(&options, "2026-11-21T10:00:00Z".parse().unwrap())
    }

    #[rstest]
    #[case(
        "--event-type FLIGHT_DELAY --flight-id SW1234 --delay-minutes 30",
        r#"{"delay_minutes":30,"flight_id":"SW1234","reason":"OTHER"}"#
    )]
    #[case(
        "--event-type FLIGHT_CANCELLED --flight-id SW9012 --reason WEATHER",
        r#"{"flight_id":"SW9012","reason":"WEATHER"}"#
    )]
    #[case(
        "--event-type GATE_CHANGE --flight-id SW3456 --old-gate A5 --new-gate D15 --terminal-change",
        r#"{"flight_id":"SW3456","new_gate":"D15","old_gate":"A5","terminal_change":true}"#
    )]
    #[case("--event-type FLIGHT_REINSTATED --flight-id SW9012", r#"{"flight_id":"SW9012"}"#)]
    #[case(
        "--event-type FLIGHT_CANCELLED --flight-id SW9012 --rebooking-priority HIGH",
        r#"{"flight_id":"SW9012","reason":"OTHER","rebooking_priority":"HIGH"}"#
    )]
    #[case(
        "--event-type FLIGHT_REINSTATED --flight-id SW9012 --new-departure 2026-11-22T19:00:00-06:00",
        r#"{"flight_id":"SW9012","new_departure":"2026-11-23T01:00:00Z"}"#
    )]
    #[case(
        "--event-type FLIGHT_DELAY --flight-id SW1234 --delay-minutes 30 \
         --new-departure 2026-11-22T16:00:00Z --new-arrival 2026-11-22T18:00:00Z",
        r#"{"delay_minutes":30,"flight_id":"SW1234","new_arrival":"2026-11-22T18:00:00Z","new_departure":"2026-11-22T16:00:00Z","reason":"OTHER"}"#
    )]
    fn the_options_make_the_payload(#[case] line: &str, #[case] payload: &str) {
        assert_eq!(event(line).unwrap().value["payload"].to_string(), payload);
    }

    #[rstest]
    #[case("--event-type FLIGHT_DELAY --flight-id SW1", "FLIGHT_DELAY needs --delay-minutes")]
    #[case(
        "--event-type GATE_CHANGE --flight-id SW1 --old-gate A5",
        "GATE_CHANGE needs --new-gate"
    )]
    #[case(
        "--event-type GATE_CHANGE --flight-id SW1 --new-gate B1 --delay-minutes 9",
        "--delay-minutes does not belong to GATE_CHANGE; it is for FLIGHT_DELAY"
    )]
    #[case(
        "--event-type GATE_CHANGE --flight-id SW1 --new-gate B1 --new-departure 2026-11-22T16:00:00Z",
        "--new-departure does not belong to GATE_CHANGE; it is for FLIGHT_DELAY and FLIGHT_REINSTATED"
    )]
    #[case(
        "--event-type FLIGHT_REINSTATED --flight-id SW1 --rebooking-priority LOW",
        "--rebooking-priority does not belong to FLIGHT_REINSTATED; it is for FLIGHT_CANCELLED"
    )]
    #[case(
        "--event-type FLIGHT_CANCELLED --flight-id SW1 --rebooking-priority SOON",
        "payload.rebooking_priority must be"
    )]
    #[case(
        "--event-type FLIGHT_DELAY --flight-id SW1 --delay-minutes -5",
        "payload.delay_minutes must be"
    )]
    #[case(
        "--event-type FLIGHT_DELAY --flight-id SW1 --delay-minutes 5 --reason RAIN",
        "payload.reason must be"
    )]
    fn a_combination_that_makes_no_event_gets_a_sentence(#[case] line: &str, #[case] says: &str) {
        let error = event(line).unwrap_err();
        assert!(matches!(error, Stop::Usage(_)) && error.to_string().starts_with(says), "{error}");
    }

    #[test]
    fn an_id_that_is_not_given_is_fresh() {
        let line = "--event-type FLIGHT_REINSTATED --flight-id SW1";
        assert_ne!(event(line).unwrap().event_id, event(line).unwrap().event_id);
    }
}
