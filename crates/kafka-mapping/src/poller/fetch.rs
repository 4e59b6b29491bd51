//! What a fetched record is to the mapping: sent, or held back by the filters.

use rdkafka::message::{BorrowedMessage, Message as _};

use super::Poller;
use crate::client::lock;
use crate::event::{EventRecord, TopicPartition};
use crate::scheduler::Now;

/// A record that was fetched.
pub(super) enum Fetched {
    Sent(EventRecord),
    /// Held back by the filters: this offset of this partition.
    Skipped(TopicPartition, i64),
}

impl Poller {
    pub(super) fn fetched(&self, message: &BorrowedMessage<'_>) -> Fetched {
        if self.config.filters.admits(message.payload()) {
            Fetched::Sent(EventRecord::from_message(message))
        } else {
            let partition = TopicPartition::new(message.topic(), message.partition());
            Fetched::Skipped(partition, message.offset())
        }
    }

    pub(super) fn take(&mut self, fetched: Fetched) {
        match fetched {
            Fetched::Sent(record) => self.scheduler.push(record, Now::read()),
            Fetched::Skipped(partition, offset) => {
                self.status.send_modify(|status| status.filtered_records += 1);
                if let Some(next) = self.scheduler.skip(&partition, offset) {
                    lock(&self.offsets).done(&partition, next);
                }
            }
        }
    }
}
