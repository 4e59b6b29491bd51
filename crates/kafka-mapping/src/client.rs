//! The Kafka consumer: its settings, and what it tells the poller.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::StreamConsumer;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tokio::sync::mpsc::UnboundedSender;
use tracing::{debug, warn};

use crate::event::TopicPartition;
use crate::offsets::Offsets;

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
}

/// A consumer of the mapping.
pub type MappingConsumer = StreamConsumer<Context>;

/// Makes a consumer. It connects in the background and goes on trying by itself.
pub fn consumer(
    bootstrap_servers: &str,
    group: &str,
    signals: UnboundedSender<Signal>,
    offsets: SharedOffsets,
) -> KafkaResult<MappingConsumer> {
    ClientConfig::new()
        .set("bootstrap.servers", bootstrap_servers)
        .set("group.id", group)
        .set("client.id", "flightpulse-kafka-mapping")
        // Committing is ours alone, and only after success.
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
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
        .create_with_context(Context { signals, offsets })
}

/// Offsets in the client's form.
pub fn list(offsets: &[(TopicPartition, i64)]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::new();
    for (partition, next) in offsets {
        list.add_partition_offset(&partition.topic, partition.partition, Offset::Offset(*next))?;
    }
    Ok(list)
}

fn partitions(list: &TopicPartitionList) -> Vec<TopicPartition> {
    list.elements().iter().map(|e| TopicPartition::new(e.topic(), e.partition())).collect()
}

impl Context {
    fn tell(&self, signal: Signal) {
        // Nobody listens any more once the poller has ended.
        let _ = self.signals.send(signal);
    }

    /// Commits what is done of partitions that go to another member, while they are still ours.
    fn hand_over(&self, consumer: &BaseConsumer<Self>, revoked: &[TopicPartition]) {
        let mut pending = lock(&self.offsets).uncommitted();
        pending.retain(|(partition, _)| revoked.contains(partition));
        if pending.is_empty() || consumer.assignment_lost() {
            return;
        }
        let commit = list(&pending).and_then(|list| consumer.commit(&list, CommitMode::Sync));
        if let Err(error) = commit {
            warn!(%error, "offsets not committed before the rebalance; records will come again");
        }
    }
}

impl ConsumerContext for Context {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let assigned = partitions(list);
                let mut offsets = lock(&self.offsets);
                assigned.iter().for_each(|partition| offsets.assign(partition.clone()));
                self.tell(Signal::Assigned(assigned));
            }
            Rebalance::Revoke(list) => {
                let revoked = partitions(list);
                self.hand_over(consumer, &revoked);
                let mut offsets = lock(&self.offsets);
                revoked.iter().for_each(|partition| offsets.revoke(partition));
                self.tell(Signal::Revoked(revoked));
            }
            Rebalance::Error(error) => self.tell(Signal::Trouble(error.to_string())),
        }
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        // Connection failures repeat with every attempt; the poller tells of them once.
        match level {
            RDKafkaLogLevel::Debug | RDKafkaLogLevel::Info | RDKafkaLogLevel::Notice => {
                debug!(target: "librdkafka", facility, "{message}");
            }
            _ if matches!(facility, "FAIL" | "ERROR") => {
                debug!(target: "librdkafka", facility, "{message}");
            }
            _ => warn!(target: "librdkafka", facility, "{message}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        // The poller gets the same error as the result of a fetch, and tells of it once.
        debug!(target: "librdkafka", %error, "{reason}");
    }

    fn stats(&self, statistics: Statistics) {
        let mut offsets = lock(&self.offsets);
        for (topic, of_topic) in &statistics.topics {
            for (number, partition) in &of_topic.partitions {
                let key = TopicPartition::new(topic, *number);
                if partition.hi_offset >= 0 {
                    offsets.high(&key, partition.hi_offset);
                }
                if partition.committed_offset >= 0 {
                    offsets.committed(&[(key, partition.committed_offset)]);
                }
            }
        }
        let connected = statistics.brokers.values().any(|broker| broker.state == "UP");
        self.tell(Signal::Heartbeat(connected));
    }
}
