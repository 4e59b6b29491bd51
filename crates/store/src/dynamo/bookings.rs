//! Bookings and their passengers in DynamoDB.

use super::{DynamoStore, failed, item, text};
use crate::keys::{BOOKING_PREFIX, Key, flight_partition};
use crate::{BookingPage, BookingReader, BookingRecord, StoreError, UNREADABLE_PASSENGER};
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Entry {
    booking_id: BookingId,
    passenger_id: PassengerId,
}

// One entry that cannot be read must not keep the others from being told. Its booking's id is in
// its key; one without even that has no booking to be told of.
fn readable(entry: item::Item) -> Option<(BookingId, PassengerId)> {
    let booking_id = item::cursor_of(&entry).and_then(|id| BookingId::new(id).ok());
    match item::read::<Entry>(entry) {
        Ok(entry) => Some((entry.booking_id, entry.passenger_id)),
        Err(error) => {
            tracing::error!(%error, "an entry under a flight cannot be read");
            Some((booking_id?, PassengerId::new(UNREADABLE_PASSENGER).ok()?))
        }
    }
}

impl BookingReader for DynamoStore {
    async fn bookings_of_flight(
        &self,
        id: &FlightId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<BookingPage, StoreError> {
        let from = cursor
            .map(|after| Key { pk: flight_partition(id), sk: format!("{BOOKING_PREFIX}{after}") });
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :flight AND begins_with(SK, :booking)")
            .expression_attribute_values(":flight", text(flight_partition(id)))
            .expression_attribute_values(":booking", text(BOOKING_PREFIX))
            .set_exclusive_start_key(from.as_ref().map(item::key))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(true)
            .send()
            .await
            .map_err(failed)?;
        let next = answer.last_evaluated_key.as_ref().and_then(item::cursor_of);
        let entries = answer.items.unwrap_or_default();
        let bookings = entries.into_iter().filter_map(readable).collect();
        Ok(BookingPage { bookings, next })
    }

    async fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> Result<Vec<BookingRecord>, StoreError> {
        let keys: Vec<_> = ids
            .iter()
            .flat_map(|(booking, passenger)| [Key::booking(booking), Key::passenger(passenger)])
            .collect();
        let found = self.batch_get(&keys).await?;
        // Several bookings may share a passenger, so items are read by reference.
        fn one<T: DeserializeOwned>(item: Option<&item::Item>) -> Option<T> {
            let item = item?.clone();
            let key = item::key_of(&item);
            // The cause may quote a field, and these items have personal data: the key alone.
            item::read(item)
                .inspect_err(|_| tracing::warn!(?key, "an unreadable item is left out"))
                .ok()
        }
        Ok(ids
            .iter()
            .map(|(booking, passenger)| BookingRecord {
                booking: one(found.get(&Key::booking(booking))),
                passenger: one(found.get(&Key::passenger(passenger))),
            })
            .collect())
    }
}
