//! Writes the test's records.

use flightpulse_kafka_mapping::security::Security;
use rdkafka::ClientConfig;
use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{FutureProducer, FutureRecord};

use super::DEADLINE;
use crate::broker::Broker;

pub(crate) struct Producer {
    client: FutureProducer,
    topic: String,
}

impl Producer {
    pub(crate) fn new(broker: &Broker) -> Self {
        Self::at(broker.bootstrap_servers(), &Security::default(), broker.topic())
    }

    pub(crate) fn at(servers: &str, security: &Security, topic: &str) -> Self {
        let mut config = ClientConfig::new();
        security.apply(&mut config);
        let client = config.set("bootstrap.servers", servers).create().unwrap();
        Self { client, topic: topic.to_owned() }
    }

    /// Writes one record and waits for its offset.
    pub(crate) async fn send(
        &self,
        partition: i32,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) -> i64 {
        self.send_with(partition, key, value, OwnedHeaders::new()).await
    }

    pub(crate) async fn send_with(
        &self,
        partition: i32,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
        headers: OwnedHeaders,
    ) -> i64 {
        let record = FutureRecord { partition: Some(partition), ..FutureRecord::to(&self.topic) };
        let record = FutureRecord { key, payload: value, headers: Some(headers), ..record };
        self.client.send(record, DEADLINE).await.unwrap().offset
    }

    /// Writes a record of this time, in milliseconds since the epoch.
    pub(crate) async fn send_at(&self, partition: i32, value: &str, millis: i64) -> i64 {
        let record = FutureRecord { partition: Some(partition), ..FutureRecord::to(&self.topic) };
        let record = record.payload(value).timestamp(millis);
        self.client.send::<[u8], _, _>(record, DEADLINE).await.unwrap().offset
    }

    /// Writes `count` records: their numbers.
    pub(crate) async fn fill(&self, partition: i32, count: usize) {
        for number in 0..count {
            self.send(partition, None, Some(number.to_string().as_bytes())).await;
        }
    }
}
