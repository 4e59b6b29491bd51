//! What a scenario has of a booking feed: the bookings that are sent, and what operations reads of
//! them then.

use anyhow::Context;
use flightpulse_domain::airport;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Digits of a run's name: as milliseconds they come round after twelve days.
const RUN_DIGITS: u32 = 6;
const DIGITS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Bookings that are sent before the event, and what comes of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Feed {
    pub(crate) flight: FeedFlight,
    events: BTreeMap<String, FeedEvent>,
    /// The events of each request, by their names, in the order of sending.
    requests: Vec<Vec<String>>,
    /// Fields of the API's answer about the flight's operations, and their values.
    pub(crate) operations: Map<String, Value>,
}

/// The flight that is booked: of a feed, so its id has its day and its airport.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedFlight {
    flight_id: FlightId,
    origin: String,
    destination: String,
    date: Date,
    /// By the clocks of its airports.
    departure: Time,
    arrival: Time,
    gate: String,
    aircraft: String,
    capacity: u32,
}

/// An event of the feed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedEvent {
    /// How long before now it says that it happened.
    minutes_ago: i64,
    /// XDM, without its time.
    event: Value,
}

impl Feed {
    /// The requests, each the events that it has, as they are sent at this time.
    pub(crate) fn requests(&self, now: Timestamp) -> anyhow::Result<Vec<Vec<Value>>> {
        let event = |name: &String| {
            let found = self.events.get(name).with_context(|| format!("there is no event {name}"));
            let FeedEvent { minutes_ago, event } = found?;
            let mut event = event.clone();
            let at = now.checked_sub(SignedDuration::from_mins(*minutes_ago))?;
            event["timestamp"] = json!(format!("{at:.3}"));
            Ok(event)
        };
        let request = |names: &Vec<String>| names.iter().map(event).collect();
        self.requests.iter().map(request).collect()
    }
}

impl FeedFlight {
    /// The flight as it is planned; nobody is booked on it yet.
    pub(crate) fn planned(&self) -> anyhow::Result<Flight> {
        let at = |time: Time, iata: &str| -> anyhow::Result<Timestamp> {
            let zone: TimeZone =
                airport::time_zone(iata).with_context(|| format!("{iata} is no airport"))?;
            Ok(self.date.to_datetime(time).to_zoned(zone)?.timestamp())
        };
        let departure = at(self.departure, &self.origin)?;
        let arrival = at(self.arrival, &self.destination)?;
        let (id, from, to) = (self.flight_id.clone(), &self.origin, &self.destination);
        Ok(Flight {
            gate: Some(self.gate.clone()),
            aircraft: Some(self.aircraft.clone()),
            capacity: Some(self.capacity),
            ..Flight::scheduled(id, from, to, departure, arrival)
        })
    }
}

/// A file with its placeholders filled, so that each run has a flight and bookings of its own: what
/// an earlier run has sent could otherwise pass for what this one did.
///
/// `{run}` begins record locators, `{number}` is the flight's number, `{day}` the day that it leaves
/// on, the day after this one.
pub(super) fn filled(file: &str, now: Timestamp) -> anyhow::Result<String> {
    let today = now.to_zoned(TimeZone::UTC);
    let day = today.date().checked_add(1.day())?;
    let second = now.as_second().rem_euclid(86_400);
    let mut left = now.as_millisecond().unsigned_abs();
    let mut digit = || {
        let digit = DIGITS[(left % 32) as usize];
        left /= 32;
        char::from(digit)
    };
    let run: String = (0..RUN_DIGITS).map(|_| digit()).collect();
    Ok(file
        .replace("{run}", &run)
        .replace("{number}", &format!("TL{second}"))
        .replace("{day}", &day.to_string()))
}

/// Where a JSON value is another than it should be: every field that is expected is there with its
/// value; there may be others beside it.
pub(crate) fn differences(place: &str, expected: &Value, found: &Value) -> Vec<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .flat_map(|(name, value)| {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                differences(&place, value, found.get(name).unwrap_or(&Value::Null))
            })
            .collect(),
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .flat_map(|(at, (one, other))| differences(&format!("{place}[{at}]"), one, other))
            .collect(),
        (Value::Array(expected), Value::Array(found)) => {
            vec![format!("{place} has {} entries, not {}", found.len(), expected.len())]
        }
        (expected, found) if expected == found => Vec::new(),
        (expected, found) => vec![format!("{place} is {found}, not {expected}")],
    }
}

#[cfg(test)]
mod tests;
