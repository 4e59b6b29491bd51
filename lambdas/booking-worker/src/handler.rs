//! From messages of booking events to reservations, and to an answer for each message.
//!
//! The events of one reservation are taken in together, in one transaction, whatever messages they
//! came in. What a message has of several reservations is written independently: one that cannot be
//! written has its message delivered again, and the others notice that they know it all.

use crate::heard::{self, Heard, flights_of};
use crate::outcome::Outcome;
use crate::source::{Answer, messages};
use flightpulse_bus::{Event, EventPublisher};
use flightpulse_contracts::names::{REBOOKING_NEEDED, SOURCE_BOOKING_WORKER};
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_dead_letters::DeadLetters;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{CorrelationId, FlightId, Pnr};
use flightpulse_domain::reservation::{Reservation, ReservationChange, booking_id, contact_id};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{
    BookingReader, BookingRecord, FlightReader, ReservationReader, ReservationWriter, StoreError,
    Written,
};
use futures::join;
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Reservations that are written at once. More would meet each other at the totals of a flight.
const AT_ONCE: usize = 4;
/// How often a reservation is decided on at most, while others write it.
const DECISIONS: usize = 6;

/// What the function works with.
pub struct Worker<S, B, D> {
    /// The reservations, and the flights that they are of.
    pub store: S,
    /// Takes what needs another flight.
    pub bus: B,
    /// Takes what cannot be understood.
    pub dead_letters: D,
    /// The time, UTC: asked at the start, and when a reservation is written.
    pub clock: fn() -> Timestamp,
}

impl<S, B, D> Worker<S, B, D>
where
    S: ReservationReader + ReservationWriter + FlightReader + BookingReader,
    B: EventPublisher,
    D: DeadLetters,
{
    /// Handles one invocation.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for what is no batch of SQS: all of it is delivered again.
    pub async fn handle(&self, event: Value) -> Result<Answer, Failure> {
        let now = (self.clock)();
        let messages = messages(event)?;
        let mut outcome = Outcome::default();
        let heard = heard::read(&messages, now, &mut outcome);
        outcome.add(self.settle(heard, now).await);
        self.bury(&mut outcome).await;
        outcome.report(now);
        Ok(Answer::again(outcome.again.iter().map(|at| messages[*at].id.clone())))
    }

    /// Takes in all events, reservation by reservation.
    async fn settle(&self, heard: BTreeMap<Pnr, Vec<Heard<'_>>>, now: Timestamp) -> Outcome {
        let mut outcome = Outcome::default();
        let pnrs: Vec<_> = heard.keys().cloned().collect();
        let events = || heard.values().flatten();
        let flights = flights_of(events());
        let reservations = self.store.reservations(&pnrs);
        let (reservations, flights) = join!(reservations, self.store.flights(&flights));
        let (mut known, flights) = match reservations.and_then(|known| Ok((known, flights?))) {
            Ok(known) => known,
            Err(error) => {
                tracing::error!(%error, "the table cannot be read: all events come again");
                outcome.again.extend(events().map(|heard| heard.origin.message));
                return outcome;
            }
        };
        let groups = heard.into_iter().map(|(pnr, heard)| {
            let read = known.remove(&pnr).unwrap_or_else(|| Ok(Reservation::new(pnr.clone())));
            self.take_in(read, &flights, heard, now)
        });
        let mut settled = stream::iter(groups).buffer_unordered(AT_ONCE);
        while let Some(one) = settled.next().await {
            outcome.add(one);
        }
        outcome
    }

    /// Takes in the events of one reservation: together; where they cannot be written together, one
    /// after the other, so that one that can never be written takes no other along.
    async fn take_in(
        &self,
        read: Result<Reservation, StoreError>,
        flights: &HashMap<FlightId, Flight>,
        mut heard: Vec<Heard<'_>>,
        now: Timestamp,
    ) -> Outcome {
        let known = match read {
            Ok(known) => known,
            Err(error) => return fail(Outcome::default(), &heard, &error, now),
        };
        let pnr = known.pnr.clone();
        let mut outcome = Outcome::default();
        match self.write(known, flights, &mut heard, &mut outcome, now).await {
            Ok(()) => outcome,
            Err(StoreError::Refused(_) | StoreError::Corrupt { .. }) if heard.len() > 1 => {
                tracing::warn!("events cannot be written together: one after the other");
                for one in heard {
                    let mut alone = vec![one];
                    let result = match self.read_again(&pnr).await {
                        Ok(known) => {
                            self.write(known, flights, &mut alone, &mut outcome, now).await
                        }
                        Err(error) => Err(error),
                    };
                    if let Err(error) = result {
                        outcome = fail(outcome, &alone, &error, now);
                    }
                }
                outcome
            }
            Err(error) => fail(outcome, &heard, &error, now),
        }
    }

    /// Writes what the events make of a reservation, deciding anew while others write it. Those that
    /// are too many for it leave `heard` for the dead letters.
    async fn write(
        &self,
        mut before: Reservation,
        flights: &HashMap<FlightId, Flight>,
        heard: &mut Vec<Heard<'_>>,
        outcome: &mut Outcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut flights = Cow::Borrowed(flights);
        for _ in 0..DECISIONS {
            let after = fold(&before, heard, outcome, now);
            let change = ReservationChange::between(&before, after, &flights)
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            let Some(change) = change else {
                // It is written, but whoever is to rebook may not have been asked.
                self.ask_for_rebooking(&before.pnr, heard, &flights).await?;
                outcome.processed += heard.len();
                return Ok(());
            };
            match self.store.write_reservation(&change).await? {
                Written::Yes => {
                    self.ask_for_rebooking(&before.pnr, heard, &flights).await?;
                    outcome.written(&change, heard, (self.clock)());
                    return Ok(());
                }
                Written::Outdated => {
                    before = self.read_again(&before.pnr).await?;
                    flights = Cow::Owned(self.store.flights(&flights_of(heard.iter())).await?);
                }
            }
        }
        Err(StoreError::Unavailable(format!("others wrote it {DECISIONS} times meanwhile")))
    }

    async fn read_again(&self, pnr: &Pnr) -> Result<Reservation, StoreError> {
        let mut found = self.store.reservations(std::slice::from_ref(pnr)).await?;
        found.remove(pnr).unwrap_or_else(|| Ok(Reservation::new(pnr.clone())))
    }

    /// Asks for another flight for seats that were sold on flights that do not operate: each time one
    /// of their purchases is heard, under the same id, so that nobody is forgotten when asking failed.
    async fn ask_for_rebooking(
        &self,
        pnr: &Pnr,
        heard: &[Heard<'_>],
        flights: &HashMap<FlightId, Flight>,
    ) -> Result<(), StoreError> {
        let bought = flights_of(heard.iter());
        let known = bought.iter().filter_map(|id| flights.get(id));
        let mut events = Vec::new();
        for flight in known.filter(|flight| flight.status == FlightStatus::Cancelled) {
            let ids = booking_id(pnr, &flight.flight_id)
                .and_then(|booking| Ok((booking, contact_id(pnr)?)))
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            let found = self.store.booking_records(std::slice::from_ref(&ids)).await?;
            events.extend(found.iter().filter_map(|record| request(record, flight)));
        }
        if events.is_empty() {
            return Ok(());
        }
        let answers = self.bus.publish(&events).await;
        let failed = answers.into_iter().find_map(Result::err);
        failed.map_or(Ok(()), |error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Keeps what goes to the dead letters, but for those whose message comes again: they come with
    /// it. What cannot be kept comes again too.
    async fn bury(&self, outcome: &mut Outcome) {
        let letters = std::mem::take(&mut outcome.letters).into_iter();
        let (places, letters): (Vec<_>, Vec<_>) =
            letters.filter(|(message, _)| !outcome.again.contains(message)).unzip();
        let kept = self.dead_letters.keep(&letters).await;
        for ((message, letter), kept) in places.into_iter().zip(letters).zip(kept) {
            match kept {
                // The reason may quote the event, which has personal data: it is in the letter.
                Ok(()) => {
                    tracing::warn!(origin = ?letter.origin, "a booking event is a dead letter");
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

/// The request to find a booking another flight than this one; none when it needs none.
fn request(found: &BookingRecord, flight: &Flight) -> Option<Event> {
    let in_need = |booking: &&Booking| {
        booking.booking_status == BookingStatus::NeedsRebooking
            && booking.flight_id == flight.flight_id
    };
    let booking = found.booking.as_ref().filter(in_need)?;
    let version = flight.versions.status.as_ref()?;
    let priority = flight.cancellation.map(|known| known.rebooking_priority).unwrap_or_default();
    let correlation = CorrelationId::from(version.event_id());
    let tier = found.passenger.as_ref().map(|passenger| passenger.tier);
    let detail = RebookingEvent::new(booking, version, correlation, tier, priority);
    Event::new(SOURCE_BOOKING_WORKER, REBOOKING_NEEDED, &detail).ok()
}

/// What the events make of a reservation. One that makes it larger than is taken goes to the dead
/// letters, and out of those that were heard.
fn fold(
    before: &Reservation,
    heard: &mut Vec<Heard<'_>>,
    outcome: &mut Outcome,
    now: Timestamp,
) -> Reservation {
    let mut after = before.clone();
    heard.retain(|heard| match after.apply(&heard.event) {
        Ok(()) => true,
        Err(too_many) => {
            let letter = heard.origin.letter(too_many.to_string(), now);
            outcome.letters.push((heard.origin.message, letter));
            false
        }
    });
    after
}

/// Events that could not be written: they come again when that can help, else they are dead letters.
fn fail(mut outcome: Outcome, heard: &[Heard<'_>], error: &StoreError, now: Timestamp) -> Outcome {
    match error {
        StoreError::Unavailable(_) | StoreError::NotAllowed(_) => {
            tracing::error!(%error, "a reservation cannot be written: its events come again");
            outcome.again.extend(heard.iter().map(|heard| heard.origin.message));
        }
        StoreError::Corrupt { .. } | StoreError::Refused(_) => {
            tracing::error!("a reservation cannot be written: its events are dead letters");
            let letters = heard
                .iter()
                .map(|heard| (heard.origin.message, heard.origin.letter(error.to_string(), now)));
            outcome.letters.extend(letters);
        }
    }
    outcome
}

#[cfg(test)]
mod tests;
