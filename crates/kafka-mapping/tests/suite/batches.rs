//! What travels in one invocation.

use std::collections::BTreeMap;
use std::sync::Arc;

use flightpulse_kafka_mapping::batch::MAX_PAYLOAD_BYTES;
use flightpulse_kafka_mapping::event::signed;
use flightpulse_kafka_mapping::invoker::MemoryInvoker;
use rdkafka::message::{Header, OwnedHeaders};

use crate::broker::Broker;
use crate::support::{LONG, Producer, Running, config, named, offsets, received, window};

#[tokio::test(flavor = "multi_thread")]
async fn the_batch_size_cuts_and_the_window_sends_the_rest() {
    let broker = Broker::start(1).await;
    Producer::new(&broker).fill(0, 7).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(config(&broker, 3), invoker.clone());
    mapping.until_committed(0, 7).await;
    let events = received(&invoker, 3).await;
    let sizes: Vec<usize> = events.iter().map(|e| e.offsets().len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 7);
    assert_eq!((sizes[0], sizes.iter().max()), (3, Some(&3)), "{sizes:?}");
    let order: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    assert_eq!(order, offsets(&broker, 0, 0..7), "in order, each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_without_end_waits_for_a_full_batch() {
    let broker = Broker::start(1).await;
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
async fn no_event_exceeds_6_mb_and_large_records_all_arrive() {
    let broker = Broker::start(2).await;
    let producer = Producer::new(&broker);
    // Four of them fit in one event, as base64 and with what stands around them.
    let large = vec![b'x'; 900_000];
    for partition in [0, 1, 0, 1, 0, 1] {
        producer.send(partition, None, Some(&large)).await;
    }
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(config(&broker, 10_000), invoker.clone());
    mapping.until_committed(0, 3).await;
    mapping.until_committed(1, 3).await;
    let events = invoker.received().borrow().clone();
    for event in &events {
        let bytes = serde_json::to_vec(event).unwrap().len();
        assert!(bytes <= MAX_PAYLOAD_BYTES, "{bytes}");
    }
    let mut all: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    all.sort();
    assert_eq!(all, [offsets(&broker, 0, 0..3), offsets(&broker, 1, 0..3)].concat());
    assert!(events.len() > 1, "seven million bytes do not go at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn nulls_stay_null_and_header_bytes_are_signed() {
    let broker = Broker::start(1).await;
    let headers = OwnedHeaders::new()
        .insert(Header { key: "trace", value: Some(&[0_u8, 127, 128, 255]) })
        .insert(Header { key: "trace", value: Some("é") })
        .insert(Header { key: "none", value: None::<&[u8]> });
    let producer = Producer::new(&broker);
    producer.send_with(0, None, None, headers).await;
    producer.send(0, Some(&[0xFF]), Some(b"")).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let _mapping = Running::start(config(&broker, 2), invoker.clone());
    let records = received(&invoker, 1).await[0].records[&named(&broker, 0)].clone();
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
