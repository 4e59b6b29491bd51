//! What a mapping is told, and why it may end by itself.

use std::time::Duration;

use rdkafka::error::KafkaError;
use thiserror::Error;

use crate::batch::Limits;
use crate::event::Source;
use crate::filter::Filters;
use crate::position::StartingPosition;
use crate::retry::RetryPolicy;
use crate::security::Security;

/// One mapping: a topic, a group, a function.
#[derive(Clone, Debug)]
pub struct Config {
    /// Brokers and form of the event.
    pub source: Source,
    /// How the brokers are reached.
    pub security: Security,
    /// The topic.
    pub topic: String,
    /// The consumer group.
    pub group: String,
    /// The function's name, as the status and the failure records tell it.
    pub function: String,
    /// Where partitions start of which the group has committed nothing.
    pub starting_position: StartingPosition,
    /// Which records are sent.
    pub filters: Filters,
    /// Whether the function's answer names failed records (`ReportBatchItemFailures`).
    pub report_batch_item_failures: bool,
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
    /// The brokers do not say where a new partition starts.
    #[error("the starting position is not known: {0}")]
    StartingPosition(KafkaError),
    /// A task of the mapping panicked; going on would leave its partitions stuck.
    #[error("a task of the mapping failed: {0}")]
    Task(#[from] tokio::task::JoinError),
}
