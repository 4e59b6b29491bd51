//! Records in batches that brokers take, and what the client's errors mean for them.

use crate::{AppendError, NewRecord, Place};
use rskafka::ConnectionError;
use rskafka::chrono::{DateTime, Utc};
use rskafka::client::error::{Error, ProtocolError};
use rskafka::record::Record;
use std::time::SystemTime;

/// The most bytes of one batch. Brokers compare a whole batch with their `message.max.bytes`, about
/// 1 MB by default; what is left is for the frame around each record.
const MAX_BATCH_BYTES: usize = 900_000;

/// The frame around one record is smaller.
const FRAME_BYTES: usize = 64;

/// The records of these indexes in batches, in order.
pub(super) fn of<'a>(indexes: &'a [usize], records: &[NewRecord]) -> Vec<&'a [usize]> {
    let (mut batches, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (at, index) in indexes.iter().enumerate() {
        let size = records.get(*index).map_or(0, NewRecord::size) + FRAME_BYTES;
        if at > from && bytes + size > MAX_BATCH_BYTES {
            batches.extend(indexes.get(from..at));
            (from, bytes) = (at, 0);
        }
        bytes += size;
    }
    batches.extend(indexes.get(from..).filter(|rest| !rest.is_empty()));
    batches
}

/// The records of a batch as the client takes them.
pub(super) fn encoded(batch: &[usize], records: &[NewRecord]) -> Vec<Record> {
    let timestamp = now();
    let records = batch.iter().filter_map(|index| records.get(*index));
    records
        .map(|record| Record {
            key: record.key.clone(),
            value: record.value.clone(),
            headers: record.headers.clone(),
            timestamp,
        })
        .collect()
}

fn now() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// Where the nth record of a batch is.
pub(super) fn place(
    partition: i32,
    offsets: &Result<Vec<i64>, AppendError>,
    nth: usize,
) -> Result<Place, AppendError> {
    let offsets = offsets.as_ref().map_err(Clone::clone)?;
    let missing = || AppendError::Unavailable("the brokers named no offset for it".to_owned());
    let offset = *offsets.get(nth).ok_or_else(missing)?;
    Ok(Place { partition, offset })
}

/// The error of a record after one of its partition that could not be written. It can be written
/// later, whatever was wrong with the other.
pub(super) fn not_tried(error: &AppendError) -> AppendError {
    AppendError::Unavailable(format!("not tried after one before it: {error}"))
}

/// What an error of the client means.
pub(super) fn failure(error: &Error) -> AppendError {
    let refused = match error {
        Error::ServerError { protocol_error, .. } => matches!(
            protocol_error,
            ProtocolError::MessageTooLarge
                | ProtocolError::RecordListTooLarge
                | ProtocolError::InvalidRecord
                | ProtocolError::InvalidTopicException
                | ProtocolError::UnknownTopicOrPartition
                | ProtocolError::TopicAuthorizationFailed
                | ProtocolError::ClusterAuthorizationFailed
                | ProtocolError::SaslAuthenticationFailed
                | ProtocolError::PolicyViolation
        ),
        // A sign-in that is refused, as far as the client tells it from a broken connection.
        Error::Connection(ConnectionError::SaslFailed(_)) => true,
        _ => false,
    };
    let text = error.to_string();
    if refused { AppendError::Refused(text) } else { AppendError::Unavailable(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(sizes: &[usize]) -> Vec<NewRecord> {
        let record = |size: &usize| NewRecord { value: Some(vec![0; *size]), ..Default::default() };
        sizes.iter().map(record).collect()
    }

    #[test]
    fn a_batch_is_as_large_as_brokers_take() {
        let half = MAX_BATCH_BYTES / 2 - FRAME_BYTES;
        let records = records(&[half, half, 1, 2 * MAX_BATCH_BYTES, 1]);
        let all: Vec<_> = (0..records.len()).collect();
        let batches = of(&all, &records);
        // What no batch takes is tried alone: the brokers say what is wrong with it.
        assert_eq!(batches, [&[0, 1][..], &[2], &[3], &[4]]);
        assert!(of(&[], &records).is_empty());
    }

    #[test]
    fn a_record_without_an_offset_is_not_written() {
        assert_eq!(place(1, &Ok(vec![7]), 0), Ok(Place { partition: 1, offset: 7 }));
        assert!(place(1, &Ok(vec![7]), 1).is_err());
        let refused = AppendError::Refused("too large".into());
        assert_eq!(place(1, &Err(refused.clone()), 0), Err(refused.clone()));
        assert!(matches!(not_tried(&refused), AppendError::Unavailable(_)));
    }
}
