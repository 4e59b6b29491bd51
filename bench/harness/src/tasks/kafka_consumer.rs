//! `kafka-consumer`: a batch of Kafka records in, one batched read, ten events a call out.

use crate::task::{Compared, Task};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};

/// Flights that the records of a batch are about.
const FLIGHTS: usize = 20;

pub(crate) const TASK: Task = Task {
    name: "kafka-consumer",
    unit: "events",
    // Kafka's mapping hands over 10,000 records at most, and 6 MB.
    sizes: &[1, 10, 100, 1_000, 10_000],
    payload: |records| batch(records, FLIGHTS),
    compared: &[Compared {
        what: "100 records over 20 flights",
        payload: |_| batch(100, FLIGHTS),
        needed: &[("BatchGetItem", 1), ("PutEvents", 10)],
    }],
    has_own_work: true,
    comparable: |answer| answer,
    in_order: false,
};

/// A batch of Kafka records as an event source mapping hands it over: events of all kinds, over so many
/// flights, in three partitions. Each is news, of which somebody is to be told.
pub(crate) fn batch(records: usize, flights: usize) -> Bytes {
    batch_of(records, flights, event)
}

/// The same with events of which nobody need be told: flights that are on time, as they were.
pub(crate) fn quiet(records: usize, flights: usize) -> Bytes {
    batch_of(records, flights, |nth, flight| {
        let payload = json!({"flight_id": flight, "delay_minutes": 0, "reason": "OTHER"});
        said(nth, "FLIGHT_DELAY", payload)
    })
}

fn batch_of(records: usize, flights: usize, event: impl Fn(usize, &str) -> Value) -> Bytes {
    let mut partitions: Map<String, Value> = Map::new();
    for nth in 0..records {
        let flight = format!("SW{}", 1_000 + nth % flights);
        let partition = nth % flights % 3;
        let value = STANDARD.encode(event(nth, &flight).to_string());
        let record = json!({
            "topic": "flight-operations", "partition": partition, "offset": nth, "timestamp": 1_764_547_200_000_u64,
            "timestampType": "CREATE_TIME", "key": STANDARD.encode(&flight), "value": value,
            "headers": [{"correlation_id": format!("c-{nth}").into_bytes()}],
        });
        let name = format!("flight-operations-{partition}");
        let records = partitions.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(records) = records {
            records.push(record);
        }
    }
    let brokers = "b-1.example.com:9098";
    let event =
        json!({"eventSource": "aws:kafka", "bootstrapServers": brokers, "records": partitions});
    Bytes::from(event.to_string())
}

/// Of ten events six are delays, two changes of gates, one a cancellation and one a reinstatement.
fn event(nth: usize, flight: &str) -> Value {
    let (kind, payload) = match nth % 10 {
        0..6 => {
            let minutes = [5, 20, 45, 75, 130, 240][nth % 6];
            let departure = "2035-11-22T22:40:00Z";
            let payload = json!({
                "flight_id": flight, "delay_minutes": minutes, "reason": "WEATHER",
                "reason_detail": "thunderstorms west of the field", "new_departure": departure,
            });
            ("FLIGHT_DELAY", payload)
        }
        6 | 7 => {
            let payload = json!({
                "flight_id": flight, "old_gate": "A5", "new_gate": "D15", "terminal_change": nth.is_multiple_of(2),
            });
            ("GATE_CHANGE", payload)
        }
        8 => {
            let payload =
                json!({"flight_id": flight, "reason": "CREW", "rebooking_priority": "HIGH"});
            ("FLIGHT_CANCELLED", payload)
        }
        _ => (
            "FLIGHT_REINSTATED",
            json!({"flight_id": flight, "new_departure": "2035-11-22T21:30:00Z"}),
        ),
    };
    said(nth, kind, payload)
}

fn said(nth: usize, kind: &str, payload: Value) -> Value {
    json!({
        "event_id": format!("3f0f5a34-7a52-4b6e-9a55-{nth:012}"), "event_type": kind,
        "timestamp": "2025-11-30T12:00:00Z", "source": "operations-centre", "payload": payload,
    })
}
