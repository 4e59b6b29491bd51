//! How far a consumer group has read a topic.

use crate::kafka;
use crate::place;
use crate::stop::Stop;
use anyhow::Context;
use flightpulse_kafka_mapping::security::LastReason;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// How long the brokers may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The group of the mapping on AWS (`KAFKA_CONSUMER_GROUP` of the CDK app).
const GROUP_ON_AWS: &str = "flightpulse-kafka-consumer";

/// One partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PartitionLag {
    pub(crate) partition: i32,
    /// The offset of the next record to be read; none where the group has committed nothing.
    pub(crate) committed: Option<i64>,
    /// The offset of the next record to be written.
    pub(crate) end: i64,
    /// Records between the two.
    pub(crate) lag: i64,
}

/// A consumer group that is looked at. Looking joins nothing and takes no record.
#[derive(Clone)]
pub(crate) struct Group {
    consumer: Arc<BaseConsumer<LastReason>>,
    reason: LastReason,
    topic: String,
    name: String,
}

impl Group {
    /// The group of this name, the mapping's unless another is given, at the brokers that are named
    /// or those of the local cloud. Nothing is asked yet.
    ///
    /// # Errors
    /// A [`Stop`] that says what is missing: on AWS nothing but the brokers knows how far a group is.
    pub(crate) fn open(
        brokers: Option<&str>,
        topic: &str,
        named: Option<&str>,
        aws: bool,
    ) -> Result<Self, Stop> {
        if aws && brokers.is_none_or(|brokers| brokers.trim().is_empty()) {
            return Err(Stop::Usage(
                "with --aws the lag is known to the brokers alone: give --brokers (or \
                 KAFKA_BROKERS) that can be reached from here"
                    .into(),
            ));
        }
        let brokers = place::brokers(brokers)?;
        let usual = if aws { GROUP_ON_AWS } else { place::pin("KAFKA_GROUP") };
        let name = named.unwrap_or(usual).to_owned();
        let (mut config, reason) = (ClientConfig::new(), LastReason::default());
        kafka::security()?.apply(&mut config);
        let consumer = config
            .set("bootstrap.servers", &brokers)
            .set("client.id", "flightpulse-simulator")
            .set("group.id", &name)
            .set("enable.auto.commit", "false")
            .set("broker.address.family", "v4")
            .create_with_context::<_, BaseConsumer<LastReason>>(reason.clone())
            .map_err(|error| Stop::CannotRun(format!("Kafka at {brokers}: {error}")))?;
        Ok(Self { consumer: Arc::new(consumer), reason, topic: topic.to_owned(), name })
    }

    /// The group's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Every partition, in order.
    pub(crate) async fn lag(&self) -> anyhow::Result<Vec<PartitionLag>> {
        let group = self.clone();
        // The client blocks; a broker that is away must not hold up what else is looked at.
        tokio::task::spawn_blocking(move || group.ask()).await?
    }

    /// The error, with what the brokers said of the connection. Only polling hears that; without a
    /// subscription it joins nothing.
    fn explained(&self, error: &KafkaError) -> anyhow::Error {
        while self.consumer.poll(Duration::ZERO).is_some() {}
        anyhow::anyhow!(self.reason.explain(error))
    }

    fn ask(&self) -> anyhow::Result<Vec<PartitionLag>> {
        let metadata = self.consumer.fetch_metadata(Some(&self.topic), TIMEOUT);
        let metadata = metadata.map_err(|error| self.explained(&error));
        let metadata = metadata.context("Kafka does not answer")?;
        let topic = metadata.topics().iter().find(|topic| topic.name() == self.topic);
        let partitions = topic.map(|topic| topic.partitions()).unwrap_or_default();
        let mut asked = TopicPartitionList::new();
        for partition in partitions {
            asked.add_partition(&self.topic, partition.id());
        }
        let committed = self.consumer.committed_offsets(asked, TIMEOUT);
        let committed = committed.context("Kafka does not say how far the group is")?;
        let mut found = Vec::with_capacity(partitions.len());
        for element in committed.elements() {
            let partition = element.partition();
            let ends = self.consumer.fetch_watermarks(&self.topic, partition, TIMEOUT);
            let (low, end) = ends.with_context(|| format!("partition {partition}"))?;
            let committed = match element.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => None,
            };
            found.push(PartitionLag::new(partition, committed, low, end));
        }
        found.sort_by_key(|one| one.partition);
        Ok(found)
    }
}

impl PartitionLag {
    /// The lag: from what is committed, or from the oldest record, on.
    fn new(partition: i32, committed: Option<i64>, low: i64, end: i64) -> Self {
        let lag = end - committed.unwrap_or(low).max(low);
        Self { partition, committed, end, lag: lag.max(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_begins_at_the_oldest_record_that_is_there() {
        let lag = |committed, low, end| PartitionLag::new(0, committed, low, end).lag;
        assert_eq!(lag(Some(7), 0, 10), 3);
        assert_eq!(lag(None, 4, 10), 6);
        assert_eq!(lag(Some(2), 4, 10), 6);
        assert_eq!(lag(Some(10), 0, 10), 0);
        // A broker that was set up anew knows less than the group.
        assert_eq!(lag(Some(12), 0, 10), 0);
    }
}
