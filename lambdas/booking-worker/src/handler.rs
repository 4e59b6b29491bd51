//! From messages of booking events to reservations, and to an answer for each message.
//!
//! The events of one reservation are taken in together, in one transaction, whatever messages they
//! came in. What a message has of several reservations is written independently: one that cannot be
//! written has its message delivered again, and the others notice that they know it all.

use crate::source::{Answer, Message, messages};
use flightpulse_dead_letters::{Carried, DeadLetter, DeadLetters, Origin};
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reservation::{BookingEvent, Feed, Reservation, ReservationChange};
use flightpulse_domain::xdm::{self, Read};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::{ReservationReader, ReservationWriter, StoreError, Written};
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Reservations that are written at once. More would meet each other at the totals of a flight.
const AT_ONCE: usize = 8;
/// How often a reservation is decided on anew because someone else has written it.
const DECISIONS: usize = 6;

const FUNCTION: &str = "FlightPulse-BookingWorker";

/// What the function works with.
pub struct Worker<S, D> {
    /// The reservations.
    pub store: S,
    /// Takes what cannot be understood.
    pub dead_letters: D,
    /// The time, UTC: asked at the start, and when a reservation is written.
    pub clock: fn() -> Timestamp,
}

/// An event of a reservation, and where it came from.
struct Heard<'a> {
    event: BookingEvent,
    origin: Place<'a>,
}

/// An event's place in the batch.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The number of its message in the batch.
    message: usize,
    message_id: &'a str,
    /// Its number in the message.
    nth: usize,
    source: &'a str,
    received_at: Timestamp,
    event: &'a Value,
}

impl Place<'_> {
    fn letter(&self, reason: String, at: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: Origin::BookingEvent {
                source: self.source.to_owned(),
                message_id: self.message_id.to_owned(),
                nth: self.nth,
            },
            reason,
            at,
            bytes: serde_json::to_vec(self.event).ok(),
            carried: Carried::default(),
        }
    }
}

/// What came of a batch.
#[derive(Default)]
struct Outcome {
    /// What goes to the dead letters, with the number of its message.
    letters: Vec<(usize, DeadLetter)>,
    /// Messages that come again.
    again: BTreeSet<usize>,
    processed: usize,
    ignored: usize,
    created: usize,
    updated: usize,
    /// Milliseconds from the webhook to the written reservation, for each event.
    latencies: Vec<u64>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.letters.extend(other.letters);
        self.again.extend(other.again);
        self.processed += other.processed;
        self.ignored += other.ignored;
        self.created += other.created;
        self.updated += other.updated;
        self.latencies.extend(other.latencies);
    }
}

impl<S: ReservationReader + ReservationWriter, D: DeadLetters> Worker<S, D> {
    /// Handles one invocation.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for what is no batch of SQS: all of it is delivered again.
    pub async fn handle(&self, event: Value) -> Result<Answer, Failure> {
        let now = (self.clock)();
        let messages = messages(event)?;
        let mut outcome = Outcome::default();
        let heard = read(&messages, now, &mut outcome);
        outcome.add(self.settle(heard, now).await);
        self.bury(&mut outcome).await;
        report(now, &outcome);
        Ok(Answer::again(outcome.again.iter().map(|at| messages[*at].id.clone())))
    }

    /// Takes in all events, reservation by reservation.
    async fn settle(&self, heard: BTreeMap<Pnr, Vec<Heard<'_>>>, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        let pnrs: Vec<_> = heard.keys().cloned().collect();
        let mut known = match self.store.reservations(&pnrs).await {
            Ok(known) => known,
            Err(error) => {
                tracing::error!(%error, "reservations cannot be read: their events come again");
                let all = heard.values().flatten().map(|heard| heard.origin.message);
                outcome.again.extend(all);
                return outcome;
            }
        };
        let groups = heard.into_iter().map(|(pnr, heard)| {
            let read = known.remove(&pnr).unwrap_or_else(|| Ok(Reservation::new(pnr.clone())));
            self.take_in(read, heard, now)
        });
        let mut settled = stream::iter(groups).buffer_unordered(AT_ONCE);
        while let Some(one) = settled.next().await {
            outcome.add(one);
        }
        outcome
    }

    /// Takes in the events of one reservation.
    async fn take_in(
        &self,
        mut read: Result<Reservation, StoreError>,
        mut heard: Vec<Heard<'_>>,
        now: Timestamp,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for _ in 0..DECISIONS {
            let before = match read {
                Ok(before) => before,
                Err(error) => return fail(outcome, &heard, &error, now),
            };
            let change = match fold(&before, &mut heard, &mut outcome, now) {
                Ok(change) => change,
                Err(reason) => return give_up(outcome, &heard, &reason, now),
            };
            let written = match &change {
                Some(change) => self.store.write_reservation(change).await,
                None => Ok(Written::Yes),
            };
            match written {
                Ok(Written::Yes) => {
                    let at = (self.clock)();
                    outcome.processed += heard.len();
                    outcome.latencies.extend(heard.iter().map(|heard| {
                        u64::try_from(at.duration_since(heard.origin.received_at).as_millis())
                            .unwrap_or_default()
                    }));
                    if let Some(change) = change {
                        outcome.created += change.created.len();
                        outcome.updated += change.updated.len();
                    }
                    return outcome;
                }
                Ok(Written::Outdated) => read = self.read_again(&before.pnr).await,
                Err(error) => return fail(outcome, &heard, &error, now),
            }
        }
        tracing::warn!("a reservation was written by others each time: its events come again");
        outcome.again.extend(heard.iter().map(|heard| heard.origin.message));
        outcome
    }

    async fn read_again(&self, pnr: &Pnr) -> Result<Reservation, StoreError> {
        let mut found = self.store.reservations(std::slice::from_ref(pnr)).await?;
        found.remove(pnr).unwrap_or_else(|| Ok(Reservation::new(pnr.clone())))
    }

    /// Keeps what goes to the dead letters. What cannot be kept comes again with its message.
    async fn bury(&self, outcome: &mut Outcome) {
        let (places, letters): (Vec<_>, Vec<_>) =
            std::mem::take(&mut outcome.letters).into_iter().unzip();
        let kept = self.dead_letters.keep(&letters).await;
        for ((message, letter), kept) in places.into_iter().zip(letters).zip(kept) {
            match kept {
                // The reason may quote the event, which has personal data: it is in the letter.
                Ok(()) => {
                    tracing::warn!(origin = ?letter.origin, "a booking event went to the dead letters");
                    outcome.letters.push((message, letter));
                }
                Err(error) => {
                    tracing::error!(%error, "a dead letter cannot be kept: its message comes again");
                    outcome.again.insert(message);
                }
            }
        }
    }
}

/// Reads every event; what is none goes to the outcome.
fn read<'a>(
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
                let origin = Origin::BookingEvent { source, message_id, nth: 0 };
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
                received_at: body.received_at,
                event,
            };
            match xdm::read(event, Feed::Streaming, now) {
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

/// What the events make of a reservation. One that makes it larger than is taken goes to the dead
/// letters, and out of those that were heard.
fn fold(
    before: &Reservation,
    heard: &mut Vec<Heard<'_>>,
    outcome: &mut Outcome,
    now: Timestamp,
) -> Result<Option<ReservationChange>, String> {
    let mut after = before.clone();
    heard.retain(|heard| match after.apply(&heard.event) {
        Ok(()) => true,
        Err(too_many) => {
            let letter = heard.origin.letter(too_many.to_string(), now);
            outcome.letters.push((heard.origin.message, letter));
            false
        }
    });
    ReservationChange::between(before, after).map_err(|error| error.to_string())
}

/// Events that could not be written: they come again when that can help, else they are given up.
fn fail(mut outcome: Outcome, heard: &[Heard<'_>], error: &StoreError, now: Timestamp) -> Outcome {
    if error.is_transient() {
        tracing::error!(%error, "a reservation cannot be written: its events come again");
        outcome.again.extend(heard.iter().map(|heard| heard.origin.message));
        return outcome;
    }
    tracing::error!(%error, "a reservation cannot be written");
    give_up(outcome, heard, &error.to_string(), now)
}

fn give_up(mut outcome: Outcome, heard: &[Heard<'_>], reason: &str, now: Timestamp) -> Outcome {
    let letters = heard
        .iter()
        .map(|heard| (heard.origin.message, heard.origin.letter(reason.to_owned(), now)));
    outcome.letters.extend(letters);
    outcome
}

fn report(now: Timestamp, outcome: &Outcome) {
    let counts = [
        (Metric::AepEventsProcessed, outcome.processed),
        (Metric::AepEventsFailed, outcome.letters.len()),
        (Metric::AepEventsIgnored, outcome.ignored),
        (Metric::FlightopsRecordsCreated, outcome.created),
        (Metric::FlightopsRecordsUpdated, outcome.updated),
    ];
    metrics::emit(FUNCTION, now.as_millisecond(), &counts);
    metrics::emit_latencies(FUNCTION, now.as_millisecond(), &outcome.latencies);
}

#[cfg(test)]
mod tests;
