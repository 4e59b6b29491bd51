//! Holding what came of a history against the reference model.

use super::executions::Ended;
use super::history::History;
use super::letters::Letters;
use super::readers::Read;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::delay::MATERIAL_CHANGE_MINUTES;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, EventId, FlightId};
use flightpulse_simulation::model::{Ending, ending};
use flightpulse_store::EventClaim;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// What is not as it must be, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    /// Events that were not dealt with.
    pub(super) lost: Vec<String>,
    /// Messages that someone should have and has not.
    pub(super) missing: Vec<String>,
    /// The same told under two ids.
    pub(super) doubled: Vec<String>,
    /// Messages that should not be there, or cannot be read.
    pub(super) unexpected: Vec<String>,
    /// Flights that are not as the model has them.
    pub(super) wrong_flights: Vec<String>,
    /// Bookings that are not.
    pub(super) wrong_bookings: Vec<String>,
    /// Readers whose last message is not what is true.
    pub(super) misled: Vec<String>,
    /// Poison that is in no dead letter.
    pub(super) poison_lost: Vec<String>,
    /// Dead letters that are no poison.
    pub(super) letters: Vec<String>,
}

/// What was found in the table and by the API.
pub(super) struct Found {
    pub(super) claims: HashMap<EventId, EventClaim>,
    pub(super) flights: HashMap<FlightId, Flight>,
    /// As the API has them.
    pub(super) api: HashMap<FlightId, Value>,
    pub(super) bookings: HashMap<BookingId, Booking>,
}

impl Verdict {
    /// Whether all is as the model has it.
    pub(super) fn is_good(&self) -> bool {
        *self == Self::default()
    }

    /// The verdict on a history.
    pub(super) fn of(
        history: &History,
        found: &Found,
        ended: &Ended,
        read: Read,
        letters: Letters,
    ) -> Self {
        let mut verdict =
            Self { poison_lost: letters.missing, letters: letters.other, ..Self::default() };
        let endings: HashMap<_, _> = history
            .flights
            .iter()
            .zip(&history.script.said)
            .map(|(flight, said)| (&flight.flight_id, ending(flight, said)))
            .collect();
        verdict.events(history, found);
        for (flight, must) in &endings {
            verdict.flight(flight, must, found);
        }
        for booking in history.bookings() {
            verdict.booking(booking, endings.get(&booking.flight_id), found);
        }
        verdict.messages(history, found, ended, &read);
        for ((flight, reader), belief) in &read.beliefs {
            let Some(must) = endings.get(flight) else { continue };
            let gone = must.status == FlightStatus::Cancelled;
            let off = belief.departure.duration_since(must.departure).abs().as_mins();
            // As in the histories of one process: two tellings at once of times that hardly differ may
            // be read in either order.
            let on_time = off < 2 * MATERIAL_CHANGE_MINUTES && belief.gate == must.gate;
            if belief.cancelled != gone || !(gone || on_time) {
                verdict
                    .misled
                    .push(format!("{reader:?} believes {belief:?}, and true is {must:?}"));
            }
        }
        verdict.doubled = read.doubled;
        verdict.unexpected = read.unexpected;
        verdict
    }

    fn events(&mut self, history: &History, found: &Found) {
        for one in history.script.said.iter().flatten() {
            let id = one.version.event_id();
            match found.claims.get(id) {
                Some(claim) if claim.is_done() => {}
                other => self.lost.push(format!("{id}: its claim is {other:?}")),
            }
        }
    }

    fn flight(&mut self, id: &FlightId, must: &Ending, found: &Found) {
        let Some(is) = found.flights.get(id) else {
            self.wrong_flights.push(format!("{id} is not in the table"));
            return;
        };
        let ended = (is.status, is.delay_minutes, is.departure(), &is.gate);
        if ended != (must.status, must.delay_minutes, must.departure, &must.gate) {
            self.wrong_flights.push(format!("{id} is {ended:?}, and must be {must:?}"));
        }
        let says = |name: &str| found.api.get(id).and_then(|answer| answer.get(name));
        let status = says("status").and_then(Value::as_str);
        let late = says("delay_minutes").and_then(Value::as_u64);
        if (status, late) != (Some(must.status.name()), Some(must.delay_minutes.into())) {
            let answer = found.api.get(id);
            self.wrong_flights.push(format!("{id} is {answer:?} by the API, and must be {must:?}"));
        }
    }

    fn booking(&mut self, made: &Booking, must: Option<&Ending>, found: &Found) {
        let gone = must.is_some_and(|must| must.status == FlightStatus::Cancelled);
        let must = if gone { BookingStatus::NeedsRebooking } else { made.booking_status };
        let is = found.bookings.get(&made.booking_id).map(|booking| booking.booking_status);
        if is != Some(must) {
            self.wrong_bookings
                .push(format!("{} is {is:?}, and must be {must:?}", made.booking_id));
        }
    }

    /// Of each event that was told, by its workflow or by what the flight knows, all readers have a
    /// message.
    fn messages(&mut self, history: &History, found: &Found, ended: &Ended, read: &Read) {
        let readers = history.readers();
        for (flight, said) in history.flights.iter().zip(&history.script.said) {
            let known = found.flights.get(&flight.flight_id).map(known).unwrap_or_default();
            for event in said.iter().map(|one| one.version.event_id()) {
                if !ended.told.contains(event) && !known.contains(event) {
                    continue;
                }
                for reader in readers.get(&flight.flight_id).into_iter().flatten() {
                    if !read.told.contains(&(event.clone(), reader.clone())) {
                        self.missing.push(format!("{event} to {reader:?}"));
                    }
                }
            }
        }
    }
}

/// The events that a flight notes all passengers to have been told of.
fn known(flight: &Flight) -> BTreeSet<EventId> {
    let schedule = flight.schedule_news.told.as_ref().map(|told| &told.version);
    let gate = flight.gate_news.told.as_ref().map(|told| &told.version);
    let status = flight.status_news.told.as_ref().map(|told| &told.version);
    [schedule, gate, status].into_iter().flatten().map(|one| one.event_id().clone()).collect()
}

#[cfg(test)]
mod tests;
