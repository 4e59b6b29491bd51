//! Many records to a topic over one connection.

use crate::kafka::RecordAt;
use crate::stop::Stop;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use std::time::Duration;

/// How long a record may take until the brokers have it.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A record that is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    /// Decides the partition.
    pub(crate) key: Option<&'a [u8]>,
    /// None is a tombstone.
    pub(crate) value: Option<&'a [u8]>,
    /// The header of this name.
    pub(crate) correlation_id: Option<&'a str>,
}

/// A topic that is written to.
#[derive(Clone)]
pub(crate) struct Topic {
    producer: FutureProducer,
    name: String,
    brokers: String,
}

impl Topic {
    /// The topic of this name at these brokers. Nothing is asked of them before the first record.
    pub(crate) fn open(brokers: &str, name: &str) -> Result<Self, Stop> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("client.id", "flightpulse-simulator")
            .set("acks", "all")
            // As Java's clients place keys, so that a flight's records are in one partition whoever
            // writes them.
            .set("partitioner", "murmur2_random")
            .set("broker.address.family", "v4")
            .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
            .create()
            .map_err(|error| Stop::CannotRun(format!("Kafka at {brokers}: {error}")))?;
        Ok(Self { producer, name: name.to_owned(), brokers: brokers.to_owned() })
    }

    /// Writes a record and waits until the brokers have it.
    pub(crate) async fn write(&self, record: Outgoing<'_>) -> Result<RecordAt, Stop> {
        let mut outgoing = FutureRecord::<[u8], [u8]>::to(&self.name);
        outgoing.key = record.key;
        outgoing.payload = record.value;
        if let Some(id) = record.correlation_id {
            let header = Header { key: "correlation_id", value: Some(id.as_bytes()) };
            outgoing = outgoing.headers(OwnedHeaders::new().insert(header));
        }
        let at = self.producer.send(outgoing, Timeout::After(TIMEOUT)).await;
        let at = at.map_err(|(error, _)| {
            let brokers = &self.brokers;
            Stop::CannotRun(format!("Kafka at {brokers} has not taken the record: {error}"))
        })?;
        Ok(RecordAt { topic: self.name.clone(), partition: at.partition, offset: at.offset })
    }
}
