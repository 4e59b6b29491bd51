//! A producer, and mappings that run beside the test. Which broker it is, the test binary says.

use std::sync::Arc;
use std::time::Duration;

use flightpulse_kafka_mapping::batch::Limits;
use flightpulse_kafka_mapping::destination::Destination;
use flightpulse_kafka_mapping::event::{KafkaEvent, Source};
use flightpulse_kafka_mapping::filter::Filters;
use flightpulse_kafka_mapping::invoker::{Invocation, Invoker, MemoryInvoker};
use flightpulse_kafka_mapping::poller::{Config, Poller};
use flightpulse_kafka_mapping::position::StartingPosition;
use flightpulse_kafka_mapping::retry::RetryPolicy;
use flightpulse_kafka_mapping::security::Security;
use flightpulse_kafka_mapping::status::Status;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::broker::Broker;

mod producer;

pub(crate) use producer::Producer;

/// Generous: it ends a test that would otherwise hang, and is no part of what is tested.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// A window that no test waits for.
pub(crate) const LONG: Duration = Duration::from_secs(3600);

pub(crate) fn config(broker: &Broker, max_records: usize) -> Config {
    Config {
        source: Source {
            bootstrap_servers: broker.bootstrap_servers().to_owned(),
            event_source_arn: None,
        },
        security: Security::default(),
        topic: broker.topic().to_owned(),
        group: broker.topic().to_owned(),
        function: "function".to_owned(),
        starting_position: StartingPosition::TrimHorizon,
        filters: Filters::default(),
        report_batch_item_failures: true,
        limits: Limits { max_records, window: Duration::from_millis(300), ..Limits::default() },
        retry: RetryPolicy { first_pause: Duration::from_millis(20), ..RetryPolicy::default() },
        max_concurrency: 4,
        drain: Duration::from_secs(10),
    }
}

pub(crate) fn window(config: Config, window: Duration) -> Config {
    Config { limits: Limits { window, ..config.limits }, ..config }
}

pub(crate) fn retries(config: Config, max_retries: u32) -> Config {
    let retry = RetryPolicy { max_retries: Some(max_retries), ..config.retry };
    Config { retry, ..config }
}

/// A partition as events and identifiers write it.
pub(crate) fn named(broker: &Broker, partition: i32) -> String {
    format!("{}-{partition}", broker.topic())
}

/// `<topic>-<partition>` with each offset of the range.
pub(crate) fn offsets(
    broker: &Broker,
    partition: i32,
    range: std::ops::Range<i64>,
) -> Vec<(String, i64)> {
    range.map(|offset| (named(broker, partition), offset)).collect()
}

pub(crate) fn failed_at(partition: &str, offset: i64) -> Invocation {
    let item = serde_json::json!({"itemIdentifier": {"partition": partition, "offset": offset}});
    Invocation::answer(serde_json::json!({"batchItemFailures": [item]}).to_string())
}

/// Waits until the function has received `count` events.
pub(crate) async fn received(invoker: &MemoryInvoker, count: usize) -> Vec<KafkaEvent> {
    let mut events = invoker.received();
    let found = tokio::time::timeout(DEADLINE, events.wait_for(|e| e.len() >= count)).await;
    found.expect("the events come").unwrap().clone()
}

/// A mapping that runs beside the test. Dropped, it is killed in the middle of whatever it does.
pub(crate) struct Running {
    pub(crate) status: watch::Receiver<Status>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn start(config: Config, invoker: Arc<MemoryInvoker>) -> Self {
        Self::with_destination(config, invoker, None)
    }

    pub(crate) fn with_destination(
        config: Config,
        invoker: Arc<MemoryInvoker>,
        destination: Option<Arc<dyn Destination>>,
    ) -> Self {
        let poller = Poller::new(config, invoker as Arc<dyn Invoker>, destination);
        let status = poller.status();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            poller.run(async move { drop(stopped.await) }).await.unwrap();
        });
        Self { status, stop: Some(stop), task }
    }

    /// Waits until the status is as wanted.
    pub(crate) async fn until(
        &mut self,
        what: &str,
        wanted: impl FnMut(&Status) -> bool,
    ) -> Status {
        let last = self.status.clone();
        match tokio::time::timeout(DEADLINE, self.status.wait_for(wanted)).await {
            Ok(status) => status.unwrap().clone(),
            Err(_) => panic!("never: {what}; {:?}", *last.borrow()),
        }
    }

    /// Waits until this offset is committed in the partition.
    pub(crate) async fn until_committed(&mut self, partition: i32, next: i64) -> Status {
        self.until(&format!("{partition} committed {next}"), |status| {
            let this = status.assigned.iter().find(|p| p.partition == partition);
            this.is_some_and(|p| p.committed == Some(next))
        })
        .await
    }

    /// Stops it in good order and waits for its end.
    pub(crate) async fn stop(mut self) -> Status {
        drop(self.stop.take());
        tokio::time::timeout(DEADLINE, &mut self.task).await.expect("ends").unwrap();
        self.status.borrow().clone()
    }

    /// Kills it and waits until it has left the group.
    pub(crate) async fn kill(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}
