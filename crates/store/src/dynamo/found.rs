//! Items that were found, and the domain's types that are made of them.

use crate::StoreError;
use crate::keys::{BOOKING_PREFIX, Key};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::news::{News, Telling, Told, ToldSchedule};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An item as the table answered with it: DynamoDB's JSON, of which nothing has been read yet.
#[derive(Debug, Clone)]
pub(super) struct Found(Box<RawValue>);

impl Found {
    pub(super) fn new(item: &RawValue) -> Self {
        Self(item.to_owned())
    }

    /// Its key.
    pub(super) fn key(&self) -> Result<Key, StoreError> {
        key_of(self.0.get())
            .ok_or_else(|| StoreError::Corrupt { key: "?".into(), why: NO_KEY.into() })
    }

    /// What its attributes are, numbers among them as such.
    pub(super) fn attributes(&self) -> Result<Map<String, Value>, StoreError> {
        self.read()
    }

    /// The text of an attribute; none where it has no such text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(match self.attributes()?.remove(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        })
    }

    /// Reads it as one of the domain's types.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        read(self.0.get())
    }

    /// Reads it as a flight.
    pub(super) fn flight(&self) -> Result<Flight, StoreError> {
        flight(self.0.get())
    }

    /// Where a query of bookings went on, by its sort key.
    pub(super) fn cursor(&self) -> Option<String> {
        self.key().ok()?.sk.strip_prefix(BOOKING_PREFIX).map(str::to_owned)
    }
}

const NO_KEY: &str = "it has no PK and SK";

/// The key of an item.
pub(super) fn key_of(item: &str) -> Option<Key> {
    #[derive(Deserialize)]
    struct Keys<'a> {
        #[serde(borrow, rename = "PK")]
        pk: Cow<'a, str>,
        #[serde(borrow, rename = "SK")]
        sk: Cow<'a, str>,
    }
    let keys: Keys<'_> = flightpulse_dynamo_json::from_str(item).ok()?;
    Some(Key { pk: keys.pk.into_owned(), sk: keys.sk.into_owned() })
}

/// Reads an item as one of the domain's types. Its error quotes no value: it may be personal.
pub(super) fn read<T: DeserializeOwned>(item: &str) -> Result<T, StoreError> {
    read_told(item, |error| {
        let told = error.to_string();
        if told.starts_with("missing field") {
            return told;
        }
        format!("at its character {} is not what must be there", error.column())
    })
}

fn read_told<T: DeserializeOwned>(
    item: &str,
    why: impl Fn(&serde_json::Error) -> String,
) -> Result<T, StoreError> {
    flightpulse_dynamo_json::from_str(item).map_err(|error| match key_of(item) {
        Some(key) => StoreError::Corrupt { key: key.to_string(), why: why(&error) },
        None => StoreError::Corrupt { key: "?".into(), why: NO_KEY.into() },
    })
}

/// Reads an item as a flight, also as it was before each facet had its news, which go before. A flight
/// has no personal data: the error says all.
pub(super) fn flight(item: &str) -> Result<Flight, StoreError> {
    let mut flight: Flight = read_told(item, ToString::to_string)?;
    // Asked of the text first: most flights have no news at all, and would be read twice.
    if flight.schedule_news.is_empty() && BEFORE_NEWS.iter().any(|name| item.contains(name)) {
        flight.schedule_news = read_told::<BeforeNews>(item, ToString::to_string)?.into();
    }
    Ok(flight)
}

/// What passengers know of the schedule, as flights had it before each facet had its news.
#[derive(Deserialize)]
struct BeforeNews {
    told_schedule: Option<Told<ToldSchedule>>,
    telling_schedule: Option<Told<ToldSchedule>>,
    maybe_told_schedule: Option<Told<ToldSchedule>>,
}

/// The names of its attributes.
pub(super) const BEFORE_NEWS: [&str; 3] =
    ["told_schedule", "telling_schedule", "maybe_told_schedule"];

impl From<BeforeNews> for News<ToldSchedule> {
    fn from(before: BeforeNews) -> Self {
        Self {
            told: before.told_schedule,
            telling: before.telling_schedule,
            maybe_told: before.maybe_told_schedule,
        }
    }
}

/// The text of an item that is about to be written, as it would be answered with.
#[cfg(test)]
pub(super) fn text_of(item: super::item::Item) -> String {
    let attributes = item.into_iter().map(|(name, value)| (name, value.into()));
    let item: std::collections::HashMap<String, serde_dynamo::AttributeValue> =
        attributes.collect();
    serde_json::to_string(&item).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;
    use crate::dynamo::{item, number, text};
    use aws_sdk_dynamodb::types::AttributeValue;
    use flightpulse_domain::booking::Booking;
    use std::collections::HashMap;

    #[test]
    fn a_flight_from_before_each_facet_had_its_news_is_read() {
        let mut old = item::flight(&conformance::flight("SW1")).unwrap();
        for name in ["schedule_news", "gate_news", "status_news", "revision"] {
            old.remove(name);
        }
        let told = HashMap::from([
            ("version".to_owned(), text("2026-11-22T09:00:00.000000Z#e1")),
            ("departure".to_owned(), text("2026-11-22T22:40:00Z")),
            ("delay_minutes".to_owned(), number(90)),
        ]);
        old.insert(BEFORE_NEWS[0].to_owned(), AttributeValue::M(told.clone()));
        old.insert(BEFORE_NEWS[2].to_owned(), AttributeValue::M(told));
        let read = flight(&text_of(old)).unwrap();
        let departure = "2026-11-22T22:40:00Z".parse().unwrap();
        assert_eq!(read.schedule_news.told.unwrap().said.departure, departure);
        assert!(read.schedule_news.maybe_told.is_some() && read.schedule_news.telling.is_none());
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_key() {
        let sw1 = conformance::flight("SW1");
        let mut one = item::flight(&sw1).unwrap();
        one.insert("delay_minutes".to_owned(), text("much"));
        let corrupt = |item: &str| match flight(item) {
            Err(StoreError::Corrupt { key, .. }) => key,
            other => panic!("{other:?}"),
        };
        assert_eq!(corrupt(&text_of(one.clone())), Key::flight(&sw1.flight_id).to_string());
        // Of what is no flight the value is not told.
        let told = read::<Booking>(&text_of(one.clone())).unwrap_err().to_string();
        assert!(told.contains("missing field `booking_id`"), "{told}");
        let mut booking =
            item::booking(&conformance::booking("B1", "P1", "SW1")).unwrap()[0].clone();
        booking.insert("passenger_count".to_owned(), text("+91 98 1234"));
        let told = read::<Booking>(&text_of(booking)).unwrap_err().to_string();
        assert!(told.contains("is not what must be there") && !told.contains("1234"), "{told}");
        one.remove("PK");
        assert_eq!((corrupt(&text_of(one)), corrupt("[]")), ("?".to_owned(), "?".to_owned()));
    }
}
