//! A topic of the same brokers, a dead letter topic.

use std::time::Duration;

use futures::future::{BoxFuture, try_join_all};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use thiserror::Error;

use super::record::Single;
use super::{Destination, DestinationError, FailureRecord};
use crate::security::{LastReason, Security};

/// How long a record may take until the brokers have it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a topic cannot be a destination.
#[derive(Debug, Error)]
pub enum KafkaTopicError {
    /// What fails would come again, for ever.
    #[error("the topic {0} is the mapping's own; failed records must go to another")]
    Recursion(String),
    /// The client refuses its settings.
    #[error("kafka client: {0}")]
    Client(#[from] KafkaError),
}

/// A topic. It gets each record on its own, with its key and the metadata.
pub struct KafkaTopic {
    producer: FutureProducer<LastReason>,
    reason: LastReason,
    topic: String,
}

impl KafkaTopic {
    /// The topic `topic` at these brokers, for a mapping from `from`.
    ///
    /// # Errors
    /// A [`KafkaTopicError`] where the two topics are the same.
    pub fn new(
        bootstrap_servers: &str,
        security: &Security,
        topic: &str,
        from: &str,
    ) -> Result<Self, KafkaTopicError> {
        if topic == from {
            return Err(KafkaTopicError::Recursion(topic.to_owned()));
        }
        let (mut config, reason) = (ClientConfig::new(), LastReason::default());
        security.apply(&mut config);
        let producer = config
            .set("bootstrap.servers", bootstrap_servers)
            .set("client.id", "flightpulse-kafka-mapping")
            .set("acks", "all")
            .set("enable.idempotence", "true")
            // Keys are placed as Java's clients, and so Lambda, place them.
            .set("partitioner", "murmur2_random")
            .set("message.timeout.ms", TIMEOUT.as_millis().to_string())
            .create_with_context(reason.clone())?;
        Ok(Self { producer, reason, topic: topic.to_owned() })
    }

    async fn write(&self, single: Single) -> Result<(), DestinationError> {
        let written = match self.send(&single, &single.whole).await {
            // What is too large for the topic would block its partition for ever.
            Err(KafkaError::MessageProduction(RDKafkaErrorCode::MessageSizeTooLarge)) => {
                self.send(&single, &single.metadata).await
            }
            other => other,
        };
        written.map_err(|error| DestinationError::Refused {
            place: self.topic.clone(),
            reason: self.reason.explain(error),
        })
    }

    async fn send(&self, single: &Single, document: &[u8]) -> Result<(), KafkaError> {
        let mut record = FutureRecord::<[u8], [u8]>::to(&self.topic).payload(document);
        if let Some(key) = &single.key {
            record = record.key(key);
        }
        let sent = self.producer.send(record, Timeout::After(TIMEOUT)).await;
        sent.map(drop).map_err(|(error, _)| error)
    }
}

impl Destination for KafkaTopic {
    fn deliver(&self, record: FailureRecord) -> BoxFuture<'_, Result<(), DestinationError>> {
        Box::pin(async move {
            let singles = record.of_each_record()?;
            try_join_all(singles.into_iter().map(|single| self.write(single))).await.map(drop)
        })
    }
}
