//! Small records and batches for the unit tests.

use std::collections::BTreeMap;

use crate::batch::{Batch, Measured, Slice};
use crate::event::{EventRecord, Source, TimestampType, TopicPartition};

pub(crate) fn source() -> Source {
    Source { bootstrap_servers: "127.0.0.1:9092".into(), event_source_arn: None }
}

pub(crate) fn partition(number: i32) -> TopicPartition {
    TopicPartition::new("flights", number)
}

pub(crate) fn record(number: i32, offset: i64) -> EventRecord {
    EventRecord {
        topic: "flights".into(),
        partition: number,
        offset,
        timestamp: 1_700_000_000_000 + offset,
        timestamp_type: TimestampType::CreateTime,
        key: None,
        value: Some("e30=".into()),
        headers: Vec::new(),
    }
}

/// A batch of `(partition, first offset, count)`.
pub(crate) fn batch(slices: &[(i32, i64, i64)]) -> Batch {
    let slice = |&(number, first, count): &(i32, i64, i64)| {
        let records =
            (first..first + count).map(|offset| Measured::new(record(number, offset))).collect();
        let end = first + count;
        (partition(number), Slice { epoch: 1, end, records })
    };
    Batch { slices: slices.iter().map(slice).collect::<BTreeMap<_, _>>() }
}
