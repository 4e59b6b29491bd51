//! Lists of flights and bookings, and the records that they name, in DynamoDB.

use super::found::Found;
use super::{DynamoStore, item, text};
use crate::keys::{
    BOOKING_PREFIX, FLIGHT_PREFIX, Index, Key, flight_partition, passenger_partition,
};
use crate::{BookedBy, BookingLookup, FlightLister, FlightsOf, Page, PassengerReader, StoreError};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId};
use flightpulse_domain::passenger::Passenger;

/// What can be read of items. What cannot is named in the log by its key alone: the cause may quote
/// a field.
pub(super) fn readable<T>(
    items: Vec<Found>,
    read: impl Fn(&Found) -> Result<T, StoreError>,
) -> Vec<T> {
    let read = |item: Found| {
        let left_out = |_: &StoreError| tracing::warn!(key = ?item.key().ok(), "an unreadable item is left out");
        read(&item).inspect_err(left_out).ok()
    };
    items.into_iter().filter_map(read).collect()
}

/// Why a position of ours cannot be gone on from.
pub(super) fn bad_position(position: &str) -> StoreError {
    StoreError::Refused(format!("{position:?} is no position in this list"))
}

impl FlightLister for DynamoStore {
    async fn flights_of(
        &self,
        which: &FlightsOf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Flight>, StoreError> {
        let (from, until, open) = which.seconds();
        if !open {
            return Ok(Page::empty());
        }
        let window = match (from, until) {
            (None, None) => "",
            (Some(_), None) => " AND GSI1SK >= :from",
            (None, Some(_)) => " AND GSI1SK <= :until",
            (Some(_), Some(_)) => " AND GSI1SK BETWEEN :from AND :until",
        };
        let mut query = self
            .query()
            .index_name(Index::Gsi1.name())
            .key_condition_expression(format!("GSI1PK = :status{window}"))
            .expression_attribute_values(":status", text(which.status.name()));
        for (name, time) in [(":from", from), (":until", until)] {
            if let Some(time) = time {
                query = query.expression_attribute_values(name, text(time.to_string()));
            }
        }
        if let Some(position) = after {
            let (departure, id) = position.split_once('#').ok_or_else(|| bad_position(position))?;
            let id = FlightId::new(id).map_err(|_| bad_position(position))?;
            let mut start = item::key(&Key::flight(&id));
            item::index(&mut start, Index::Gsi1, which.status.name(), departure.to_owned());
            query = query.set_exclusive_start_key(Some(start));
        }
        let (items, last) = self.page(query, limit).await?;
        let next = match last {
            Some(last) => {
                let (key, departure) = (last.key()?, last.text(Index::Gsi1.sk())?);
                let id = key.pk.strip_prefix(FLIGHT_PREFIX);
                id.zip(departure).map(|(id, departure)| format!("{departure}#{id}"))
            }
            None => None,
        };
        Ok(Page { items: readable(items, Found::flight), next })
    }
}

impl BookingLookup for DynamoStore {
    async fn booking(&self, id: &BookingId) -> Result<Option<Booking>, StoreError> {
        self.get(&Key::booking(id)).await?.map(|found| found.read()).transpose()
    }

    async fn booking_ids(
        &self,
        of: &BookedBy,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<BookingId>, StoreError> {
        let partition = match of {
            BookedBy::Flight(id) => flight_partition(id),
            BookedBy::Passenger(id) => passenger_partition(id),
        };
        let start = after
            .map(|after| Key { pk: partition.clone(), sk: format!("{BOOKING_PREFIX}{after}") });
        let query = self
            .query()
            .key_condition_expression("PK = :partition AND begins_with(SK, :booking)")
            .expression_attribute_values(":partition", text(partition))
            .expression_attribute_values(":booking", text(BOOKING_PREFIX))
            .set_exclusive_start_key(start.as_ref().map(item::key))
            .consistent_read(true);
        let (items, last) = self.page(query, limit).await?;
        let next = last.as_ref().and_then(Found::cursor);
        // The id is in the key: whatever else is wrong with an entry does not matter.
        let id = |item: &Found| BookingId::new(item.cursor()?).ok();
        Ok(Page { items: items.iter().filter_map(id).collect(), next })
    }

    async fn bookings(&self, ids: &[BookingId]) -> Result<Vec<Booking>, StoreError> {
        let keys: Vec<_> = ids.iter().map(Key::booking).collect();
        let mut found = self.get_by_key(&keys).await?;
        let items = keys.iter().filter_map(|key| found.remove(key)).collect();
        Ok(readable(items, Found::read))
    }
}

impl PassengerReader for DynamoStore {
    async fn passenger(&self, id: &PassengerId) -> Result<Option<Passenger>, StoreError> {
        self.get(&Key::passenger(id)).await?.map(|found| found.read()).transpose()
    }
}
