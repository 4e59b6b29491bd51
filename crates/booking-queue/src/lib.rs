//! The port to the queue of booking events, over SQS and in memory.
//!
//! **Invariant.** What was sent is in the queue for good; what was not, was answered as not sent. A
//! failure half-way leaves some of it sent, and the whole must be sent again: events count once,
//! however often they come.

mod calls;
mod envelope;
mod events;
pub mod memory;
mod split;
pub mod sqs;

pub use envelope::opened;
pub use events::{NoEvents, events};
pub use split::{EventTooLarge, sifted, split};

use flightpulse_contracts::booking_events::BookingMessage;
use std::future::Future;

/// The most bytes of a message.
pub const MAX_MESSAGE_BYTES: usize = 200 * 1_024;

/// Not all messages are in the queue: send all of them again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the events could not be put into the queue: {0}")]
pub struct NotSent(pub String);

/// Takes booking events.
pub trait BookingQueue: Send + Sync {
    /// Puts messages into the queue, as many a call as go into one. When it returns, they are there.
    fn send(&self, messages: &[BookingMessage])
    -> impl Future<Output = Result<(), NotSent>> + Send;
}

/// A message, or an event of one, as the queue has it. SQS refuses two characters that JSON may
/// have; escaped, they are the same to a reader.
///
/// # Errors
/// When it has no form in JSON.
pub fn body(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    if !json.contains(['\u{fffe}', '\u{ffff}']) {
        return Ok(json);
    }
    Ok(json.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"))
}
