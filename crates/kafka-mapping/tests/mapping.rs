//! The suite against the embedded broker, and what only that broker can be made to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "support/embedded.rs"]
mod broker;
mod suite;
mod support;

use std::sync::Arc;

use broker::Broker;
use flightpulse_kafka_mapping::invoker::{Invocation, InvokeError, MemoryInvoker};
use flightpulse_kafka_mapping::status::State;
use support::{Producer, Running, config, retries};

#[tokio::test(flavor = "multi_thread")]
async fn brokers_and_function_that_are_away_are_waited_for() {
    let broker = Broker::start(1).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 1).await;
    broker.set_reachable(false);
    let invoker = Arc::new(MemoryInvoker::new(|call, _| async move {
        match call {
            0 | 1 => Err(InvokeError::NotReached("connection refused".into())),
            _ => Ok(Invocation::answer("null")),
        }
    }));
    let mut mapping = Running::start(retries(config(&broker, 1), 0), invoker.clone());
    let status = mapping.until("the trouble is told", |s| s.last_error.is_some()).await;
    assert_eq!((status.state, status.brokers_connected), (State::Starting, false));
    broker.set_reachable(true);
    let status = mapping.until_committed(0, 1).await;
    assert_eq!((status.records, status.discarded_records), (1, 0));
    broker.set_reachable(false);
    mapping.until("the loss is seen", |s| !s.brokers_connected).await;
    broker.set_reachable(true);
    producer.fill(0, 1).await;
    mapping.until_committed(0, 2).await;
}
