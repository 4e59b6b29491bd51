//! The events of a slice into the queue.

use super::{FUNCTION, Puller};
use flightpulse_booking_queue::{BookingQueue, EventTooLarge, body, sifted};
use flightpulse_dead_letters::{Carried, DeadLetter, DeadLetters, Origin};
use flightpulse_domain::history::Span;
use flightpulse_domain::reservation::Feed;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use jiff::Timestamp;
use serde_json::Value;

/// Who sent the events, as the queue's messages have it.
const SOURCE: &str = "query-service";

impl<H, S, W, Q: BookingQueue, D: DeadLetters> Puller<H, S, W, Q, D> {
    /// Puts events into the queue, and into the dead letters what no message can have. Answers how
    /// many are in the queue.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when that is not sure of all of them.
    pub(super) async fn enqueue(
        &self,
        slice: Span,
        events: Vec<Value>,
        now: Timestamp,
    ) -> Result<usize, Failure> {
        if events.is_empty() {
            return Ok(0);
        }
        let (messages, too_large) = sifted(SOURCE, Feed::QueryService, now, events);
        let letters: Vec<_> = too_large
            .into_iter()
            .map(|(reason, event)| letter(slice, reason, &event, now))
            .collect();
        if !messages.is_empty() {
            let sent = self.queue.send(&messages).await;
            sent.map_err(|error| Failure::Unavailable(error.to_string()))?;
        }
        for kept in self.dead_letters.keep(&letters).await {
            kept.map_err(|error| Failure::Unavailable(error.to_string()))?;
        }
        let count = messages.iter().map(|message| message.events.len()).sum();
        let counts =
            [(Metric::AepEventsReceived, count), (Metric::RecordsDeadLettered, letters.len())];
        metrics::emit(FUNCTION, now.as_millisecond(), &counts);
        Ok(count)
    }
}

fn letter(slice: Span, reason: EventTooLarge, event: &Value, now: Timestamp) -> DeadLetter {
    let nth = reason.index;
    let message_id = format!("{}/{}", slice.from, slice.until);
    tracing::warn!(message_id, nth, %reason, "row dead-lettered");
    DeadLetter {
        origin: Origin::BookingEvent {
            source: SOURCE.to_owned(),
            feed: Feed::QueryService,
            message_id,
            nth,
        },
        reason: reason.to_string(),
        at: now,
        bytes: body(event).ok().map(String::into_bytes),
        carried: Carried::default(),
    }
}
