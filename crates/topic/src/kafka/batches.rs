//! Records in batches that brokers take, and what the client's errors mean for them.

use crate::{AppendError, NewRecord, Place};
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

/// What the client's words have when the brokers do not let us in, or we not them. It tries that
/// again as well and keeps the cause as text alone.
const NOT_LET_IN: [&str; 4] = [
    "SaslAuthenticationFailed",
    "Sasl session error",
    "unsupported sasl mechanism",
    "invalid peer certificate",
];

/// What an error of the client means.
pub(super) fn failure(error: &Error) -> AppendError {
    let text = error.to_string();
    if NOT_LET_IN.iter().any(|words| text.contains(words)) {
        return AppendError::Refused(format!("the brokers do not let us in: {text}"));
    }
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
                | ProtocolError::PolicyViolation
        ),
        _ => false,
    };
    if refused { AppendError::Refused(text) } else { AppendError::Unavailable(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rskafka::client::error::RequestContext;
    use rskafka::{BackoffError, ConnectionError};
    use rstest::rstest;
    use std::time::Duration;

    fn given_up(source: &str) -> Error {
        let deadline = Duration::from_secs(5);
        let source = source.into();
        ConnectionError::RetryFailed(BackoffError::DeadlineExceded { deadline, source }).into()
    }

    // As Apache Kafka 4.1 and the client word it: a wrong password by SCRAM and PLAIN, a token that
    // is not taken, a certificate of an authority that is not trusted.
    #[rstest]
    #[case("Sasl handshake failed: API error: SaslAuthenticationFailed", true)]
    #[case("Sasl handshake failed: Sasl session error: callback error", true)]
    #[case("IO Error: invalid peer certificate: UnknownIssuer", true)]
    #[case("IO Error: Connection refused (os error 111)", false)]
    fn a_sign_in_that_is_refused_is_not_tried_again(#[case] words: &str, #[case] refused: bool) {
        let error = failure(&given_up(words));
        assert_eq!(matches!(error, AppendError::Refused(_)), refused, "{error}");
    }

    #[rstest]
    #[case(ProtocolError::MessageTooLarge, true)]
    #[case(ProtocolError::TopicAuthorizationFailed, true)]
    #[case(ProtocolError::NotEnoughReplicas, false)]
    #[case(ProtocolError::RequestTimedOut, false)]
    fn what_the_brokers_say_of_a_record_decides(
        #[case] protocol_error: ProtocolError,
        #[case] refused: bool,
    ) {
        let error = failure(&Error::ServerError {
            protocol_error,
            error_message: None,
            request: RequestContext::Partition("flight-operations".into(), 0),
            response: None,
            is_virtual: false,
        });
        assert_eq!(matches!(error, AppendError::Refused(_)), refused, "{error}");
    }

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
