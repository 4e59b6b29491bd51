//! Decides where partitions start that the group knows nothing of.
//!
//! The decision is committed before the first fetch: a mapping that dies before its first success
//! starts at the same record again, not at what is the latest by then.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::KafkaResult;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tracing::{info, warn};

use super::{Context, list};
use crate::event::TopicPartition;
use crate::position::StartingPosition;

/// How long the brokers may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How often they are asked.
const ATTEMPTS: u32 = 3;

impl Context {
    /// Commits the starting position of those partitions that have no committed offset.
    pub(super) fn place(
        &self,
        consumer: &BaseConsumer<Self>,
        assigned: &[TopicPartition],
    ) -> KafkaResult<()> {
        if self.start == StartingPosition::TrimHorizon || assigned.is_empty() {
            // The client itself starts at the oldest record.
            return Ok(());
        }
        let mut attempt = 1;
        loop {
            match self.try_place(consumer, assigned) {
                Err(error) if attempt < ATTEMPTS => {
                    warn!(%error, attempt, "starting position not found, trying again");
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn try_place(
        &self,
        consumer: &BaseConsumer<Self>,
        assigned: &[TopicPartition],
    ) -> KafkaResult<()> {
        let mut asked = TopicPartitionList::new();
        for partition in assigned {
            asked.add_partition(&partition.topic, partition.partition);
        }
        let committed = consumer.committed_offsets(asked, TIMEOUT)?;
        let mut starts = Vec::new();
        for element in committed.elements() {
            element.error()?;
            if !matches!(element.offset(), Offset::Offset(_)) {
                let partition = TopicPartition::new(element.topic(), element.partition());
                let offset = self.first_offset(consumer, &partition)?;
                starts.push((partition, offset));
            }
        }
        if starts.is_empty() {
            return Ok(());
        }
        consumer.commit(&list(&starts)?, CommitMode::Sync)?;
        info!(?starts, position = ?self.start, "starting position set");
        Ok(())
    }

    fn first_offset(
        &self,
        consumer: &BaseConsumer<Self>,
        partition: &TopicPartition,
    ) -> KafkaResult<i64> {
        let (topic, number) = (&partition.topic, partition.partition);
        if let StartingPosition::AtTimestamp(millis) = self.start {
            let mut asked = TopicPartitionList::new();
            asked.add_partition_offset(topic, number, Offset::Offset(millis))?;
            let found = consumer.offsets_for_times(asked, TIMEOUT)?;
            for element in found.elements() {
                element.error()?;
                if let Offset::Offset(offset) = element.offset() {
                    return Ok(offset);
                }
            }
        }
        consumer.fetch_watermarks(topic, number, TIMEOUT).map(|(_, end)| end)
    }
}
