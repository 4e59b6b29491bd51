//! The port for what cannot be processed, over SQS and S3 and in memory.
//!
//! **Invariant.** A dead letter has the reason in words and where it came from; that of a record
//! also has all of its bytes, so that it can be mended and sent again.

pub mod memory;
pub mod sqs;

use flightpulse_domain::reservation::Feed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// Where a dead letter came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A record of a Kafka topic.
    KafkaRecord {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i64,
        /// The offset.
        offset: i64,
    },
    /// An event that was handed to the consumer directly.
    DirectEvent,
    /// An event of a booking feed.
    BookingEvent {
        /// Who sent it: the name of a configured source; empty where that is not known.
        source: String,
        /// The message that it came in.
        message_id: String,
        /// Which of the message's events it is, from 0.
        nth: usize,
        /// By which feed it came, so that it is sent again as of that; letters of before say nothing
        /// of it, and came by the webhook.
        #[serde(default)]
        feed: Feed,
    },
    /// A booking whose passenger could not be told.
    Booking {
        /// The booking.
        booking_id: String,
        /// The event that it was to be told of.
        event_id: String,
        /// The execution that was to tell.
        execution_id: String,
    },
}

/// What a Kafka record carried beside its value: with it the record can be sent again as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// Its key, which decides its partition and so what it stays in order with.
    pub key: Option<Vec<u8>>,
    /// Its correlation id.
    pub correlation_id: Option<String>,
}

/// What cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Where it came from.
    pub origin: Origin,
    /// Why it cannot be processed, in words.
    pub reason: String,
    /// When that was found, UTC.
    pub at: Timestamp,
    /// Its bytes, as they came. None for a record that had no value.
    pub bytes: Option<Vec<u8>>,
    /// What came with the bytes; nothing where it was no record.
    pub carried: Carried,
}

/// The dead letter could not be kept: what it is about must be tried again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the dead letter could not be kept: {0}")]
pub struct NotKept(pub String);

/// Keeps dead letters.
pub trait DeadLetters: Send + Sync {
    /// Keeps dead letters, ten a call, and answers for each in the order given.
    fn keep(&self, letters: &[DeadLetter])
    -> impl Future<Output = Vec<Result<(), NotKept>>> + Send;
}
