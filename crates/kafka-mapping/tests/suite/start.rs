//! Where a mapping starts.

use std::sync::Arc;

use flightpulse_kafka_mapping::invoker::MemoryInvoker;
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::position::StartingPosition;

use crate::broker::Broker;
use crate::support::{Producer, Running, config, offsets, received};

fn latest(config: Config) -> Config {
    Config { starting_position: StartingPosition::Latest, ..config }
}

#[tokio::test(flavor = "multi_thread")]
async fn latest_begins_behind_what_is_there_and_is_decided_once() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 3).await;
    let hanging = Arc::new(MemoryInvoker::new(|_, _| async { std::future::pending().await }));
    let mut first = Running::start(latest(config(&broker, 1)), hanging.clone());
    first.until_committed(0, 3).await;
    producer.fill(0, 1).await;
    assert_eq!(received(&hanging, 1).await[0].offsets(), offsets(&broker, 0, 3..4));
    first.kill().await;
    // Nothing succeeded, and its end of the log is another by now.
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut second = Running::start(latest(config(&broker, 1)), invoker.clone());
    second.until_committed(0, 4).await;
    assert_eq!(received(&invoker, 1).await[0].offsets(), offsets(&broker, 0, 3..4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_counts_only_where_nothing_is_committed() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 1).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut first = Running::start(config(&broker, 1), invoker);
    first.until_committed(0, 1).await;
    first.stop().await;
    producer.fill(0, 2).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut second = Running::start(latest(config(&broker, 2)), invoker.clone());
    second.until_committed(0, 3).await;
    let events = invoker.received().borrow().clone();
    let sent: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    assert_eq!(sent, offsets(&broker, 0, 1..3));
}
