use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_store::RecordWriter;
use flightpulse_store::conformance::flight;
use flightpulse_store::memory::MemoryStore;

type Parts = Consumer<MemoryStore, MemoryBus, MemoryDeadLetters>;

async fn consumer() -> Parts {
    let flights = MemoryStore::default();
    flights.put_flight(&flight("SW5678")).await.unwrap();
    Consumer { flights, bus: MemoryBus::default(), dead_letters: MemoryDeadLetters::default() }
}

/// As Lambda hands it over.
fn invocation(event: &Value) -> Invocation {
    Invocation::read(&event.to_string()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn delay(event_id: &str, flight_id: &str, minutes: i64) -> Value {
    json!({
        "event_id": event_id, "event_type": "FLIGHT_DELAY", "timestamp": "2026-11-21T09:59:00Z",
        "source": "operations_center",
        "payload": {"flight_id": flight_id, "delay_minutes": minutes, "reason": "MECHANICAL"},
    })
}

fn record(partition: i64, offset: i64, value: &str) -> Value {
    json!({
        "topic": "flight-operations", "partition": partition, "offset": offset,
        "timestamp": 1_763_719_140_000_i64, "timestampType": "CREATE_TIME",
        "key": STANDARD.encode("SW5678"), "value": STANDARD.encode(value), "headers": [],
    })
}

fn event(records: &[Value]) -> Value {
    let mut partitions = serde_json::Map::new();
    for record in records {
        let name = format!("flight-operations-{}", record["partition"]);
        let list = partitions.entry(name).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(record.clone());
    }
    json!({"eventSource": "aws:kafka", "eventSourceArn": "arn:aws:kafka:…", "records": partitions})
}

fn detail(parts: &Parts, at: usize) -> Value {
    serde_json::from_str(&parts.bus.published()[at].detail).unwrap()
}

#[tokio::test]
async fn a_delay_is_enriched_categorised_and_published() {
    let parts = consumer().await;
    let batch = event(&[record(0, 7, &delay("e1", "SW5678", 90).to_string())]);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    let published = parts.bus.published();
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].source, "flightpulse.kafka-consumer");
    assert_eq!(published[0].detail_type, "flight.delay.major");
    insta::assert_json_snapshot!(detail(&parts, 0));
}

#[tokio::test]
async fn a_correlation_id_travels_from_the_header_on() {
    let parts = consumer().await;
    let mut one = record(0, 7, &delay("e1", "SW5678", 10).to_string());
    one["headers"] = json!([{"correlation_id": [114, 117, 110, 45, 49]}]);
    parts.handle(invocation(&event(&[one])), now()).await.unwrap();
    assert_eq!(detail(&parts, 0)["correlation_id"], "run-1");
}

#[tokio::test]
async fn a_flight_that_is_not_known_is_routed_apart() {
    let parts = consumer().await;
    let batch = event(&[record(0, 1, &delay("e1", "SW0001", 90).to_string())]);
    parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(parts.bus.published()[0].detail_type, "flight.unknown");
    assert_eq!(detail(&parts, 0)["delay_minutes"], 90);
}

#[tokio::test]
async fn poison_goes_to_the_dead_letters_and_its_neighbours_go_on() {
    let parts = consumer().await;
    let mut tombstone = record(1, 4, "");
    tombstone["value"] = Value::Null;
    let mut not_base64 = record(1, 5, "");
    not_base64["value"] = json!("%%%");
    let batch = event(&[
        record(0, 1, "not json"),
        record(0, 2, &delay("e1", "SW5678", 90).to_string()),
        record(0, 3, &delay("e2", "SW5678", -5).to_string()),
        tombstone,
        not_base64,
        record(1, 6, &delay("e3", "SW5678", 10).to_string()),
    ]);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(parts.bus.published().len(), 2);
    let kept = parts.dead_letters.kept();
    let told: Vec<_> = kept.iter().map(|letter| (&letter.origin, letter.reason.as_str())).collect();
    insta::assert_debug_snapshot!(told);
    assert_eq!(kept[0].bytes.as_deref(), Some(&b"not json"[..]));
    assert_eq!(kept[2].bytes, None);
}

#[tokio::test]
async fn what_the_bus_does_not_take_comes_again_from_the_lowest_offset() {
    let parts = consumer().await;
    parts.bus.fail_containing(&["e2", "e3", "e5"]);
    let records: Vec<_> = (1..=5)
        .map(|n| record(i64::from(n > 3), n, &delay(&format!("e{n}"), "SW5678", 90).to_string()))
        .collect();
    let answer = parts.handle(invocation(&event(&records)), now()).await.unwrap();
    let failed = |partition: &str, offset: i64| json!({"itemIdentifier": {"partition": format!("flight-operations-{partition}"), "offset": offset}});
    assert_eq!(answer, json!({"batchItemFailures": [failed("0", 2), failed("1", 5)]}));
    assert_eq!(parts.bus.published().len(), 2);
}

#[tokio::test]
async fn nothing_is_lost_when_the_table_or_the_dead_letters_are_away() {
    let parts = consumer().await;
    parts.flights.fail_with(Some("throttled"));
    parts.dead_letters.fail(true);
    let batch =
        event(&[record(0, 1, "not json"), record(1, 9, &delay("e1", "SW5678", 90).to_string())]);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    let failures = answer["batchItemFailures"].as_array().unwrap();
    assert_eq!(failures.len(), 2, "{answer}");
}

#[tokio::test]
async fn an_event_can_be_handed_over_directly() {
    let parts = consumer().await;
    let direct = |body: Value| json!({ "body": body });
    let text = delay("e1", "SW5678", 90).to_string();
    let answer = parts.handle(invocation(&direct(json!(text))), now()).await.unwrap();
    assert_eq!(answer["statusCode"], 202);

    let answer = parts.handle(invocation(&direct(json!("{}"))), now()).await.unwrap();
    assert_eq!(answer["statusCode"], 400);
    assert!(answer["body"].as_str().unwrap().contains("event_id is missing"), "{answer}");
    assert_eq!(parts.dead_letters.kept().len(), 1);

    parts.bus.fail_containing(&["e1"]);
    let failure = parts.handle(invocation(&direct(json!(text))), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "Unavailable");
}

#[tokio::test]
async fn a_hundred_records_are_read_in_one_batched_read() {
    let parts = consumer().await;
    let records: Vec<_> = (0..100)
        .map(|n| record(n % 4, n, &delay(&format!("e{n}"), "SW5678", n).to_string()))
        .collect();
    parts.handle(invocation(&event(&records)), now()).await.unwrap();
    assert_eq!(parts.bus.published().len(), 100);
}

#[tokio::test]
async fn an_empty_batch_and_an_unknown_shape_get_their_answers() {
    let parts = consumer().await;
    let answer = parts.handle(invocation(&json!({"records": {}})), now()).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    let failure = parts.handle(invocation(&json!({"Records": []})), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
}

mod quietly;
