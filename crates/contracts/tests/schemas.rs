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
use schemars::{Schema, schema_for};
use std::path::Path;

#[rstest]
#[case("booking-status-changed", schema_for!(BookingStatusChanged))]
#[case("flight-event", schema_for!(FlightEvent))]
#[case("flight-resend-event", schema_for!(ResendEvent))]
#[case("flight-status-changed", schema_for!(FlightStatusChanged))]
#[case("notification-event", schema_for!(NotificationEvent))]
#[case("operations-event", schema_for!(OperationsMessage))]
#[case("rebooking-event", schema_for!(RebookingEvent))]
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
