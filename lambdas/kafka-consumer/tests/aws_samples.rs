//! The events that AWS publishes go through the consumer: their records are none of ours, so
//! each must end in the dead letters with its reason; with one of ours put in, it is published.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_kafka_batch::Invocation;
use flightpulse_kafka_consumer::handler::Consumer;
use flightpulse_store::RecordWriter;
use flightpulse_store::memory::MemoryStore;
use rstest::rstest;
use serde_json::{Value, json};

fn sample(name: &str) -> Value {
    let path = format!("{}/../../sample-data/aws-events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// As Lambda hands it over.
fn invocation(event: &Value) -> Invocation {
    Invocation::read(&event.to_string()).unwrap()
}

#[rstest]
#[case("msk-rust-runtime", 1)]
#[case("msk-powertools", 3)]
#[case("self-managed-powertools", 1)]
#[tokio::test]
async fn aws_own_sample_events_go_through(#[case] name: &str, #[case] records: usize) {
    let flights = MemoryStore::default();
    flights.put_flight(&flightpulse_store::conformance::flight("SW5678")).await.unwrap();
    let (bus, dead_letters) = (MemoryBus::default(), MemoryDeadLetters::default());
    let consumer = Consumer { flights, bus: bus.clone(), dead_letters: dead_letters.clone() };
    let now = "2026-11-21T10:00:00Z".parse().unwrap();

    let mut event = sample(name);
    let answer = consumer.handle(invocation(&event), now).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!((bus.published().len(), dead_letters.kept().len()), (0, records));

    let ours = json!({
        "event_id": "e1", "event_type": "GATE_CHANGE", "timestamp": "2026-11-21T09:00:00Z",
        "source": "ops", "payload": {"flight_id": "SW5678", "new_gate": "D15"},
    });
    let partitions = event["records"].as_object_mut().unwrap();
    let first = partitions.values_mut().next().unwrap();
    first[0]["value"] = json!(STANDARD.encode(ours.to_string()));
    consumer.handle(invocation(&event), now).await.unwrap();
    assert_eq!(bus.published()[0].detail_type, "flight.gate_change");
}
