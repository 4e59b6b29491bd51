//! The event that Lambda hands to a function for records of Kafka.
//!
//! Shapes: <https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html> (self-managed) and
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html> (Amazon MSK).

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _, Timestamp};
use serde::{Deserialize, Serialize};

/// One partition of one topic; written `topic-0`, which is the key of the event's record lists
/// and the `partition` of a failure's identifier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// The topic's name.
    pub topic: String,
    /// The partition's number within the topic.
    pub partition: i32,
}

impl TopicPartition {
    /// The partition `partition` of `topic`.
    pub fn new(topic: impl Into<String>, partition: i32) -> Self {
        Self { topic: topic.into(), partition }
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// Who set a record's timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimestampType {
    /// The producer.
    CreateTime,
    /// The broker, on appending.
    LogAppendTime,
    /// Nobody: records of the message format before 0.10; the timestamp is then -1.
    NoTimestampType,
}

/// One record as the function sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// The topic's name.
    pub topic: String,
    /// The partition's number.
    pub partition: i32,
    /// The record's offset in its partition.
    pub offset: i64,
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// Who set the timestamp.
    pub timestamp_type: TimestampType,
    /// Base64; null where the record has no key.
    pub key: Option<String>,
    /// Base64; null is a tombstone and stays null.
    pub value: Option<String>,
    /// In the record's order, one map of one entry each, since a name may repeat. Lambda (a JVM
    /// program) writes the bytes signed: 0xC3 is -61.
    pub headers: Vec<BTreeMap<String, Vec<i8>>>,
}

impl EventRecord {
    /// The partition that the record belongs to.
    pub fn topic_partition(&self) -> TopicPartition {
        TopicPartition::new(self.topic.clone(), self.partition)
    }

    /// The record of a consumed message. A header without a value becomes an empty list: AWS
    /// documents no form for it, and a null would fail in the published event types.
    pub fn from_message(message: &BorrowedMessage<'_>) -> Self {
        let (timestamp, timestamp_type) = match message.timestamp() {
            Timestamp::CreateTime(ms) => (ms, TimestampType::CreateTime),
            Timestamp::LogAppendTime(ms) => (ms, TimestampType::LogAppendTime),
            Timestamp::NotAvailable => (-1, TimestampType::NoTimestampType),
        };
        let headers = message.headers().map_or_else(Vec::new, |headers| {
            headers
                .iter()
                .map(|h| BTreeMap::from([(h.key.to_owned(), signed(h.value.unwrap_or_default()))]))
                .collect()
        });
        Self {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp,
            timestamp_type,
            key: message.key().map(|bytes| STANDARD.encode(bytes)),
            value: message.payload().map(|bytes| STANDARD.encode(bytes)),
            headers,
        }
    }
}

/// Bytes as the signed numbers of a JVM.
pub fn signed(bytes: &[u8]) -> Vec<i8> {
    bytes.iter().map(|byte| byte.cast_signed()).collect()
}

/// Where the records come from; decides between the two documented forms of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `host:port`, several parted by commas.
    pub bootstrap_servers: String,
    /// The ARN of an MSK cluster; with it the event takes the MSK form.
    pub event_source_arn: Option<String>,
}

/// The payload of one invocation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KafkaEvent {
    /// `SelfManagedKafka` or `aws:kafka`.
    pub event_source: String,
    /// Only in the MSK form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_source_arn: Option<String>,
    /// `host:port`, several parted by commas.
    pub bootstrap_servers: String,
    /// The records by `topic-partition`, each list in the order of its offsets.
    pub records: BTreeMap<String, Vec<EventRecord>>,
}

impl KafkaEvent {
    /// The event of these records.
    pub fn new(source: &Source, records: BTreeMap<String, Vec<EventRecord>>) -> Self {
        let form = if source.event_source_arn.is_some() { "aws:kafka" } else { "SelfManagedKafka" };
        Self {
            event_source: form.to_owned(),
            event_source_arn: source.event_source_arn.clone(),
            bootstrap_servers: source.bootstrap_servers.clone(),
            records,
        }
    }

    /// `(topic-partition, offset)` of every record, in order.
    pub fn offsets(&self) -> Vec<(String, i64)> {
        let pairs = |(tp, records): (&String, &Vec<EventRecord>)| {
            records.iter().map(|r| (tp.clone(), r.offset)).collect::<Vec<_>>()
        };
        self.records.iter().flat_map(pairs).collect()
    }
}

#[cfg(test)]
mod tests;
