//! Events into messages.

use crate::{MAX_MESSAGE_BYTES, body};
use flightpulse_contracts::booking_events::{BookingMessage, MAX_EVENTS_PER_MESSAGE};
use flightpulse_domain::reservation::Feed;
use jiff::Timestamp;
use serde_json::Value;

/// An event that no message can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event {index} has {bytes} bytes: a message has at most {MAX_MESSAGE_BYTES}")]
pub struct EventTooLarge {
    /// Which it is, from 0.
    pub index: usize,
    /// How large it is, as JSON.
    pub bytes: usize,
}

/// The messages for the events of a request, in their order: as few as can be.
///
/// # Errors
/// [`EventTooLarge`]
pub fn split(
    source: &str,
    feed: Feed,
    received_at: Timestamp,
    events: Vec<Value>,
) -> Result<Vec<BookingMessage>, EventTooLarge> {
    let (messages, too_large) = sifted(source, feed, received_at, events);
    match too_large.into_iter().next() {
        Some((reason, _)) => Err(reason),
        None => Ok(messages),
    }
}

/// The messages for the events that a message can have, in their order: as few as can be. And, with the
/// reason, the events that none can have.
#[must_use]
pub fn sifted(
    source: &str,
    feed: Feed,
    received_at: Timestamp,
    events: Vec<Value>,
) -> (Vec<BookingMessage>, Vec<(EventTooLarge, Value)>) {
    let message =
        || BookingMessage { source: source.to_owned(), feed, received_at, events: Vec::new() };
    let room = MAX_MESSAGE_BYTES.saturating_sub(size(&message()));
    let (mut messages, mut used): (Vec<BookingMessage>, _) = (Vec::new(), 0);
    let mut too_large = Vec::new();
    for (index, event) in events.into_iter().enumerate() {
        let bytes = size(&event);
        if bytes > room {
            too_large.push((EventTooLarge { index, bytes }, event));
            continue;
        }
        // With the comma before it.
        let more = bytes + 1;
        match messages.last_mut() {
            Some(last) if last.events.len() < MAX_EVENTS_PER_MESSAGE && used + more <= room => {
                last.events.push(event);
                used += more;
            }
            _ => {
                messages.push(BookingMessage { events: vec![event], ..message() });
                used = bytes;
            }
        }
    }
    (messages, too_large)
}

// A value has a form in JSON; should one ever not, it is no message's.
fn size(value: &impl serde::Serialize) -> usize {
    body(value).map_or(usize::MAX, |json| json.len())
}

#[cfg(test)]
mod tests;
