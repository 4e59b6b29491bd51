//! Events as they come in messages, read one by one.

use crate::outcome::Outcome;
use crate::source::Message;
use flightpulse_dead_letters::{Carried, DeadLetter, Origin};
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reservation::{BookingEvent, Feed};
use flightpulse_domain::xdm::{self, Read};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// An event of a reservation, and where it came from.
pub(crate) struct Heard<'a> {
    pub(crate) event: BookingEvent,
    pub(crate) origin: Place<'a>,
}

impl flightpulse_booking_intake::Heard for Heard<'_> {
    fn event(&self) -> &BookingEvent {
        &self.event
    }
}

/// An event's place in the batch.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The number of its message in the batch.
    pub(crate) message: usize,
    message_id: &'a str,
    /// Its number in the message.
    nth: usize,
    source: &'a str,
    feed: Feed,
    pub(crate) received_at: Timestamp,
    event: &'a Value,
}

impl Place<'_> {
    pub(crate) fn letter(&self, reason: String, at: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: Origin::BookingEvent {
                source: self.source.to_owned(),
                message_id: self.message_id.to_owned(),
                nth: self.nth,
                feed: self.feed,
            },
            reason,
            at,
            bytes: serde_json::to_vec(self.event).ok(),
            carried: Carried::default(),
        }
    }
}

/// Reads every event; what is none goes to the outcome.
pub(crate) fn read<'a>(
    messages: &'a [Message],
    now: Timestamp,
    outcome: &mut Outcome,
) -> BTreeMap<Pnr, Vec<Heard<'a>>> {
    let mut heard: BTreeMap<Pnr, Vec<Heard<'a>>> = BTreeMap::new();
    for (at, message) in messages.iter().enumerate() {
        let body = match &message.body {
            Ok(body) => body,
            Err((reason, body)) => {
                let (source, message_id) = (String::new(), message.id.clone());
                let feed = Feed::default();
                let origin = Origin::BookingEvent { source, message_id, nth: 0, feed };
                let bytes = Some(body.clone().into_bytes());
                let carried = Carried::default();
                let letter = DeadLetter { origin, reason: reason.clone(), at: now, bytes, carried };
                outcome.letters.push((at, letter));
                continue;
            }
        };
        for (nth, event) in body.events.iter().enumerate() {
            let place = Place {
                message: at,
                message_id: &message.id,
                nth,
                source: &body.source,
                feed: body.feed,
                received_at: body.received_at,
                event,
            };
            match xdm::read(event, body.feed, now) {
                Ok(Read::Booking(event)) => {
                    let heard = heard.entry(event.pnr.clone()).or_default();
                    heard.push(Heard { event, origin: place });
                }
                Ok(Read::Other(_)) => outcome.ignored += 1,
                Err(rejection) => {
                    outcome.letters.push((at, place.letter(rejection.to_string(), now)));
                }
            }
        }
    }
    heard
}
