//! Bookings and their passengers in DynamoDB.

use super::found::Found;
use super::{DynamoStore, failed, item, text};
use crate::keys::{BOOKING_PREFIX, Key, flight_partition};
use crate::{
    BookingChanged, BookingPage, BookingReader, BookingRecord, BookingWriter, StoreError,
    UNREADABLE_PASSENGER,
};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::facet::FacetVersion;
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
fn readable(entry: &Found) -> Option<(BookingId, PassengerId)> {
    let booking_id = entry.cursor().and_then(|id| BookingId::new(id).ok());
    match entry.read::<Entry>() {
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
        let query = self
            .query()
            .key_condition_expression("PK = :flight AND begins_with(SK, :booking)")
            .expression_attribute_values(":flight", text(flight_partition(id)))
            .expression_attribute_values(":booking", text(BOOKING_PREFIX))
            .set_exclusive_start_key(from.as_ref().map(item::key))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .consistent_read(true);
        let (entries, last) = self.found(query).await?;
        let bookings = entries.iter().filter_map(readable).collect();
        Ok(BookingPage { bookings, next: last.as_ref().and_then(Found::cursor) })
    }

    async fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> Result<Vec<BookingRecord>, StoreError> {
        let keys: Vec<_> = ids
            .iter()
            .flat_map(|(booking, passenger)| [Key::booking(booking), Key::passenger(passenger)])
            .collect();
        let found = self.get_by_key(&keys).await?;
        // Several bookings may share a passenger, so items are read by reference.
        fn one<T: DeserializeOwned>(item: Option<&Found>) -> Option<T> {
            let item = item?;
            // The cause may quote a field, and these items have personal data: the key alone.
            let left_out = |_: &StoreError| {
                tracing::warn!(key = ?item.key().ok(), "an unreadable item is left out");
            };
            item.read().inspect_err(left_out).ok()
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

impl BookingWriter for DynamoStore {
    async fn set_booking_status(
        &self,
        booking: &Booking,
        status: BookingStatus,
        version: &FacetVersion,
    ) -> Result<BookingChanged, StoreError> {
        // GSI2 is sparse: only what someone lists by status is in it.
        let index = if status == BookingStatus::NeedsRebooking {
            "SET booking_status = :status, flight_status_version = :version, \
             rebooking_version = if_not_exists(rebooking_version, :version), \
             GSI2PK = :status, GSI2SK = :created"
        } else {
            "SET booking_status = :status, flight_status_version = :version \
             REMOVE GSI2PK, GSI2SK, rebooking_version"
        };
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::booking(&booking.booking_id))))
            .update_expression(index)
            .condition_expression(
                "flight_id = :flight AND booking_status <> :given_up AND booking_status = :read AND \
                 (attribute_not_exists(flight_status_version) OR flight_status_version <= :version)",
            )
            .expression_attribute_values(":status", text(status.name()))
            .expression_attribute_values(":given_up", text(BookingStatus::Cancelled.name()))
            .expression_attribute_values(":flight", text(booking.flight_id.as_str()))
            .expression_attribute_values(":read", text(booking.booking_status.name()))
            .expression_attribute_values(":version", text(version.to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if status == BookingStatus::NeedsRebooking {
            let created = text(booking.created_at.to_string());
            request = request.expression_attribute_values(":created", created);
        }
        match request.send().await {
            Ok(_) => Ok(BookingChanged::Yes),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                    Ok(refused(failure.item(), booking))
                }
                _ => Err(failed(error)),
            },
        }
    }
}

// Of this flight, not given up, and of another status than was read: someone was faster. Whether a
// newer event of the flight was, the next try tells.
fn refused(now: Option<&item::Item>, read: &Booking) -> BookingChanged {
    let is = |name: &str, value: &str| {
        now.and_then(|item| item.get(name)?.as_s().ok()).is_some_and(|known| known == value)
    };
    let same_flight = is("flight_id", read.flight_id.as_str());
    let given_up = is("booking_status", BookingStatus::Cancelled.name());
    let same_status = is("booking_status", read.booking_status.name());
    if now.is_some() && same_flight && !given_up && !same_status {
        BookingChanged::Outdated
    } else {
        BookingChanged::No
    }
}
