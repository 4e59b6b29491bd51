//! The events that AWS publishes go through the handler: their records are of other tables, so each
//! must be answered for by its own number; with one of ours put in, it is published.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_bus::memory::MemoryBus;
use flightpulse_store::dynamo::stream::StreamEvent;
use flightpulse_stream_handler::handler::StreamHandler;
use rstest::rstest;
use serde_json::{Value, json};

/// As Lambda hands it over.
fn handed(event: &Value) -> StreamEvent {
    StreamEvent::read(&event.to_string())
}

fn sample(name: &str) -> Value {
    let path = format!("{}/../../sample-data/aws-events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn failed(number: &Value) -> Value {
    json!({"batchItemFailures": [{"itemIdentifier": number}]})
}

fn booking(status: &str) -> Value {
    json!({
        "PK": {"S": "BOOKING#B1"}, "SK": {"S": "METADATA"}, "booking_id": {"S": "B1"},
        "passenger_id": {"S": "P1"}, "flight_id": {"S": "SW1"},
        "confirmation_number": {"S": "ABC123"}, "booking_status": {"S": status},
        "created_at": {"S": "2026-11-01T08:00:00Z"},
    })
}

#[rstest]
#[case("dynamodb-stream-rust-runtime")]
#[case("dynamodb-stream-powertools")]
#[tokio::test]
async fn aws_own_sample_events_go_through(#[case] name: &str) {
    let handler = StreamHandler { bus: MemoryBus::default() };
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let sample = sample(name);
    let records = sample["Records"].as_array().unwrap();
    assert_eq!(records.len(), 2);

    // The first of several isolates itself, then each alone is answered for.
    assert_eq!(
        handler.handle(handed(&sample), now).await.unwrap_err().error_type(),
        "InvalidInput"
    );
    for record in records {
        let answer = handler.handle(handed(&json!({"Records": [record]})), now).await.unwrap();
        assert_eq!(answer, failed(&record["dynamodb"]["SequenceNumber"]));
    }

    // The item becomes one of ours; every attribute of theirs stays, of whatever type it is.
    let mut ours = records[1].clone();
    ours["eventName"] = json!("MODIFY");
    ours["dynamodb"]["ApproximateCreationDateTime"] =
        records[0]["dynamodb"]["ApproximateCreationDateTime"].clone();
    let inner = ours["dynamodb"].as_object_mut().unwrap();
    inner["Keys"] = json!({"PK": {"S": "BOOKING#B1"}, "SK": {"S": "METADATA"}});
    inner.insert("OldImage".to_owned(), booking("CONFIRMED"));
    let image = inner["NewImage"].as_object_mut().unwrap();
    image.extend(booking("CANCELLED").as_object().unwrap().clone());
    let answer = handler.handle(handed(&json!({"Records": [ours]})), now).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(handler.bus.published()[0].detail_type, "booking.status_changed");
}
