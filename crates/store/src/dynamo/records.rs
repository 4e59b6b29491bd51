//! Whole records into DynamoDB.

use super::{DynamoStore, failed, item};
use crate::{RecordWriter, StoreError};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::passenger::Passenger;
use item::Item;

impl RecordWriter for DynamoStore {
    async fn put_flight(&self, flight: &Flight) -> Result<(), StoreError> {
        self.put(item::flight(flight)?).await
    }

    async fn put_passenger(&self, passenger: &Passenger) -> Result<(), StoreError> {
        self.put(item::passenger(passenger)?).await
    }

    async fn put_booking(&self, booking: &Booking) -> Result<(), StoreError> {
        self.put_together(item::booking(booking)?.into()).await
    }
}

impl DynamoStore {
    pub(super) async fn put(&self, item: Item) -> Result<(), StoreError> {
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        request.send().await.map(|_| ()).map_err(failed)
    }

    /// Puts items in one transaction: all or none.
    pub(super) async fn put_together(&self, items: Vec<Item>) -> Result<(), StoreError> {
        let puts = items
            .into_iter()
            .map(|item| {
                let put = Put::builder().table_name(&self.table).set_item(Some(item)).build()?;
                Ok(TransactWriteItem::builder().put(put).build())
            })
            .collect::<Result<Vec<_>, aws_sdk_dynamodb::error::BuildError>>()
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let request = self.client.transact_write_items().set_transact_items(Some(puts));
        request.send().await.map(|_| ()).map_err(failed)
    }
}
