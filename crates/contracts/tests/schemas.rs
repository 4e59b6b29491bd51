//! The JSON Schemas of what others read, held to the Rust types.
//!
//! After a wanted change: `FLIGHTPULSE_UPDATE=1 cargo test --workspace --test schemas`.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_contracts::flight_events::{FlightEvent, ResendEvent};
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::operations_events::OperationsMessage;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_contracts::status_events::{BookingStatusChanged, FlightStatusChanged};
use rstest::rstest;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use std::path::Path;

// What others write is described as it is read.
fn read<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

// What we write is described as it is written: what is left out at times is not required.
fn written<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

#[rstest]
#[case("booking-status-changed", written::<BookingStatusChanged>())]
#[case("flight-event", written::<FlightEvent>())]
#[case("flight-resend-event", written::<ResendEvent>())]
#[case("flight-status-changed", written::<FlightStatusChanged>())]
#[case("notification-event", written::<NotificationEvent>())]
#[case("operations-event", read::<OperationsMessage>())]
#[case("rebooking-event", written::<RebookingEvent>())]
fn the_committed_schema_is_that_of_the_type(#[case] name: &str, #[case] schema: Schema) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/schemas/{name}.json"));
    let now = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("FLIGHTPULSE_UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, now, "docs/schemas/{name}.json is not the type's schema any more");
}

#[test]
fn every_event_is_documented() {
    // Every name under which an event is published is in the documentation of events.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/EVENTS.md");
    let text = std::fs::read_to_string(path).unwrap();
    for name in [
        "flight.delay.minor",
        "flight.delay.major",
        "flight.delay.severe",
        flightpulse_contracts::names::FLIGHT_CANCELLED,
        flightpulse_contracts::names::FLIGHT_GATE_CHANGE,
        flightpulse_contracts::names::FLIGHT_REINSTATED,
        flightpulse_contracts::names::FLIGHT_UNKNOWN,
        "flight.resend.schedule",
        "flight.resend.gate",
        "flight.resend.status",
        flightpulse_contracts::names::FLIGHT_STATUS_CHANGED,
        flightpulse_contracts::names::BOOKING_STATUS_CHANGED,
        flightpulse_contracts::names::REBOOKING_NEEDED,
        "notification.email",
        "notification.sms",
    ] {
        assert!(text.contains(&format!("`{name}`")), "docs/EVENTS.md does not have {name}");
    }
}
