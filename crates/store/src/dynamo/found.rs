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
    pub(super) fn attributes(&self) -> Map<String, Value> {
        flightpulse_dynamo_json::from_str(self.0.get()).unwrap_or_default()
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.attributes().remove(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
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

/// Reads an item as one of the domain's types.
pub(super) fn read<T: DeserializeOwned>(item: &str) -> Result<T, StoreError> {
    flightpulse_dynamo_json::from_str(item).map_err(|error| match key_of(item) {
        Some(key) => StoreError::Corrupt { key: key.to_string(), why: error.to_string() },
        None => StoreError::Corrupt { key: "?".into(), why: NO_KEY.into() },
    })
}

/// Reads an item as a flight, also as it was before each facet had its news.
pub(super) fn flight(item: &str) -> Result<Flight, StoreError> {
    let mut flight: Flight = read(item)?;
    if flight.schedule_news.is_empty() {
        flight.schedule_news = read::<BeforeNews>(item)?.into();
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
        one.remove("PK");
        assert_eq!((corrupt(&text_of(one)), corrupt("[]")), ("?".to_owned(), "?".to_owned()));
    }
}
