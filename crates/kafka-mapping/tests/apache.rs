//! The suite against Apache Kafka, and what only a real broker can show. KAFKA_BROKERS names it;
//! KAFKA_TLS_BROKERS, KAFKA_CA_FILE, KAFKA_USERNAME and KAFKA_PASSWORD its listener with SASL_SSL.
//! `scripts/kafka.sh start` runs one and writes all of them to `kafka.env`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/apache.rs"]
mod broker;
#[path = "apache_only/crash.rs"]
mod crash;
#[allow(dead_code, reason = "the tests of the destinations look at more of a request")]
mod http;
#[path = "apache_only/load.rs"]
mod load;
#[path = "apache_only/security.rs"]
mod security;
mod suite;
mod support;

use std::sync::Arc;

use broker::Broker;
use flightpulse_kafka_mapping::invoker::MemoryInvoker;
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::position::StartingPosition;
use support::{Producer, Running, config, offsets};

/// The embedded broker looks up no offsets by time.
#[tokio::test(flavor = "multi_thread")]
async fn at_timestamp_begins_with_the_first_record_of_that_time() {
    let broker = Broker::start(2).await;
    let producer = Producer::new(&broker);
    let now = jiff::Timestamp::now().as_millisecond();
    for ago in [60_000, 40_000, 20_000] {
        producer.send_at(0, "of partition 0", now - ago).await;
    }
    // Nothing of that time is in partition 1: it begins at its end.
    producer.send_at(1, "too old", now - 60_000).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let starting_position = StartingPosition::AtTimestamp(now - 40_000);
    let from = Config { starting_position, ..config(&broker, 10) };
    let mut mapping = Running::start(from, invoker.clone());
    mapping.until_committed(0, 3).await;
    mapping.until_committed(1, 1).await;
    let events = invoker.received().borrow().clone();
    let sent: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    assert_eq!(sent, offsets(&broker, 0, 1..3));
}
