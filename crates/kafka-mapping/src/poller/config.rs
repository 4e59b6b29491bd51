//! What a mapping is told, and why it may end by itself.

use std::time::Duration;

use rdkafka::error::KafkaError;
use thiserror::Error;

use crate::batch::Limits;
use crate::event::Source;
use crate::retry::RetryPolicy;

/// One mapping: a topic, a group, a function.
#[derive(Clone, Debug)]
pub struct Config {
    /// Brokers and form of the event.
    pub source: Source,
    /// The topic.
    pub topic: String,
    /// The consumer group.
    pub group: String,
    /// The function's name, as the status and the failure records tell it.
    pub function: String,
    /// When a batch is full.
    pub limits: Limits,
    /// How often a failed batch goes again.
    pub retry: RetryPolicy,
    /// The most invocations at once; there are never more than partitions.
    pub max_concurrency: usize,
    /// How long invocations under way may take once the mapping is told to stop.
    pub drain: Duration,
}

/// Why a mapping ended by itself.
#[derive(Debug, Error)]
pub enum PollerError {
    /// The client refuses its settings or has failed for good.
    #[error("kafka client: {0}")]
    Kafka(#[from] KafkaError),
    /// A task of the mapping panicked; going on would leave its partitions stuck.
    #[error("a task of the mapping failed: {0}")]
    Task(#[from] tokio::task::JoinError),
}
