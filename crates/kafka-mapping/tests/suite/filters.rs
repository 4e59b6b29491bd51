//! Records that the function does not want.

use std::sync::Arc;

use flightpulse_kafka_mapping::filter::Filters;
use flightpulse_kafka_mapping::invoker::{Invocation, MemoryInvoker};
use flightpulse_kafka_mapping::poller::Config;

use crate::broker::Broker;
use crate::support::{LONG, Producer, Running, config, offsets, received, window};

fn delays_only(config: Config) -> Config {
    Config { filters: Filters::parse(&[r#"{"value": {"kind": ["delay"]}}"#]).unwrap(), ..config }
}

async fn write(producer: &Producer, kinds: &[&str]) {
    for kind in kinds {
        let value = serde_json::json!({"kind": kind}).to_string();
        producer.send(0, None, Some(value.as_bytes())).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_holds_back_is_committed_and_never_sent() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    write(&producer, &["gate", "delay", "gate", "delay", "gate", "gate"]).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let filtered = delays_only(window(config(&broker, 2), LONG));
    let mut mapping = Running::start(filtered, invoker.clone());
    let status = mapping.until_committed(0, 6).await;
    assert_eq!((status.records, status.filtered_records), (2, 4));
    write(&producer, &["gate"]).await;
    mapping.until_committed(0, 7).await;
    let events = invoker.received().borrow().clone();
    let sent: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    assert_eq!(sent, [offsets(&broker, 0, 1..2), offsets(&broker, 0, 3..4)].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_behind_a_batch_waits_for_it() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    write(&producer, &["delay"]).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let invoker = Arc::new(MemoryInvoker::new(move |_, _| {
        let mut released = released.clone();
        async move {
            released.wait_for(|open| *open).await.unwrap();
            Ok(Invocation::answer("null"))
        }
    }));
    let mut mapping = Running::start(delays_only(config(&broker, 1)), invoker.clone());
    received(&invoker, 1).await;
    write(&producer, &["gate", "gate"]).await;
    let status = mapping.until("both are held back", |s| s.filtered_records == 2).await;
    assert_eq!(status.assigned[0].committed, None, "the batch before them is not done");
    release.send(true).unwrap();
    mapping.until_committed(0, 3).await;
}
