//! What travels in one invocation, and when a batch is full.
//!
//! AWS: a batch goes out when the batching window ends, the batch size is met, or the payload
//! reaches 6 MB, whichever is first; the window begins with the first record
//! (<https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html>).

use std::collections::BTreeMap;
use std::time::Duration;

use crate::event::{EventRecord, KafkaEvent, Source, TopicPartition};

/// The largest request of a synchronous invoke, in bytes: 6 MB as Lambda enforces it
/// (the RequestTooLargeException names this figure).
pub const MAX_PAYLOAD_BYTES: usize = 6_291_556;

/// When a batch is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most records in one invocation. AWS: 1 to 10,000, 100 unless told.
    pub max_records: usize,
    /// How long after the first record a batch waits for more. AWS: 500 ms unless told.
    pub window: Duration,
    /// The most bytes of one event.
    pub max_payload_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_records: 100,
            window: Duration::from_millis(500),
            max_payload_bytes: MAX_PAYLOAD_BYTES,
        }
    }
}

/// A record and what it costs in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The record.
    pub record: EventRecord,
    /// Its length as JSON, in bytes.
    pub bytes: usize,
}

impl Measured {
    /// Measures a record once, on arrival.
    pub fn new(record: EventRecord) -> Self {
        let mut counter = Counter(0);
        // Writing to a counter cannot fail, and the record has no map keys that JSON refuses.
        let _ = serde_json::to_writer(&mut counter, &record);
        Self { record, bytes: counter.0 }
    }
}

struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The records of one partition in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The assignment under which the records were fetched. After a rebalance the result of an
    /// older one must not be committed: another member may be further on.
    pub epoch: u64,
    /// What to commit once every record of the slice is done: the last offset + 1, or more where
    /// filters hold back the records behind it.
    pub end: i64,
    /// The records in offset order; fewer than at first when some went to the destination.
    pub records: Vec<Measured>,
}

/// The records of one invocation. A partition is in at most one batch at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// By partition.
    pub slices: BTreeMap<TopicPartition, Slice>,
}

impl Batch {
    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.slices.values().map(|slice| slice.records.len()).sum()
    }

    /// Whether it holds no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the batch holds this record.
    pub fn contains(&self, partition: &TopicPartition, offset: i64) -> bool {
        self.slices
            .get(partition)
            .is_some_and(|slice| slice.records.iter().any(|r| r.record.offset == offset))
    }

    /// Two halves: of several partitions whole ones go to each side, as evenly as their order
    /// allows; a single partition is cut in its middle, and its second half must follow the first.
    pub fn halves(&self) -> (Self, Self) {
        let half = self.len().div_ceil(2);
        let (mut first, mut second) = (Self::default(), Self::default());
        for (partition, slice) in &self.slices {
            let mut slice = slice.clone();
            if self.slices.len() == 1 {
                let mut head = slice.clone();
                slice.records = head.records.split_off(half.min(head.records.len()));
                head.end = slice.records.first().map_or(head.end, |r| r.record.offset);
                first.slices.insert(partition.clone(), head);
                second.slices.insert(partition.clone(), slice);
            } else if first.is_empty() || first.len() + slice.records.len() <= half {
                first.slices.insert(partition.clone(), slice);
            } else {
                second.slices.insert(partition.clone(), slice);
            }
        }
        (first, second)
    }

    /// The partition written `topic-0`, if the batch has it.
    pub fn partition_named(&self, name: &str) -> Option<&TopicPartition> {
        self.slices.keys().find(|partition| partition.to_string() == name)
    }

    /// The event of the batch.
    pub fn event(&self, source: &Source) -> KafkaEvent {
        let list = |slice: &Slice| slice.records.iter().map(|r| r.record.clone()).collect();
        let nonempty = self.slices.iter().filter(|(_, slice)| !slice.records.is_empty());
        KafkaEvent::new(source, nonempty.map(|(tp, s)| (tp.to_string(), list(s))).collect())
    }

    /// The bytes of the event, never less than what is sent (a comma may be counted twice).
    pub fn payload_bytes(&self, source: &Source) -> usize {
        let slices = self.slices.iter().map(|(tp, slice)| {
            slice_bytes(tp) + slice.records.iter().map(|r| r.bytes + 1).sum::<usize>()
        });
        envelope_bytes(source) + slices.sum::<usize>()
    }
}

/// The bytes of an event without records.
pub fn envelope_bytes(source: &Source) -> usize {
    let empty = KafkaEvent::new(source, BTreeMap::new());
    serde_json::to_vec(&empty).map_or(0, |bytes| bytes.len())
}

/// What a partition's list costs apart from its records: `"topic-0":[],`. A topic's name has
/// only letters, digits, dots, dashes and underscores, so nothing in it is escaped.
pub fn slice_bytes(partition: &TopicPartition) -> usize {
    partition.to_string().len() + 6
}

#[cfg(test)]
mod tests;
