//! Items ↔ the domain's types.

use crate::StoreError;
use crate::keys::{BOOKING_PREFIX, Index, Key};
use aws_sdk_dynamodb::types::AttributeValue;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::passenger::Passenger;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn key(key: &Key) -> Item {
    HashMap::from([
        ("PK".to_owned(), AttributeValue::S(key.pk.clone())),
        ("SK".to_owned(), AttributeValue::S(key.sk.clone())),
    ])
}

pub(super) fn key_of(item: &Item) -> Result<Key, StoreError> {
    match (item.get("PK"), item.get("SK")) {
        (Some(AttributeValue::S(pk)), Some(AttributeValue::S(sk))) => {
            Ok(Key { pk: pk.clone(), sk: sk.clone() })
        }
        _ => Err(StoreError::Corrupt { key: "?".into(), why: "it has no PK and SK".into() }),
    }
}

pub(super) fn read<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    let key = key_of(&item)?;
    serde_dynamo::from_item(item)
        .map_err(|error| StoreError::Corrupt { key: key.to_string(), why: error.to_string() })
}

/// What passengers know of the schedule, as flights had it before each facet had its news: the
/// attribute's name then, and its place now.
pub(super) const BEFORE_NEWS: [(&str, &str); 3] = [
    ("told_schedule", "told"),
    ("telling_schedule", "telling"),
    ("maybe_told_schedule", "maybe_told"),
];

pub(super) fn read_flight(mut item: Item) -> Result<Flight, StoreError> {
    let before: HashMap<_, _> = BEFORE_NEWS
        .iter()
        .filter_map(|(name, place)| Some(((*place).to_owned(), item.remove(*name)?)))
        .collect();
    if !before.is_empty() {
        item.entry("schedule_news".to_owned()).or_insert(AttributeValue::M(before));
    }
    read(item)
}

pub(super) fn write<T: Serialize>(at: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(value).map_err(|error| StoreError::Refused(error.to_string()))?;
    item.extend(key(at));
    Ok(item)
}

pub(super) fn index(item: &mut Item, index: Index, partition: &str, sort: String) {
    item.insert(index.pk().to_owned(), AttributeValue::S(partition.to_owned()));
    item.insert(index.sk().to_owned(), AttributeValue::S(sort));
}

pub(super) fn flight(flight: &Flight) -> Result<Item, StoreError> {
    let mut item = write(&Key::flight(&flight.flight_id), flight)?;
    index(&mut item, Index::Gsi1, flight.status.name(), flight.scheduled_departure.to_string());
    Ok(item)
}

pub(super) fn passenger(passenger: &Passenger) -> Result<Item, StoreError> {
    write(&Key::passenger(&passenger.passenger_id), passenger)
}

/// A booking's items: its own, and its entries under its flight and its passenger.
pub(super) fn booking(booking: &Booking) -> Result<[Item; 3], StoreError> {
    #[derive(Serialize)]
    struct Entry<'a> {
        booking_id: &'a str,
        passenger_id: &'a str,
        flight_id: &'a str,
    }
    let entry = Entry {
        booking_id: booking.booking_id.as_str(),
        passenger_id: booking.passenger_id.as_str(),
        flight_id: booking.flight_id.as_str(),
    };
    let mut own = write(&Key::booking(&booking.booking_id), booking)?;
    // GSI2 is sparse: only what someone lists by status is in it.
    if booking.booking_status == BookingStatus::NeedsRebooking {
        let status = booking.booking_status.name();
        index(&mut own, Index::Gsi2, status, booking.created_at.to_string());
    }
    Ok([
        own,
        write(&Key::flight_booking(&booking.flight_id, &booking.booking_id), &entry)?,
        write(&Key::passenger_booking(&booking.passenger_id, &booking.booking_id), &entry)?,
    ])
}

/// Where a query went on, from the sort key of the last item.
pub(super) fn cursor_of(item: &Item) -> Option<String> {
    let sk = item.get("SK")?.as_s().ok()?;
    sk.strip_prefix(BOOKING_PREFIX).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance;

    #[test]
    fn a_flight_from_before_each_facet_had_its_news_is_read() {
        let mut old = flight(&conformance::flight("SW1")).unwrap();
        for name in ["schedule_news", "gate_news", "status_news", "revision"] {
            old.remove(name);
        }
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let told = HashMap::from([
            ("version".to_owned(), text("2026-11-22T09:00:00.000000Z#e1")),
            ("departure".to_owned(), text("2026-11-22T22:40:00Z")),
            ("delay_minutes".to_owned(), AttributeValue::N("90".to_owned())),
        ]);
        old.insert("told_schedule".to_owned(), AttributeValue::M(told.clone()));
        old.insert("maybe_told_schedule".to_owned(), AttributeValue::M(told));
        let read = read_flight(old).unwrap();
        let departure = "2026-11-22T22:40:00Z".parse().unwrap();
        assert_eq!(read.schedule_news.told.unwrap().said.departure, departure);
        assert!(read.schedule_news.maybe_told.is_some() && read.schedule_news.telling.is_none());
    }
}
