//! A history: its flights, who is booked on them, and what is said of them. All of it follows from
//! seed, sizes and run, so whoever verifies knows what whoever played has written.

use crate::cli::HistoryOptions;
use crate::generator::{Network, Spec, Traveller};
use crate::stop::Stop;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{FlightId, PassengerId};
use flightpulse_domain::notification::{Channel, reach};
use flightpulse_simulation::Chaos;
use flightpulse_simulation::history::{Script, script};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Passengers for each flight; some fly on two.
const PASSENGERS: u32 = 6;
/// The flights leave so many days after the history, so that whatever is said of them matters still; and
/// those of each seed on a day of their own, so that histories on one table share no flight.
const AHEAD: i64 = 30;
const DAYS: i64 = 300;

/// Someone whom messages of a flight reach, and how.
pub(super) type Reader = (PassengerId, Channel);

/// A history.
pub(super) struct History {
    /// What all its ids have in them.
    pub(super) run: String,
    pub(super) began: Timestamp,
    /// As they are planned.
    pub(super) flights: Vec<Flight>,
    pub(super) travellers: Vec<Traveller>,
    pub(super) script: Script,
}

impl History {
    /// The history that is asked for; begun now, unless it says when.
    pub(super) fn of(options: &HistoryOptions) -> anyhow::Result<Self> {
        let now = Timestamp::now().as_second();
        let began = Timestamp::from_second(options.run.unwrap_or(now))?;
        let HistoryOptions { seed, flights, .. } = *options;
        let ahead = SignedDuration::from_hours(24 * (AHEAD + i64::from(seed) % DAYS));
        let date = (began + ahead).to_zoned(TimeZone::UTC).date();
        let network =
            Network::plan(Spec { seed, flights, passengers: flights * PASSENGERS, date })?;
        let planned: Vec<_> = (0..flights as usize).filter_map(|at| network.flight(at)).collect();
        let travellers = network.travellers(0).collect::<Result<_, _>>()?;
        let run = format!("{:08x}", began.as_second());
        let chaos = Chaos::new(u64::from(seed), 0, began);
        let ids = format!("{}-", correlation(&run));
        let script = script(&chaos, &planned, options.events as usize, &ids, began)
            .map_err(|error| Stop::CannotRun(error.to_string()))?;
        Ok(Self { run, began, flights: planned, travellers, script })
    }

    /// What ties together all that it sets off.
    pub(super) fn correlation(&self) -> String {
        correlation(&self.run)
    }

    /// All bookings, as they are made.
    pub(super) fn bookings(&self) -> impl Iterator<Item = &Booking> {
        self.travellers.iter().flat_map(|traveller| &traveller.bookings)
    }

    /// Who reads of each flight.
    pub(super) fn readers(&self) -> BTreeMap<FlightId, BTreeSet<Reader>> {
        let mut readers: BTreeMap<_, BTreeSet<Reader>> = BTreeMap::new();
        for traveller in &self.travellers {
            let passenger = &traveller.passenger;
            for booking in &traveller.bookings {
                let reached = reach(passenger).into_iter();
                let reached = reached.map(|(channel, _)| (passenger.passenger_id.clone(), channel));
                readers.entry(booking.flight_id.clone()).or_default().extend(reached);
            }
        }
        readers
    }
}

fn correlation(run: &str) -> String {
    format!("chaos-{run}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::chaos) fn history(seed: u32) -> History {
        let run = Some(0x692c_cf00);
        History::of(&HistoryOptions { seed, events: 60, flights: 6, run }).unwrap()
    }

    #[test]
    fn whoever_verifies_knows_what_was_played() {
        let (one, other) = (history(3), history(3));
        assert_eq!((&one.script, &one.flights), (&other.script, &other.flights));
        assert_eq!(one.readers(), other.readers());
        assert_eq!(one.correlation(), "chaos-692ccf00");
        assert_ne!(history(4).script, one.script);
    }

    #[test]
    fn every_flight_has_readers() {
        let history = history(1);
        let readers = history.readers();
        assert!(history.flights.iter().all(|one| !readers[&one.flight_id].is_empty()));
    }
}
