//! The described events and the parser that reads them: a corpus of events, accepted and refused,
//! goes through the real parser here and through the JSON Schema in `infra/test/asyncapi.test.ts`.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_domain::inbound::OperationsEvent;
use jiff::Timestamp;
use serde_json::Value;

fn corpus() -> Vec<Value> {
    serde_json::from_str(include_str!("../testdata/operations-events.json")).unwrap()
}

fn read(event: &Value) -> Result<OperationsEvent, String> {
    // The clock that the corpus was written by.
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    OperationsEvent::read(Some(event.to_string().as_bytes()), now).map_err(|no| no.to_string())
}

#[test]
fn the_parser_accepts_and_refuses_what_the_corpus_says() {
    let corpus = corpus();
    for case in &corpus {
        let (about, accepted) = (&case["about"], case["accepted"].as_bool().unwrap());
        let read = read(&case["event"]);
        assert_eq!(read.is_ok(), accepted, "{about}: {read:?}");
    }
    let accepted = corpus.iter().filter(|case| case["accepted"] == true).count();
    assert!(accepted >= 20 && corpus.len() - accepted >= 60, "{accepted} of {}", corpus.len());
}

#[test]
fn every_field_of_the_contract_has_an_example() {
    let examples: Vec<_> = corpus().into_iter().filter(|case| case["example"] == true).collect();
    let types: Vec<_> = examples.iter().map(|case| &case["event"]["event_type"]).collect();
    assert_eq!(types, ["FLIGHT_DELAY", "FLIGHT_CANCELLED", "GATE_CHANGE", "FLIGHT_REINSTATED"]);
}
