//! From messages of booking events to reservations, and to an answer for each message.

use crate::heard;
use crate::outcome::Outcome;
use crate::source::{Answer, messages};
use flightpulse_booking_intake::{Intake, Purpose};
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::names::SOURCE_BOOKING_WORKER;
use flightpulse_dead_letters::DeadLetters;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{BookingReader, FlightReader, ReservationReader, ReservationWriter};
use jiff::Timestamp;
use serde_json::Value;

/// Reservations that are written at once. More would meet each other at the totals of a flight.
const AT_ONCE: usize = 4;

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
        let intake = Intake {
            store: &self.store,
            bus: &self.bus,
            clock: self.clock,
            purpose: Purpose::Live(SOURCE_BOOKING_WORKER),
            at_once: AT_ONCE,
        };
        for settled in intake.settle(heard).await {
            outcome.add(settled, now);
        }
        self.bury(&mut outcome).await;
        outcome.report(now);
        Ok(Answer::again(outcome.again.iter().map(|at| messages[*at].id.clone())))
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

#[cfg(test)]
mod tests;
