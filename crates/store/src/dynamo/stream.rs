//! Records of the table's stream, as Lambda hands them over: an item before and after a write.
//!
//! A record is read by itself and never the batch as one typed value: one odd record would else
//! make its whole batch unreadable, for ever. Shape:
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html> and
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html>

use super::found;
use crate::keys::{Entity, Key};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::EventId;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A record's number in its shard: up to 40 decimal digits, rising with each write.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SequenceNumber(String);

impl SequenceNumber {
    fn read(text: String) -> Option<Self> {
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then_some(Self(text))
    }

    /// The number as it was written, which is how a record is answered for.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Forty digits fit no integer. Without leading zeros the longer text is the greater number, and of
// two that are equally long the one that sorts later is; what differs in leading zeros alone is
// ordered by the text, so that order and equality agree.
impl Ord for SequenceNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let digits = |number: &Self| number.0.trim_start_matches('0').to_owned();
        let (left, right) = (digits(self), digits(other));
        let by_number = left.len().cmp(&right.len()).then_with(|| left.cmp(&right));
        by_number.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A write of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write<T> {
    /// What the stream calls the write: the same however often its record is delivered.
    pub event_id: EventId,
    /// When it was made, UTC.
    pub at: Timestamp,
    /// The item before it; none where it made the item.
    pub old: Option<T>,
    /// The item after it; none where it deleted the item.
    pub new: Option<T>,
}

/// What a record tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A write of a flight.
    Flight(Box<Write<Flight>>),
    /// A write of a booking.
    Booking(Box<Write<Booking>>),
    /// A write of an item of another kind, which nobody has looked into.
    Other,
}

/// A record that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// By which it is answered for.
    pub sequence_number: SequenceNumber,
    /// What it tells of.
    pub change: Change,
}

/// A record that nobody can read, now or ever. Its text has no personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stream's record of {item} cannot be read: {why}")]
pub struct Unreadable {
    /// By which it is answered for; none when it has none, or none that is one.
    pub sequence_number: Option<SequenceNumber>,
    /// The item's key, where it has one.
    pub item: String,
    /// What is wrong with it.
    pub why: String,
}

/// What a function behind the stream is handed: each record, or why nobody can read it. None where the
/// event is no batch of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamEvent(pub Option<Vec<Result<StreamRecord, Unreadable>>>);

impl StreamEvent {
    /// Reads the event's text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        // serde takes an array for an object whose fields are in order.
        let is_object = text.trim_start().starts_with('{');
        let batch = serde_json::from_str::<Batch<'_>>(text).ok().filter(|_| is_object);
        Self(batch.map(|batch| batch.records.into_iter().map(read).collect()))
    }
}

/// From JSON text that is in memory whole, as an invocation's event is.
impl<'de> Deserialize<'de> for StreamEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(<&RawValue>::deserialize(deserializer)?.get()))
    }
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<&'a RawValue>,
}

/// A JSON object whose values are still text: of what nobody asks for nothing is read.
struct Parts<'a>(HashMap<String, &'a RawValue>);

impl<'a> Parts<'a> {
    /// The object of a text; one without fields where it is none.
    fn of(text: Option<&'a RawValue>) -> Self {
        Self(text.and_then(|text| serde_json::from_str(text.get()).ok()).unwrap_or_default())
    }

    fn get<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }
}

/// Reads one record of the stream.
///
/// # Errors
/// [`Unreadable`] for what is no record of this table's stream, and for a flight or a booking
/// that is none.
pub fn read(record: &RawValue) -> Result<StreamRecord, Unreadable> {
    let record = Parts::of(Some(record));
    let inner = Parts::of(record.0.get("dynamodb").copied());
    let sequence_number = inner.get("SequenceNumber").and_then(SequenceNumber::read);
    let unreadable = |item: String, why: String| Unreadable {
        sequence_number: sequence_number.clone(),
        item,
        why,
    };
    let key = inner.get("Keys").map(key).ok_or_else(|| {
        unreadable("an unnamed item".to_owned(), "it has no Keys with a text PK and SK".to_owned())
    })?;
    let change = change(&record, &inner, &key).map_err(|why| unreadable(key.to_string(), why))?;
    let sequence_number = sequence_number.clone().ok_or_else(|| {
        unreadable(key.to_string(), "it has no SequenceNumber of 1 to 40 digits".to_owned())
    })?;
    Ok(StreamRecord { sequence_number, change })
}

fn key(keys: Keys<'_>) -> Key {
    Key { pk: keys.pk.text.into_owned(), sk: keys.sk.text.into_owned() }
}

#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow, rename = "PK")]
    pk: Text<'a>,
    #[serde(borrow, rename = "SK")]
    sk: Text<'a>,
}

#[derive(Deserialize)]
struct Text<'a> {
    #[serde(borrow, rename = "S")]
    text: Cow<'a, str>,
}

fn change(record: &Parts<'_>, inner: &Parts<'_>, key: &Key) -> Result<Change, String> {
    match key.entity() {
        Entity::Flight => {
            // A flight has no personal data: the cause may be told.
            let read = |name: &str, image: &RawValue| {
                let flight = found::flight(image.get())
                    .map_err(|error| format!("its {name} is no flight: {error}"))?;
                of_key(&Key::flight(&flight.flight_id), key, name).map(|()| flight)
            };
            Ok(Change::Flight(Box::new(write(record, inner, read)?)))
        }
        Entity::Booking => {
            // The cause may quote a field, and a booking has personal data: it is not told.
            let read = |name: &str, image: &RawValue| {
                let booking: Booking =
                    found::read(image.get()).map_err(|_| format!("its {name} is no booking"))?;
                of_key(&Key::booking(&booking.booking_id), key, name).map(|()| booking)
            };
            Ok(Change::Booking(Box::new(write(record, inner, read)?)))
        }
        Entity::Other => Ok(Change::Other),
    }
}

fn of_key(own: &Key, key: &Key, name: &str) -> Result<(), String> {
    if own == key { Ok(()) } else { Err(format!("its {name} is of another item")) }
}

fn write<T>(
    record: &Parts<'_>,
    inner: &Parts<'_>,
    read: impl Fn(&str, &RawValue) -> Result<T, String>,
) -> Result<Write<T>, String> {
    let (has_old, has_new) = match record.get::<String>("eventName").as_deref() {
        Some("INSERT") => (false, true),
        Some("MODIFY") => (true, true),
        Some("REMOVE") => (true, false),
        _ => return Err("its eventName is none of INSERT, MODIFY, REMOVE".to_owned()),
    };
    let event_id = record.get::<String>("eventID").and_then(|id| EventId::new(id).ok());
    let event_id = event_id.ok_or("it has no eventID")?;
    let at = inner.get("ApproximateCreationDateTime").and_then(time);
    let at = at.ok_or("it has no ApproximateCreationDateTime in seconds")?;
    let image = |name: &str, there: bool| {
        // Both images are there under the view type NEW_AND_OLD_IMAGES only.
        let image = inner.0.get(name).filter(|_| there);
        match image {
            None if there => Err(format!("it has no {name}")),
            None => Ok(None),
            Some(image) => read(name, image).map(Some),
        }
    };
    Ok(Write { event_id, at, old: image("OldImage", has_old)?, new: image("NewImage", has_new)? })
}

// Seconds, whole or with a fraction, of which milliseconds are kept.
fn time(seconds: f64) -> Option<Timestamp> {
    let millis = (seconds * 1_000.0).round();
    // Beyond 53 bits a float is no exact number, nor a time that jiff knows.
    let fits = (0.0..=9_007_199_254_740_991.0).contains(&millis);
    fits.then(|| Timestamp::from_millisecond(millis as i64).ok())?
}

#[cfg(test)]
mod tests;
