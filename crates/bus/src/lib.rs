//! The port to the event bus, over EventBridge and in memory.
//!
//! **Invariant.** A publisher answers for each event by itself: what is not reported as published
//! was not, and what EventBridge would refuse is refused before it is sent.

pub mod eventbridge;
pub mod memory;

use serde::Serialize;
use std::future::Future;

/// An event for the bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who publishes it: `flightpulse.<component>`.
    pub source: &'static str,
    /// Its name.
    pub detail_type: &'static str,
    /// Its detail, as JSON text.
    pub detail: String,
}

impl Event {
    /// An event with this detail.
    ///
    /// # Errors
    /// When the detail cannot be written as JSON.
    pub fn new(
        source: &'static str,
        detail_type: &'static str,
        detail: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self { source, detail_type, detail: serde_json::to_string(detail)? })
    }

    /// The bytes that EventBridge counts for it: source, detail type and detail.
    #[must_use]
    pub fn size(&self) -> usize {
        self.source.len() + self.detail_type.len() + self.detail.len()
    }
}

/// The most bytes that an event of ours may have. A detail must fit a state machine's input of
/// 256 KB with its envelope, well within what the bus takes.
pub const MAX_EVENT_BYTES: usize = 240 * 1_024;

/// Why one event was not published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The bus did not take it after several tries: try again later.
    #[error("the bus did not take the event: {0}")]
    Unavailable(String),
    /// The event itself cannot be taken: trying again does not help.
    #[error("the event cannot be published: {0}")]
    Refused(String),
}

/// Publishes events.
pub trait EventPublisher: Send + Sync {
    /// Publishes events, ten a call, and answers for each in the order given.
    fn publish(
        &self,
        events: &[Event],
    ) -> impl Future<Output = Vec<Result<(), PublishError>>> + Send;
}

/// Refuses what the bus would refuse.
fn check(event: &Event) -> Result<(), PublishError> {
    if event.size() > MAX_EVENT_BYTES {
        let size = event.size();
        return Err(PublishError::Refused(format!(
            "it has {size} bytes; at most {MAX_EVENT_BYTES} are allowed"
        )));
    }
    Ok(())
}
