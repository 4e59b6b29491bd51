//! What an operations centre would have known, and when.
//!
//! The data set has what became of a flight, not how that became known, so this part is a model,
//! the same for every flight, without chance:
//!
//! - A flight that did not operate is cancelled two hours before its planned departure.
//! - A delay grows: it is announced in 1 step (under 15 minutes), 2 (under an hour), 3 (under three)
//!   or 4, of equal size, rounded up to 5 minutes; the last is the true delay.
//! - The first step is known 45 minutes before the planned departure (a delay under 15 minutes:
//!   when the flight does not leave at its time), each next one 15 minutes before the departure that
//!   was expected until then.
//! - On time or early: nothing is said.

use super::day::{Day, Departure, Fate};
use flightpulse_domain::delay::Reason;
use flightpulse_domain::ids::FlightId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const CANCELLED_BEFORE: i64 = 120;
const FIRST_KNOWN_BEFORE: i64 = 45;
const NEXT_KNOWN_BEFORE: i64 = 15;
const ROUNDED_TO: u32 = 5;

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// It leaves so many minutes late.
    Late(u32),
    /// It does not operate.
    Cancelled,
}

/// One event of the operations centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// When it is known, UTC.
    pub(super) at: Timestamp,
    /// Its flight, by its place in the day.
    pub(super) departure: usize,
    /// Which of its flight's events, from 1 on.
    pub(super) nth: u32,
    /// What it says.
    pub(super) says: Says,
}

/// All events of a day, in the order in which they became known.
pub(super) fn of(day: &Day) -> Vec<Event> {
    let of_flight = |(at, departure): (usize, &Departure)| {
        known(departure).into_iter().zip(1..).map(move |((when, says), nth)| Event {
            at: when,
            departure: at,
            nth,
            says,
        })
    };
    let mut events: Vec<_> = day.departures.iter().enumerate().flat_map(of_flight).collect();
    events.sort_by_key(|event| (event.at, event.departure, event.nth));
    events
}

fn known(departure: &Departure) -> Vec<(Timestamp, Says)> {
    let planned = departure.scheduled_departure;
    // Two thousand years from the ends of time nothing saturates.
    let at = |minutes: i64| {
        planned.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(planned)
    };
    let minutes = match departure.fate {
        Fate::Punctual => return Vec::new(),
        Fate::Cancelled => return vec![(at(-CANCELLED_BEFORE), Says::Cancelled)],
        Fate::Late(minutes) => minutes,
    };
    let steps = steps(minutes);
    let first = if steps.len() == 1 { 0 } else { -FIRST_KNOWN_BEFORE };
    let later = steps.iter().map(|step| i64::from(*step) - NEXT_KNOWN_BEFORE);
    let times = std::iter::once(first).chain(later);
    steps.iter().zip(times).map(|(step, time)| (at(time), Says::Late(*step))).collect()
}

/// A delay as it grows, in minutes.
fn steps(minutes: u32) -> Vec<u32> {
    let count = match minutes {
        0..15 => 1,
        15..60 => 2,
        60..180 => 3,
        _ => 4,
    };
    let mut steps: Vec<_> =
        (1..count).map(|nth| (minutes * nth / count).next_multiple_of(ROUNDED_TO)).collect();
    steps.push(minutes);
    steps
}

/// Why, for all flights of a day: the data set does not say. A day on which a tenth of all flights
/// do not operate is one of weather.
pub(super) fn reason(day: &Day) -> Reason {
    if day.cancelled() * 10 >= day.departures.len() { Reason::Weather } else { Reason::Other }
}

impl Event {
    /// The event's type in the contract.
    pub(super) fn event_type(&self) -> &'static str {
        match self.says {
            Says::Late(_) => "FLIGHT_DELAY",
            Says::Cancelled => "FLIGHT_CANCELLED",
        }
    }

    /// The event's payload in the contract.
    pub(super) fn payload(&self, departure: &Departure, reason: Reason) -> Value {
        let flight_id: &FlightId = &departure.flight_id;
        match self.says {
            Says::Cancelled => json!({"flight_id": flight_id, "reason": reason.name()}),
            Says::Late(minutes) => {
                let late = SignedDuration::from_mins(i64::from(minutes));
                let moved = |time: Timestamp| time.saturating_add(late).unwrap_or(time);
                json!({
                    "flight_id": flight_id, "delay_minutes": minutes, "reason": reason.name(),
                    "new_departure": moved(departure.scheduled_departure),
                    "new_arrival": moved(departure.scheduled_arrival),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::COMMITTED;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn committed() -> Day {
        Day::read(COMMITTED, jiff::civil::date(2013, 2, 8)).unwrap()
    }

    #[test]
    fn a_delay_grows_in_steps() {
        assert_eq!(steps(1), [1]);
        assert_eq!(steps(14), [14]);
        assert_eq!(steps(15), [10, 15]);
        assert_eq!(steps(61), [20, 40, 61]);
        assert_eq!(steps(308), [80, 155, 235, 308]);
    }

    #[test]
    fn the_storm_is_878_events() {
        let day = committed();
        let events = of(&day);
        let cancelled = events.iter().filter(|event| event.says == Says::Cancelled).count();
        assert_eq!((events.len(), cancelled), (878, 472));
        assert!(events.is_sorted_by_key(|event| event.at));
        assert_eq!(reason(&day), Reason::Weather);
    }

    #[test]
    fn a_flight_on_time_is_not_spoken_of() {
        let day = committed();
        for event in of(&day) {
            assert_ne!(day.departures[event.departure].fate, Fate::Punctual);
        }
    }

    proptest! {
        #[test]
        fn knowledge_grows_until_the_flight_leaves(minutes in 1_u32..=2_880) {
            let mut day = committed();
            day.departures.truncate(1);
            day.departures[0].fate = Fate::Late(minutes);
            let planned = day.departures[0].scheduled_departure;
            let leaves = planned + SignedDuration::from_mins(i64::from(minutes));
            let events = of(&day);
            let said: Vec<_> = events.iter().map(|event| match event.says {
                Says::Late(minutes) => minutes,
                Says::Cancelled => 0,
            }).collect();
            prop_assert!(said.is_sorted_by(|a, b| a < b), "{said:?}");
            prop_assert_eq!(said.last(), Some(&minutes));
            prop_assert!(events.is_sorted_by(|a, b| a.at < b.at && a.nth < b.nth));
            prop_assert!(events.iter().all(|event| event.at < leaves));
        }
    }

    #[test]
    fn the_last_word_on_each_flight_is_what_became_of_it() {
        let day = committed();
        let last: BTreeMap<_, _> =
            of(&day).into_iter().map(|event| (event.departure, event.says)).collect();
        for (at, departure) in day.departures.iter().enumerate() {
            let said = match departure.fate {
                Fate::Punctual => None,
                Fate::Late(minutes) => Some(Says::Late(minutes)),
                Fate::Cancelled => Some(Says::Cancelled),
            };
            assert_eq!(last.get(&at).copied(), said, "{departure:?}");
        }
    }
}
