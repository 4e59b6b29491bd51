//! What becomes of records that fail.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flightpulse_kafka_mapping::destination::{JsonLinesFile, KafkaTopic};
use flightpulse_kafka_mapping::invoker::{Invocation, MemoryInvoker};
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::retry::RetryPolicy;
use flightpulse_kafka_mapping::security::Security;
use serde_json::Value;

use crate::broker::Broker;
use crate::support::{
    LONG, Producer, Running, config, failed_at, named, offsets, received, retries, window,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_answer_retries_from_the_failed_offset_while_the_neighbour_is_committed() {
    let broker = Broker::start(2).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 4).await;
    producer.fill(1, 3).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let name = named(&broker, 0);
    let invoker = Arc::new(MemoryInvoker::new(move |call, _| {
        let (mut released, name) = (released.clone(), name.clone());
        async move {
            if call == 0 {
                return Ok(failed_at(&name, 2));
            }
            released.wait_for(|open| *open).await.unwrap();
            Ok(Invocation::answer("{}"))
        }
    }));
    let mut mapping = Running::start(window(config(&broker, 7), LONG), invoker.clone());
    mapping.until_committed(1, 3).await;
    mapping.until_committed(0, 2).await;
    let events = received(&invoker, 2).await;
    assert_eq!(events[0].offsets().len(), 7, "both partitions in one event");
    assert_eq!(events[1].offsets(), offsets(&broker, 0, 2..4));
    release.send(true).unwrap();
    let status = mapping.until_committed(0, 4).await;
    assert_eq!((status.records, status.retries), (7, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_string_form_and_function_errors_retry_the_whole_batch() {
    let broker = Broker::start(2).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 2).await;
    producer.fill(1, 2).await;
    let name = named(&broker, 0);
    let invoker = Arc::new(MemoryInvoker::new(move |call, _| {
        let string = format!(r#"{{"batchItemFailures":[{{"itemIdentifier":"{name}:1"}}]}}"#);
        async move {
            Ok(match call {
                0 => Invocation::answer(string),
                1 => Invocation::unhandled(r#"{"errorType":"Runtime.ExitError"}"#),
                _ => Invocation::answer("null"),
            })
        }
    }));
    let mut mapping = Running::start(window(config(&broker, 4), LONG), invoker.clone());
    mapping.until_committed(0, 2).await;
    let status = mapping.until_committed(1, 2).await;
    let events = received(&invoker, 3).await;
    assert_eq!(events[0].offsets().len(), 4);
    assert!(events[1] == events[0] && events[2] == events[0], "the same batch, three times");
    assert!(status.last_error.unwrap().message.contains("Runtime.ExitError"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unless_failures_are_reported_an_answer_that_names_them_is_a_success() {
    let broker = Broker::start(1).await;
    Producer::new(&broker).fill(0, 2).await;
    let name = named(&broker, 0);
    let invoker = Arc::new(MemoryInvoker::new(move |_, _| {
        let answer = failed_at(&name, 0);
        async move { Ok(answer) }
    }));
    let silent = Config { report_batch_item_failures: false, ..config(&broker, 2) };
    let mut mapping = Running::start(silent, invoker);
    let status = mapping.until_committed(0, 2).await;
    assert_eq!((status.records, status.retries), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_batch_gives_up_its_poison_alone_and_uses_no_retries_for_the_rest() {
    let broker = Broker::start(1).await;
    Producer::new(&broker).fill(0, 8).await;
    let invoker = Arc::new(MemoryInvoker::new(|_, event| async move {
        let poison = event.offsets().iter().any(|(_, offset)| *offset == 5);
        Ok(if poison { Invocation::unhandled("{}") } else { Invocation::answer("null") })
    }));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("failed.jsonl");
    let splitting = retries(window(config(&broker, 8), LONG), 1);
    let retry = RetryPolicy { bisect_on_error: true, ..splitting.retry };
    let splitting = Config { retry, ..splitting };
    let destination = Arc::new(JsonLinesFile(path.clone()));
    let mut mapping = Running::with_destination(splitting, invoker.clone(), Some(destination));
    let status = mapping.until_committed(0, 8).await;
    assert_eq!((status.records, status.failed_records), (7, 1));
    let sent: Vec<(i64, i64)> = received(&invoker, 8)
        .await
        .iter()
        .map(|e| e.offsets())
        .map(|sent| (sent[0].1, sent[sent.len() - 1].1))
        .collect();
    let expected = [(0, 7), (0, 3), (4, 7), (4, 5), (4, 4), (5, 5), (5, 5), (6, 7)];
    assert_eq!(sent, expected, "in halves, in order, one retry of the poison");
    let line = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_json::from_str(&line).expect("one line");
    let info = &document["KafkaBatchInfo"]["recordsInfo"][named(&broker, 0)];
    assert_eq!((&info["firstRecordOffset"], &info["lastRecordOffset"]), (&"5".into(), &"5".into()));
    assert_eq!(document["requestContext"]["approximateInvokeCount"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_reaches_the_destination_and_the_next_records_go_on() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 2).await;
    let name = named(&broker, 0);
    let invoker = Arc::new(MemoryInvoker::new(move |_, event| {
        let poison = event.offsets().iter().any(|(_, offset)| *offset == 1);
        let answer = if poison { failed_at(&name, 1) } else { Invocation::answer("null") };
        async move { Ok(answer) }
    }));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("failed.jsonl");
    let destination = Arc::new(JsonLinesFile(path.clone()));
    let twice = retries(config(&broker, 2), 2);
    let mut mapping = Running::with_destination(twice, invoker.clone(), Some(destination));
    mapping.until_committed(0, 2).await;
    producer.fill(0, 1).await;
    let status = mapping.until_committed(0, 3).await;
    assert_eq!((status.records, status.failed_records, status.retries), (2, 1, 2));
    let line = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_json::from_str(&line).expect("one line");
    assert_eq!(document["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(document["requestContext"]["approximateInvokeCount"], 3);
    let event: Value = serde_json::from_str(document["payload"].as_str().unwrap()).unwrap();
    let record = &event["records"][named(&broker, 0)][0];
    assert_eq!((&record["offset"], &record["value"]), (&1.into(), &"MQ==".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_takes_each_record_that_is_given_up_with_its_key() {
    let mut broker = Broker::start(1).await;
    let topic = broker.second_topic().await;
    let producer = Producer::new(&broker);
    producer.send(0, Some(b"SW1"), Some(b"one")).await;
    producer.send(0, None, Some(b"two")).await;
    let failing = Arc::new(MemoryInvoker::new(|_, _| async { Ok(Invocation::unhandled("{}")) }));
    let (servers, security) = (broker.bootstrap_servers(), Security::default());
    let letters = KafkaTopic::new(servers, &security, &topic, broker.topic()).unwrap();
    let once = retries(window(config(&broker, 2), LONG), 0);
    let mut mapping = Running::with_destination(once, failing, Some(Arc::new(letters)));
    let status = mapping.until_committed(0, 2).await;
    assert_eq!((status.records, status.failed_records), (0, 2));
    let reader = Arc::new(MemoryInvoker::succeeding());
    let on_letters = Config { topic: topic.clone(), group: topic.clone(), ..config(&broker, 2) };
    let mut reading = Running::start(on_letters, reader.clone());
    reading.until_committed(0, 2).await;
    let events = reader.received().borrow().clone();
    let records: Vec<_> = events.iter().flat_map(|e| e.records.values().flatten()).collect();
    assert_eq!(records[0].key.as_deref(), Some("U1cx"));
    assert_eq!(records[1].key, None);
    let value = STANDARD.decode(records[1].value.as_ref().unwrap()).unwrap();
    let document: Value = serde_json::from_slice(&value).unwrap();
    assert_eq!(document["KafkaBatchInfo"]["recordInfo"]["offset"], "1");
    assert_eq!(document["payload"]["records"][named(&broker, 0)][0]["value"], "dHdv");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_past_the_age_is_given_up_unsent_and_its_neighbours_are_sent() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    let now = jiff::Timestamp::now().as_millisecond();
    producer.send_at(0, "young", now).await;
    producer.send_at(0, "old", now - 3_600_000).await;
    producer.send_at(0, "young", now).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let aging = window(config(&broker, 3), LONG);
    let age = std::time::Duration::from_secs(600);
    let retry = RetryPolicy { max_record_age: Some(age), ..aging.retry };
    let mut mapping = Running::start(Config { retry, ..aging }, invoker.clone());
    let status = mapping.until_committed(0, 3).await;
    assert_eq!((status.records, status.discarded_records), (2, 1));
    let sent = received(&invoker, 1).await[0].offsets();
    assert_eq!(sent, [offsets(&broker, 0, 0..1), offsets(&broker, 0, 2..3)].concat());
}
