//! Writing to Kafka.

use crate::stop::Stop;
use flightpulse_contracts::OPERATIONS_TOPIC;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a record may take until the brokers have it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Where a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordAt {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    pub(crate) offset: i64,
}

/// Writes a record to the topic of flight operations and waits until the brokers have it.
pub(crate) async fn write(
    brokers: &str,
    key: Option<&str>,
    value: &[u8],
    correlation_id: &str,
) -> Result<RecordAt, Stop> {
    let cannot = |why: String| {
        Stop::CannotRun(format!("Kafka at {brokers} has not taken the record: {why}"))
    };
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("client.id", "flightpulse-simulator")
        .set("acks", "all")
        .set("broker.address.family", "v4")
        .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
        .create()
        .map_err(|error| cannot(error.to_string()))?;
    let headers = OwnedHeaders::new()
        .insert(Header { key: "correlation_id", value: Some(correlation_id.as_bytes()) });
    let mut record =
        FutureRecord::<str, [u8]>::to(OPERATIONS_TOPIC).payload(value).headers(headers);
    if let Some(key) = key {
        record = record.key(key);
    }
    let at = producer
        .send(record, Timeout::After(TIMEOUT))
        .await
        .map_err(|(error, _)| cannot(error.to_string()))?;
    Ok(RecordAt { topic: OPERATIONS_TOPIC.into(), partition: at.partition, offset: at.offset })
}
