//! Writing to Kafka.

use crate::producer::NewRecord;
use crate::stop::Stop;
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_kafka_mapping::security::{LastReason, Security};
use futures::future::join_all;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::metadata::MetadataTopic;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};
use rdkafka::util::Timeout;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a record may take until the brokers have it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Where a record is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct RecordAt {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
}

/// How the brokers are reached, as the environment says.
///
/// # Errors
/// A [`Stop`] that names the variable which is wrong.
pub(crate) fn security() -> Result<Security, Stop> {
    Security::from_env().map_err(|error| Stop::Usage(error.to_string()))
}

/// A connection to the brokers, for any number of records.
pub(crate) struct Kafka {
    brokers: String,
    producer: FutureProducer<LastReason>,
    reason: LastReason,
}

impl Kafka {
    /// Connects, in the background: what is wrong shows when a record is written.
    pub(crate) fn connect(brokers: &str) -> Result<Self, Stop> {
        let (mut config, reason) = (ClientConfig::new(), LastReason::default());
        security()?.apply(&mut config);
        let producer = config
            .set("bootstrap.servers", brokers)
            .set("client.id", "flightpulse-simulator")
            .set("acks", "all")
            // Records of one partition stay in the order in which they were given, retried or not.
            .set("enable.idempotence", "true")
            // As Java's clients and our producer function place keys, so that a flight's records
            // are in one partition whoever writes them.
            .set("partitioner", "murmur2_random")
            .set("broker.address.family", "v4")
            .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
            .create_with_context(reason.clone())
            .map_err(|error| {
                Stop::CannotRun(format!("there is no Kafka client for {brokers}: {error}"))
            })?;
        Ok(Self { brokers: brokers.to_owned(), producer, reason })
    }

    /// Asks the brokers whether they are there and have the topic.
    ///
    /// # Errors
    /// A [`Stop`] that names them.
    pub(crate) async fn answers(&self) -> Result<(), Stop> {
        let producer = self.producer.clone();
        // The client blocks.
        let asked = tokio::task::spawn_blocking(move || {
            producer.client().fetch_metadata(Some(OPERATIONS_TOPIC), TIMEOUT)
        });
        let asked = asked.await.map_err(|error| Stop::CannotRun(error.to_string()))?;
        let found = asked.map_err(|error| {
            let why = self.reason.explain(error);
            Stop::CannotRun(format!("Kafka at {} does not answer: {why}", self.brokers))
        })?;
        let has_it = |topic: &MetadataTopic| {
            topic.name() == OPERATIONS_TOPIC && !topic.partitions().is_empty()
        };
        if found.topics().iter().any(has_it) {
            return Ok(());
        }
        let brokers = &self.brokers;
        Err(Stop::CannotRun(format!("Kafka at {brokers} has no topic {OPERATIONS_TOPIC}")))
    }

    /// Writes records to the topic of flight operations, without waiting in between, and waits
    /// until the brokers have them all. Answers where each is, in the order given.
    pub(crate) async fn write_all(&self, records: &[NewRecord<'_>]) -> Result<Vec<RecordAt>, Stop> {
        let sent = join_all(records.iter().map(|record| self.write(record))).await;
        sent.into_iter().collect()
    }

    async fn write(&self, new: &NewRecord<'_>) -> Result<RecordAt, Stop> {
        let headers = OwnedHeaders::new()
            .insert(Header { key: "correlation_id", value: Some(new.correlation_id.as_bytes()) });
        let mut record =
            FutureRecord::<str, [u8]>::to(OPERATIONS_TOPIC).payload(new.value).headers(headers);
        if let Some(key) = new.key {
            record = record.key(key);
        }
        let at =
            self.producer.send(record, Timeout::After(TIMEOUT)).await.map_err(|(error, _)| {
                Stop::CannotRun(format!(
                    "Kafka at {} has not taken the record: {}",
                    self.brokers,
                    self.reason.explain(error)
                ))
            })?;
        Ok(RecordAt { topic: OPERATIONS_TOPIC.into(), partition: at.partition, offset: at.offset })
    }
}
