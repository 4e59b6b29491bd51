//! The mapping against the embedded broker, with a function in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use flightpulse_kafka_mapping::batch::Limits;
use flightpulse_kafka_mapping::destination::JsonLinesFile;
use flightpulse_kafka_mapping::event::signed;
use flightpulse_kafka_mapping::invoker::{Invocation, InvokeError, MemoryInvoker};
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::retry::RetryPolicy;
use flightpulse_kafka_mapping::status::State;
use rdkafka::message::{Header, OwnedHeaders};
use support::{Producer, Running, broker, config, offsets, received};

const LONG: Duration = Duration::from_secs(3600);

fn window(config: Config, window: Duration) -> Config {
    Config { limits: Limits { window, ..config.limits }, ..config }
}

fn failed_at(partition: &str, offset: i64) -> Invocation {
    let item = serde_json::json!({"itemIdentifier": {"partition": partition, "offset": offset}});
    Invocation::answer(serde_json::json!({"batchItemFailures": [item]}).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batch_size_cuts_and_the_window_sends_the_rest() {
    let broker = broker(1);
    Producer::new(&broker).fill(0, 7).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(config(&broker, 3), invoker.clone());
    mapping.until_committed(0, 7).await;
    let events = received(&invoker, 3).await;
    let sizes: Vec<usize> = events.iter().map(|e| e.offsets().len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 7);
    assert_eq!((sizes[0], sizes.iter().max()), (3, Some(&3)), "{sizes:?}");
    let order: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    assert_eq!(order, offsets(0, 0..7), "in order, each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_without_end_waits_for_a_full_batch() {
    let broker = broker(1);
    let producer = Producer::new(&broker);
    producer.fill(0, 5).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(window(config(&broker, 3), LONG), invoker.clone());
    mapping.until_committed(0, 3).await;
    producer.fill(0, 1).await;
    mapping.until_committed(0, 6).await;
    let sizes: Vec<_> = received(&invoker, 2).await.iter().map(|e| e.offsets().len()).collect();
    assert_eq!(sizes, [3, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_answer_retries_from_the_failed_offset_while_the_neighbour_is_committed() {
    let broker = broker(2);
    let producer = Producer::new(&broker);
    producer.fill(0, 4).await;
    producer.fill(1, 3).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let invoker = Arc::new(MemoryInvoker::new(move |call, _| {
        let mut released = released.clone();
        async move {
            if call == 0 {
                return Ok(failed_at("flights-0", 2));
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
    assert_eq!(events[1].offsets(), offsets(0, 2..4));
    release.send(true).unwrap();
    let status = mapping.until_committed(0, 4).await;
    assert_eq!((status.records, status.retries), (7, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_string_form_and_function_errors_retry_the_whole_batch() {
    let broker = broker(2);
    let producer = Producer::new(&broker);
    producer.fill(0, 2).await;
    producer.fill(1, 2).await;
    let invoker = Arc::new(MemoryInvoker::new(|call, _| async move {
        Ok(match call {
            0 => Invocation::answer(r#"{"batchItemFailures":[{"itemIdentifier":"flights-0:1"}]}"#),
            1 => Invocation::unhandled(r#"{"errorType":"Runtime.ExitError"}"#),
            _ => Invocation::answer("null"),
        })
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
async fn nothing_is_committed_before_success_so_a_killed_mapping_loses_nothing() {
    let broker = broker(1);
    Producer::new(&broker).fill(0, 3).await;
    let hanging = Arc::new(MemoryInvoker::new(|call, _| async move {
        if call > 0 {
            std::future::pending::<()>().await;
        }
        Ok(Invocation::answer("null"))
    }));
    let mut first =
        Running::start(window(config(&broker, 2), Duration::from_millis(50)), hanging.clone());
    first.until_committed(0, 2).await;
    assert_eq!(received(&hanging, 2).await[1].offsets(), offsets(0, 2..3));
    first.kill().await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut second = Running::start(config(&broker, 2), invoker.clone());
    second.until_committed(0, 3).await;
    assert_eq!(received(&invoker, 1).await[0].offsets(), offsets(0, 2..3));
    assert_eq!(invoker.received().borrow().len(), 1, "what was committed does not come again");
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_the_invocation_and_commits_it() {
    let broker = broker(1);
    Producer::new(&broker).fill(0, 2).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let invoker = Arc::new(MemoryInvoker::new(move |_, _| {
        let mut released = released.clone();
        async move {
            released.wait_for(|open| *open).await.unwrap();
            Ok(Invocation::answer("null"))
        }
    }));
    let mapping = Running::start(config(&broker, 2), invoker.clone());
    received(&invoker, 1).await;
    let ending = tokio::spawn(mapping.stop());
    release.send(true).unwrap();
    let status = ending.await.unwrap();
    assert_eq!((status.state, status.records), (State::Stopped, 2));
    assert_eq!(status.assigned[0].committed, Some(2));
    let next = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(config(&broker, 2), next.clone());
    Producer::new(&broker).fill(0, 1).await;
    mapping.until_committed(0, 3).await;
    assert_eq!(received(&next, 1).await[0].offsets(), offsets(0, 2..3));
}

#[tokio::test(flavor = "multi_thread")]
async fn nulls_stay_null_and_header_bytes_are_signed() {
    let broker = broker(1);
    let headers = OwnedHeaders::new()
        .insert(Header { key: "trace", value: Some(&[0_u8, 127, 128, 255]) })
        .insert(Header { key: "trace", value: Some("é") })
        .insert(Header { key: "none", value: None::<&[u8]> });
    let producer = Producer::new(&broker);
    producer.send_with(0, None, None, headers).await;
    producer.send(0, Some(&[0xFF]), Some(b"")).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let _mapping = Running::start(config(&broker, 2), invoker.clone());
    let records = received(&invoker, 1).await[0].records["flights-0"].clone();
    assert_eq!((&records[0].key, &records[0].value), (&None, &None));
    let header = |name: &str, value: Vec<i8>| BTreeMap::from([(name.to_owned(), value)]);
    let expected = [
        header("trace", vec![0, 127, -128, -1]),
        header("trace", signed("é".as_bytes())),
        header("none", vec![]),
    ];
    assert_eq!(records[0].headers, expected);
    assert_eq!(records[1].key.as_deref(), Some("/w=="));
    assert_eq!(records[1].value.as_deref(), Some(""), "empty is not null");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_reaches_the_destination_and_the_next_records_go_on() {
    let broker = broker(1);
    let producer = Producer::new(&broker);
    producer.fill(0, 2).await;
    let invoker = Arc::new(MemoryInvoker::new(|_, event| async move {
        let poison = event.offsets().iter().any(|(_, offset)| *offset == 1);
        Ok(if poison { failed_at("flights-0", 1) } else { Invocation::answer("null") })
    }));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("failed.jsonl");
    let once = config(&broker, 2);
    let once = Config { retry: RetryPolicy { max_retries: Some(2), ..once.retry }, ..once };
    let destination = Arc::new(JsonLinesFile(path.clone()));
    let mut mapping = Running::with_destination(once, invoker.clone(), Some(destination));
    mapping.until_committed(0, 2).await;
    producer.fill(0, 1).await;
    let status = mapping.until_committed(0, 3).await;
    assert_eq!((status.records, status.failed_records, status.retries), (2, 1, 2));
    let line = std::fs::read_to_string(path).unwrap();
    let document: serde_json::Value = serde_json::from_str(&line).expect("one line");
    assert_eq!(document["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(document["requestContext"]["approximateInvokeCount"], 3);
    let event: serde_json::Value =
        serde_json::from_str(document["payload"].as_str().unwrap()).unwrap();
    assert_eq!(event["records"]["flights-0"][0]["offset"], 1);
    assert_eq!(event["records"]["flights-0"][0]["value"], "MQ==");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_member_takes_over_half_and_every_record_arrives() {
    let broker = broker(4);
    let producer = Producer::new(&broker);
    for partition in 0..4 {
        producer.fill(partition, 3).await;
    }
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut first = Running::start(config(&broker, 100), invoker.clone());
    first.until("all four", |s| s.assigned.len() == 4 && s.records == 12).await;
    let mut second = Running::start(config(&broker, 100), invoker.clone());
    second.until("its half", |s| s.assigned.len() == 2).await;
    first.until("the other half", |s| s.assigned.len() == 2).await;
    for partition in 0..4 {
        producer.fill(partition, 1).await;
    }
    let both = |s: &flightpulse_kafka_mapping::status::Status| {
        s.assigned.iter().all(|p| p.committed == Some(4))
    };
    first.until("committed", both).await;
    second.until("committed", both).await;
    let mut all: Vec<_> = invoker.received().borrow().iter().flat_map(|e| e.offsets()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn brokers_and_function_that_are_away_are_waited_for() {
    let broker = broker(1);
    let producer = Producer::new(&broker);
    producer.fill(0, 1).await;
    broker.set_reachable(false).unwrap();
    let invoker = Arc::new(MemoryInvoker::new(|call, _| async move {
        match call {
            0 | 1 => Err(InvokeError::NotReached("connection refused".into())),
            _ => Ok(Invocation::answer("null")),
        }
    }));
    let once = config(&broker, 1);
    let once = Config { retry: RetryPolicy { max_retries: Some(0), ..once.retry }, ..once };
    let mut mapping = Running::start(once, invoker.clone());
    let status = mapping.until("the trouble is told", |s| s.last_error.is_some()).await;
    assert_eq!((status.state, status.brokers_connected), (State::Starting, false));
    broker.set_reachable(true).unwrap();
    let status = mapping.until_committed(0, 1).await;
    assert_eq!((status.records, status.discarded_records), (1, 0));
    broker.set_reachable(false).unwrap();
    mapping.until("the loss is seen", |s| !s.brokers_connected).await;
    broker.set_reachable(true).unwrap();
    producer.fill(0, 1).await;
    mapping.until_committed(0, 2).await;
}
