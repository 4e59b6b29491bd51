//! An embedded broker, a producer, and mappings that run beside the test.

use std::sync::Arc;
use std::time::Duration;

use flightpulse_kafka_mapping::batch::Limits;
use flightpulse_kafka_mapping::broker::EmbeddedBroker;
use flightpulse_kafka_mapping::destination::Destination;
use flightpulse_kafka_mapping::event::{KafkaEvent, Source};
use flightpulse_kafka_mapping::invoker::{Invoker, MemoryInvoker};
use flightpulse_kafka_mapping::poller::{Config, Poller};
use flightpulse_kafka_mapping::retry::RetryPolicy;
use flightpulse_kafka_mapping::status::Status;
use rdkafka::ClientConfig;
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

pub(crate) const TOPIC: &str = "flights";
/// Generous: it ends a test that would otherwise hang, and is no part of what is tested.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn broker(partitions: i32) -> EmbeddedBroker {
    let broker = EmbeddedBroker::start().unwrap();
    broker.create_topic(TOPIC, partitions).unwrap();
    broker
}

pub(crate) fn config(broker: &EmbeddedBroker, max_records: usize) -> Config {
    Config {
        source: Source {
            bootstrap_servers: broker.bootstrap_servers().to_owned(),
            event_source_arn: None,
        },
        topic: TOPIC.to_owned(),
        group: "test".to_owned(),
        function: "function".to_owned(),
        limits: Limits { max_records, window: Duration::from_millis(300), ..Limits::default() },
        retry: RetryPolicy { first_pause: Duration::from_millis(20), ..RetryPolicy::default() },
        max_concurrency: 4,
        drain: Duration::from_secs(10),
    }
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

pub(crate) struct Producer(FutureProducer);

impl Producer {
    pub(crate) fn new(broker: &EmbeddedBroker) -> Self {
        let client = ClientConfig::new()
            .set("bootstrap.servers", broker.bootstrap_servers())
            .create()
            .unwrap();
        Self(client)
    }

    /// Writes one record and waits for its offset.
    pub(crate) async fn send(
        &self,
        partition: i32,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> i64 {
        self.send_with(partition, key, value, OwnedHeaders::new()).await
    }

    pub(crate) async fn send_with(
        &self,
        partition: i32,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: OwnedHeaders,
    ) -> i64 {
        let record = FutureRecord { partition: Some(partition), ..FutureRecord::to(TOPIC) };
        let record = FutureRecord { key, payload: value, headers: Some(headers), ..record };
        self.0.send(record, DEADLINE).await.unwrap().offset
    }

    pub(crate) async fn fill(&self, partition: i32, count: usize) {
        for number in 0..count {
            self.send(partition, None, Some(number.to_string().as_bytes())).await;
        }
    }
}

/// Waits until the function has received `count` events.
pub(crate) async fn received(invoker: &MemoryInvoker, count: usize) -> Vec<KafkaEvent> {
    let mut events = invoker.received();
    let found = tokio::time::timeout(DEADLINE, events.wait_for(|e| e.len() >= count)).await;
    found.expect("the events come").unwrap().clone()
}

/// `flights-<partition>` with each offset of the range.
pub(crate) fn offsets(partition: i32, range: std::ops::Range<i64>) -> Vec<(String, i64)> {
    range.map(|offset| (format!("{TOPIC}-{partition}"), offset)).collect()
}
