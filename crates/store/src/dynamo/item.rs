//! Items that are to be written, made of the domain's types.

use crate::StoreError;
use crate::keys::{Index, Key};
use aws_sdk_dynamodb::types::AttributeValue;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::passenger::Passenger;
use serde::Serialize;
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
