//! Where records go that are given up.
//!
//! AWS knows S3 buckets, SQS queues, SNS topics and a topic of the same brokers
//! (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html>); a file is ours.

use futures::future::BoxFuture;
use thiserror::Error;

mod aws;
mod file;
mod kafka;
mod record;
mod target;

pub use aws::{Queue, S3Bucket, SnsTopic};
pub use file::JsonLinesFile;
pub use kafka::{KafkaTopic, KafkaTopicError};
pub use record::FailureRecord;
pub use target::{Target, TargetError};

/// Why a destination did not take a document. The mapping tries again.
#[derive(Debug, Error)]
pub enum DestinationError {
    /// The document could not be written as JSON.
    #[error("failure record: {0}")]
    Document(#[from] serde_json::Error),
    /// The place could not be written to.
    #[error("failure destination: {0}")]
    Write(#[from] std::io::Error),
    /// A service refused, or was not reached.
    #[error("failure destination {place}: {reason}")]
    Refused {
        /// The bucket, queue or topic.
        place: String,
        /// What the service or the client said.
        reason: String,
    },
}

/// Takes what is given up. `Ok` means that it is durable there.
pub trait Destination: Send + Sync + 'static {
    /// Delivers one document.
    fn deliver(&self, record: FailureRecord) -> BoxFuture<'_, Result<(), DestinationError>>;
}

#[cfg(test)]
mod tests;
