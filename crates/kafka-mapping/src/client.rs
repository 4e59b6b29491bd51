//! The Kafka consumer: its settings, and what it tells the poller.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::StreamConsumer;
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::mpsc::UnboundedSender;

use crate::event::TopicPartition;
use crate::offsets::Offsets;
use crate::position::StartingPosition;
use crate::security::Security;

mod callbacks;
mod start;

/// What the consumer tells the poller, in order.
#[derive(Debug)]
pub enum Signal {
    /// These partitions are ours.
    Assigned(Vec<TopicPartition>),
    /// These partitions are no longer ours.
    Revoked(Vec<TopicPartition>),
    /// Once a second: whether any broker is connected. The offsets are already up to date.
    Heartbeat(bool),
    /// The client reports an error that it goes on trying to overcome.
    Trouble(String),
    /// A connection failed, and why in the client's words.
    Refused(RDKafkaErrorCode, String),
    /// It is not known where to start: going on would skip records or send old ones.
    Lost(KafkaError),
}

/// The offsets, shared with the rebalance callback.
pub type SharedOffsets = Arc<Mutex<Offsets>>;

/// Locks the offsets. A panic elsewhere leaves them consistent: every change is one map entry.
pub fn lock(offsets: &SharedOffsets) -> MutexGuard<'_, Offsets> {
    offsets.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The callbacks of the consumer.
pub struct Context {
    signals: UnboundedSender<Signal>,
    offsets: SharedOffsets,
    start: StartingPosition,
}

impl Context {
    /// Callbacks that tell `signals`, keep `offsets`, and start new partitions at `start`.
    pub fn new(
        signals: UnboundedSender<Signal>,
        offsets: SharedOffsets,
        start: StartingPosition,
    ) -> Self {
        Self { signals, offsets, start }
    }
}

/// A consumer of the mapping.
pub type MappingConsumer = StreamConsumer<Context>;

/// Makes a consumer. It connects in the background and goes on trying by itself.
pub fn consumer(
    bootstrap_servers: &str,
    group: &str,
    security: &Security,
    context: Context,
) -> KafkaResult<MappingConsumer> {
    let mut config = ClientConfig::new();
    security.apply(&mut config);
    config
        .set("bootstrap.servers", bootstrap_servers)
        .set("group.id", group)
        .set("client.id", "flightpulse-kafka-mapping")
        // Committing is ours alone, and only after success.
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        // Another starting position is committed before the first fetch (see `start`). Where
        // the committed offset is no longer in the log, the oldest record is the next.
        .set("auto.offset.reset", "earliest")
        .set("session.timeout.ms", "10000")
        .set("heartbeat.interval.ms", "2000")
        // A topic made after the start is found within seconds, not minutes.
        .set("topic.metadata.refresh.interval.ms", "5000")
        .set("reconnect.backoff.ms", "200")
        .set("reconnect.backoff.max.ms", "5000")
        .set("queued.min.messages", "10000")
        .set("queued.max.messages.kbytes", "16384")
        .set("statistics.interval.ms", "1000")
        .set_log_level(RDKafkaLogLevel::Info)
        .create_with_context(context)
}

/// Offsets in the client's form.
pub fn list(offsets: &[(TopicPartition, i64)]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::new();
    for (partition, next) in offsets {
        list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(*next))?;
    }
    Ok(list)
}

impl Context {
    fn tell(&self, signal: Signal) {
        // Nobody listens any more once the poller has ended.
        let _ = self.signals.send(signal);
    }
}
