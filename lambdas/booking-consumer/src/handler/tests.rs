use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_booking_queue::memory::MemoryBookingQueue;
use flightpulse_dead_letters::Origin;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use rstest::rstest;
use serde_json::json;

type Parts = Consumer<MemoryBookingQueue, MemoryDeadLetters>;

fn consumer() -> Parts {
    Consumer { queue: MemoryBookingQueue::default(), dead_letters: MemoryDeadLetters::default() }
}

/// As Lambda hands it over.
fn invocation(event: &Value) -> Invocation {
    Invocation::read(&event.to_string()).unwrap()
}

fn now() -> Timestamp {
    "2026-12-01T10:00:00Z".parse().unwrap()
}

fn record(partition: i64, offset: i64, value: &str) -> Value {
    json!({
        "topic": "bookings", "partition": partition, "offset": offset,
        "timestamp": 1_763_719_140_000_i64, "timestampType": "CREATE_TIME",
        "key": STANDARD.encode("QX7R2M"), "value": STANDARD.encode(value), "headers": [],
    })
}

fn batch(records: &[Value]) -> Value {
    let mut partitions = serde_json::Map::new();
    for record in records {
        let name = format!("bookings-{}", record["partition"]);
        let list = partitions.entry(name).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(record.clone());
    }
    json!({
        "eventSource": "SelfManagedKafka",
        "bootstrapServers": "airline.servicebus.windows.net:9093", "records": partitions,
    })
}

fn queued(parts: &Parts) -> Vec<Value> {
    parts.queue.sent().into_iter().flat_map(|message| message.events).collect()
}

fn failures(answer: &Value) -> Vec<(&str, i64)> {
    let items = answer["batchItemFailures"].as_array().unwrap();
    let place = |item: &'_ Value| item["itemIdentifier"]["offset"].as_i64().unwrap();
    items
        .iter()
        .map(|item| (item["itemIdentifier"]["partition"].as_str().unwrap(), place(item)))
        .collect()
}

#[rstest]
#[case(r#"{"_id": "1"}"#, json!([{"_id": "1"}]))]
#[case(r#"[{"_id": "1"}, 2, null]"#, json!([{"_id": "1"}, 2, null]))]
#[case(r#"{"events": [{"_id": "1"}, {"_id": "2"}]}"#, json!([{"_id": "1"}, {"_id": "2"}]))]
#[case(r#"{"event_id": "E1", "event": {"a": 1}}"#, json!([{"a": 1, "_id": "E1"}]))]
#[case("[]", json!([]))]
#[tokio::test]
async fn a_record_has_one_event_or_several(#[case] value: &str, #[case] expected: Value) {
    let parts = consumer();
    let answer = parts.handle(invocation(&batch(&[record(0, 7, value)])), now()).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(Value::Array(queued(&parts)), expected);
    assert_eq!(parts.dead_letters.kept(), []);
}

#[tokio::test]
async fn a_batch_is_few_messages_of_this_feed_in_the_order_of_its_records() {
    let parts = consumer();
    let records: Vec<_> = (0..100).map(|n| record(0, n, &json!({"n": n}).to_string())).collect();
    parts.handle(invocation(&batch(&records)), now()).await.unwrap();
    let sent = parts.queue.sent();
    assert_eq!((sent.len(), parts.queue.calls()), (4, 1));
    let of = |message: &BookingMessage| (message.source.clone(), message.feed, message.received_at);
    assert!(sent.iter().all(|one| of(one) == ("event-hubs".into(), Feed::EventHubs, now())));
    let expected: Vec<_> = (0..100).map(|n| json!({"n": n})).collect();
    assert_eq!(queued(&parts), expected);
}

#[tokio::test]
async fn poison_goes_to_the_dead_letters_and_its_neighbours_go_on() {
    let parts = consumer();
    let large = json!({"padding": "x".repeat(250_000)}).to_string();
    let many = format!("[{}]", vec!["{}"; MAX_EVENTS + 1].join(","));
    let mut none = record(1, 4, "");
    none["value"] = Value::Null;
    let mut encoded = record(1, 5, "");
    encoded["value"] = json!("*");
    let answer = parts
        .handle(
            invocation(&batch(&[
                record(0, 1, r#"{"_id": "before"}"#),
                record(0, 2, "no json"),
                record(0, 3, r#"{"_id": "between"}"#),
                record(0, 4, &large),
                record(0, 5, &many),
                none,
                encoded,
                record(1, 6, r#"{"_id": "after"}"#),
            ])),
            now(),
        )
        .await
        .unwrap();
    assert_eq!(answer, json!({"batchItemFailures": []}));
    let ids: Vec<_> = queued(&parts).iter().map(|event| event["_id"].clone()).collect();
    assert_eq!(ids, ["before", "between", "after"]);
    let kept = parts.dead_letters.kept();
    let place = |letter: &flightpulse_dead_letters::DeadLetter| match &letter.origin {
        Origin::KafkaRecord { topic, partition, offset } => (topic.clone(), *partition, *offset),
        other => panic!("{other:?}"),
    };
    let said: Vec<_> = kept
        .iter()
        .map(|letter| (place(letter).1, place(letter).2, letter.reason.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                0,
                2,
                "it is neither an event, nor an array of events, nor {\"events\": […]}, in JSON"
            ),
            (0, 4, "event 0 has 250014 bytes: a message has at most 204800"),
            (0, 5, "it has 5001 events: a record has at most 5000"),
            (1, 4, "the record has no value"),
            (1, 5, "the value is not base64: Invalid symbol 42, offset 0."),
        ]
    );
    assert!(kept.iter().all(|letter| place(letter).0 == "bookings"));
    assert_eq!(kept[0].bytes.as_deref(), Some(b"no json".as_slice()));
    assert_eq!(kept[0].carried.key.as_deref(), Some(b"QX7R2M".as_slice()));
}

#[tokio::test]
async fn what_could_not_be_queued_comes_again_from_the_lowest_offset_of_each_partition() {
    let parts = consumer();
    parts.queue.fail(true);
    let batch = batch(&[
        record(0, 1, "no json"),
        record(0, 2, r#"{"_id": "1"}"#),
        record(0, 3, r#"{"_id": "2"}"#),
        record(3, 9, r#"{"_id": "3"}"#),
        record(5, 1, "no json"),
    ]);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(failures(&answer), [("bookings-0", 2), ("bookings-3", 9)]);
    assert_eq!(parts.dead_letters.kept().len(), 2);
    parts.queue.fail(false);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(failures(&answer), []);
    assert_eq!(queued(&parts).len(), 3);
}

#[tokio::test]
async fn a_record_whose_letter_could_not_be_kept_comes_again() {
    let parts = consumer();
    parts.dead_letters.fail(true);
    let batch = batch(&[record(0, 1, r#"{"_id": "1"}"#), record(0, 2, "no json")]);
    let answer = parts.handle(invocation(&batch), now()).await.unwrap();
    assert_eq!(failures(&answer), [("bookings-0", 2)]);
    assert_eq!(queued(&parts).len(), 1);
}

#[rstest]
#[case(json!({"Records": []}))]
#[case(json!({"body": "{}"}))]
#[case(json!("x"))]
#[tokio::test]
async fn what_is_no_batch_is_refused(#[case] event: Value) {
    let refused = consumer().handle(invocation(&event), now()).await;
    assert!(matches!(refused, Err(Failure::InvalidInput(_))), "{refused:?}");
}
