//! What must have come of a replay, by the data alone, and what has.
//!
//! Passengers are told of a first delay, of one that differs by 15 minutes or more from what they
//! were last told, and of a cancellation; by each channel that they want and have an address for.

use super::airline::Airline;
use super::day::{Day, Fate};
use super::knowledge::{Event, Says};
use crate::generator::Impossible;
use crate::scenario::Line;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{EventId, FlightId, PassengerId};
use flightpulse_domain::notification::{Channel, reach};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Minutes by which a delay must differ from the last one told to be told.
const MATERIAL: u32 = 15;

/// One message: of an event, to a passenger, by a channel.
pub(super) type Message = (EventId, PassengerId, Channel);

/// The events, by their place, that passengers are to be told of.
pub(super) fn told(events: &[Event]) -> Vec<usize> {
    let mut last: HashMap<usize, u32> = HashMap::new();
    let is_told = |(at, event): (usize, &Event)| match event.says {
        Says::Cancelled => Some(at),
        Says::Late(minutes) => {
            let is_news =
                last.get(&event.departure).is_none_or(|told| minutes.abs_diff(*told) >= MATERIAL);
            is_news.then(|| last.insert(event.departure, minutes)).map(|_| at)
        }
    };
    events.iter().enumerate().filter_map(is_told).collect()
}

/// All messages that there must be, each once.
pub(super) fn messages(
    events: &[Event],
    ids: &[EventId],
    day: &Day,
    airline: &Airline<'_>,
) -> Result<BTreeSet<Message>, Impossible> {
    let mut readers: HashMap<FlightId, Vec<(PassengerId, Channel)>> = HashMap::new();
    for traveller in airline.travellers() {
        let traveller = traveller?;
        for booking in traveller.bookings {
            let channels = reach(&traveller.passenger).into_iter().map(|(channel, _)| channel);
            let channels = channels.map(|one| (booking.passenger_id.clone(), one));
            readers.entry(booking.flight_id).or_default().extend(channels);
        }
    }
    let of_event = |at: usize| {
        let flight = &day.departures[events[at].departure].flight_id;
        let readers = readers.get(flight).map(Vec::as_slice).unwrap_or_default();
        readers
            .iter()
            .map(move |(passenger, channel)| (ids[at].clone(), passenger.clone(), *channel))
    };
    Ok(told(events).into_iter().flat_map(of_event).collect())
}

/// What is not as it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Verdict {
    /// Flights whose status or delay is not that of the data set, in words.
    pub(super) wrong_flights: Vec<String>,
    /// Messages that are not there.
    pub(super) missing: usize,
    /// Messages that should not be there.
    pub(super) unexpected: usize,
    /// Messages that are there more than once, under different ids.
    pub(super) doubled: usize,
    /// Lines that repeat a notification under the same id: whoever delivers it drops them.
    pub(super) repeated_lines: usize,
    /// Lines of the notification logs that cannot be read.
    pub(super) unreadable: usize,
    /// Events that ended in the dead letters.
    pub(super) failed: usize,
}

impl Verdict {
    /// Whether all is as the data set has it.
    pub(super) fn is_good(&self) -> bool {
        Self { repeated_lines: 0, ..self.clone() } == Self::default()
    }

    /// Holds flights against the data.
    pub(super) fn flights(&mut self, day: &Day, found: &HashMap<FlightId, Flight>) {
        for departure in &day.departures {
            let id = &departure.flight_id;
            let wanted = match departure.fate {
                Fate::Cancelled => (FlightStatus::Cancelled, 0),
                Fate::Late(minutes) => (FlightStatus::Delayed, minutes),
                Fate::Punctual => (FlightStatus::Scheduled, 0),
            };
            let Some(flight) = found.get(id) else {
                self.wrong_flights.push(format!("{id} is not in the table"));
                continue;
            };
            let is = (flight.status, flight.delay_minutes);
            if is != wanted {
                self.wrong_flights.push(format!(
                    "{id} is {} with {} min, and was {} with {} min",
                    is.0.name(),
                    is.1,
                    wanted.0.name(),
                    wanted.1
                ));
            }
        }
    }

    /// Holds messages against those that there must be.
    pub(super) fn messages(&mut self, wanted: &BTreeSet<Message>, lines: &[Line]) {
        let mut found: BTreeMap<Message, BTreeMap<&str, usize>> = BTreeMap::new();
        for Line { notification, .. } in lines {
            let message = (
                notification.event_id.clone(),
                notification.passenger_id.clone(),
                notification.channel,
            );
            let ids = found.entry(message).or_default();
            *ids.entry(notification.notification_id.as_str()).or_default() += 1;
        }
        self.missing = wanted.iter().filter(|message| !found.contains_key(message)).count();
        self.unexpected = found.keys().filter(|message| !wanted.contains(message)).count();
        self.doubled = found.values().filter(|ids| ids.len() > 1).count();
        self.repeated_lines =
            found.values().flat_map(BTreeMap::values).map(|count| count - 1).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{knowledge, source::COMMITTED};
    use super::*;
    use flightpulse_contracts::notification_events::NotificationEvent;
    use jiff::Timestamp;
    use serde_json::json;

    fn event(departure: usize, nth: u32, says: Says) -> Event {
        Event { at: Timestamp::UNIX_EPOCH, departure, nth, says }
    }

    #[test]
    fn what_differs_too_little_is_not_told() {
        let events = [
            event(0, 1, Says::Late(10)),
            event(1, 1, Says::Late(10)),
            event(0, 2, Says::Late(24)),
            event(1, 2, Says::Late(25)),
            event(0, 3, Says::Late(25)),
            event(2, 1, Says::Cancelled),
        ];
        assert_eq!(told(&events), [0, 1, 3, 4, 5]);
    }

    fn line(event: &str, passenger: &str, notification: &str) -> Line {
        let notification: NotificationEvent = serde_json::from_value(json!({
            "schema_version": 1, "notification_id": notification, "event_id": event,
            "correlation_id": "c", "kind": "DELAY", "nature": "NEWS", "flight_id": "F",
            "booking_id": "B", "passenger_id": passenger, "tier": "MEMBER", "language": "en",
            "channel": "sms", "to": "+1", "text": "t", "author": "MODEL"
        }))
        .unwrap();
        Line { at_ms: 0, log_group: String::new(), detail_type: String::new(), notification }
    }

    #[test]
    fn missing_doubled_and_unexpected_messages_are_told_apart_from_repeats() {
        let message = |event: &str, passenger: &str| {
            (EventId::new(event).unwrap(), PassengerId::new(passenger).unwrap(), Channel::Sms)
        };
        let wanted = BTreeSet::from([message("e", "a"), message("e", "b"), message("e", "c")]);
        let lines = [
            line("e", "a", "1"),
            line("e", "a", "1"),
            line("e", "b", "2"),
            line("e", "b", "3"),
            line("f", "a", "4"),
        ];
        let mut verdict = Verdict::default();
        verdict.messages(&wanted, &lines);
        let counts = (verdict.missing, verdict.unexpected, verdict.doubled, verdict.repeated_lines);
        assert_eq!(counts, (1, 1, 1, 1));
        assert!(!verdict.is_good());
        verdict.messages(&wanted, &[line("e", "a", "1"), line("e", "b", "2"), line("e", "c", "3")]);
        assert!(verdict.is_good());
    }

    #[test]
    fn a_flight_that_is_not_as_the_data_set_has_it_is_named() {
        let day = Day::read(COMMITTED, jiff::civil::date(2013, 2, 8)).unwrap();
        let airline = Airline::new(&day, 1);
        let mut flights: HashMap<_, _> =
            airline.flights().map(|flight| (flight.flight_id.clone(), flight)).collect();
        let mut verdict = Verdict::default();
        verdict.flights(&day, &flights);
        assert_eq!(verdict.wrong_flights.len(), 472 + 239, "as scheduled, before the storm");
        for departure in &day.departures {
            let flight = flights.get_mut(&departure.flight_id).unwrap();
            (flight.status, flight.delay_minutes) = match departure.fate {
                Fate::Cancelled => (FlightStatus::Cancelled, 0),
                Fate::Late(minutes) => (FlightStatus::Delayed, minutes),
                Fate::Punctual => (FlightStatus::Scheduled, 0),
            };
        }
        let mut verdict = Verdict::default();
        verdict.flights(&day, &flights);
        assert_eq!(verdict, Verdict::default());
    }

    #[test]
    fn the_storm_tells_of_every_cancellation() {
        let day = Day::read(COMMITTED, jiff::civil::date(2013, 2, 8)).unwrap();
        let events = knowledge::of(&day);
        let told = told(&events);
        let cancelled = told.iter().filter(|at| events[**at].says == Says::Cancelled).count();
        assert_eq!(cancelled, 472);
        assert!(told.len() < events.len(), "some steps are too small to be told");
    }
}
