//! What sending an event of a booking feed again means.

use super::{Again, How, Stays, stays};
use flightpulse_contracts::booking_events::BookingMessage;
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
    match xdm::read(&event, feed, now) {
        Ok(Read::Booking(_)) => {}
        _ if how.force => {}
        Ok(Read::Other(_)) => return refused("it is about no booking", how),
        Err(rejection) => return refused(&rejection.to_string(), how),
    }
    let message =
        BookingMessage { source: source.to_owned(), feed, received_at: now, events: vec![event] };
    match flightpulse_booking_queue::body(&message) {
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
