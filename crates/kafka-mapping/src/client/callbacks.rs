//! What the consumer's callbacks do.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::TopicPartitionList;
use tracing::{debug, warn};

use super::{Context, Signal, list, lock};
use crate::event::TopicPartition;

fn partitions(list: &TopicPartitionList) -> Vec<TopicPartition> {
    list.elements().iter().map(|e| TopicPartition::new(e.topic(), e.partition())).collect()
}

impl Context {
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
                if let Err(error) = self.place(consumer, &assigned) {
                    self.tell(Signal::Lost(error));
                }
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
        // The poller gets the same error as the result of a fetch, without the reason.
        debug!(target: "librdkafka", %error, "{reason}");
        if let Some(code) = error.rdkafka_error_code() {
            // How long it took is another number each time, and would make each failure a new one.
            let reason = reason.split(" (after ").next().unwrap_or(reason);
            self.tell(Signal::Refused(code, reason.to_owned()));
        }
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
