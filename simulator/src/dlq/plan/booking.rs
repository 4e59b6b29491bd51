//! What sending an event of a booking feed again means.

use super::{Again, How, Stays, stays};
use flightpulse_booking_queue::{opened, split};
use flightpulse_contracts::booking_events::MAX_EVENTS_PER_MESSAGE;
use flightpulse_domain::reservation::Feed;
use flightpulse_domain::xdm::{self, Read};
use jiff::Timestamp;
use serde_json::Value;

/// The event in a message of its own. What the worker would set aside again, or has nothing to do
/// with, is not sent: the letter would be gone, and the booking would not be there.
pub(super) fn event(
    source: &str,
    feed: Feed,
    value: Option<&[u8]>,
    how: &How,
    now: Timestamp,
) -> Result<Again, Stays> {
    let Some(bytes) = value else {
        return stays("it has no bytes; give some with --with-file FILE");
    };
    let event: Value = match serde_json::from_slice(bytes) {
        Ok(event) => event,
        Err(error) => return refused(&format!("no JSON: {error}"), how),
    };
    worth_sending(&event, feed, how, now)?;
    message(source, feed, vec![event], now)
}

/// The events of a record of a topic of bookings in a message: one, an array of them, or
/// `{"events": […]}`, in envelopes or without, as the topic's consumer takes them. A letter is sent by
/// one message, and stays where its events need more.
pub(super) fn record(
    topic: &str,
    value: Option<&[u8]>,
    how: &How,
    now: Timestamp,
) -> Result<Again, Stays> {
    let Some(bytes) = value else {
        return stays("it has no bytes; give some with --with-file FILE");
    };
    let events = match flightpulse_booking_queue::events(bytes) {
        Ok(events) if events.is_empty() => return refused("it has no event", how),
        Ok(events) => events.into_iter().map(opened).collect::<Vec<_>>(),
        Err(error) => return refused(&error.to_string(), how),
    };
    for event in &events {
        worth_sending(event, Feed::EventHubs, how, now)?;
    }
    message(topic, Feed::EventHubs, events, now)
}

fn worth_sending(event: &Value, feed: Feed, how: &How, now: Timestamp) -> Result<(), Stays> {
    match xdm::read(event, feed, now) {
        Ok(Read::Booking(_)) => Ok(()),
        _ if how.force => Ok(()),
        Ok(Read::Other(_)) => refused("it is about no booking", how),
        Err(rejection) => refused(&rejection.to_string(), how),
    }
}

fn message(source: &str, feed: Feed, events: Vec<Value>, now: Timestamp) -> Result<Again, Stays> {
    let messages = match split(source, feed, now, events) {
        Ok(messages) => messages,
        Err(error) => return stays(error.to_string()),
    };
    let [message] = messages.as_slice() else {
        return stays(format!(
            "its events need {} messages, and a letter is sent by one: give at most \
             {MAX_EVENTS_PER_MESSAGE} events",
            messages.len()
        ));
    };
    match flightpulse_booking_queue::body(message) {
        Ok(message) => Ok(Again::Booking { message }),
        Err(error) => stays(error.to_string()),
    }
}

fn refused<T>(why: &str, how: &How) -> Result<T, Stays> {
    match how.mended {
        Some(_) => stays(format!("the file would be refused too: {why}")),
        None => stays(format!("it would be refused again: {why}; mend it with --with-file FILE")),
    }
}
