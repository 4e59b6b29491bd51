//! Many records into DynamoDB, and how far that has come.

use super::found::Found;
use super::{BATCH_WRITE_ITEMS, DynamoStore, failed, item, text, wait_for_round};
use crate::keys::{self, Key, SEEDINGS_PARTITION};
use crate::{BulkWriter, MOST_SEEDINGS, Record, Seeding, SeedingLog, StoreError};
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
use item::Item;
use std::collections::BTreeMap;

impl BulkWriter for DynamoStore {
    async fn put_records(&self, records: &[Record]) -> Result<(), StoreError> {
        // A batch with the same key twice is refused.
        let mut items: BTreeMap<Key, Item> = BTreeMap::new();
        let mut add = |item: Item| -> Result<(), StoreError> {
            items.insert(item::key_of(&item)?, item);
            Ok(())
        };
        for record in records {
            match record {
                Record::Flight(flight) => add(item::flight(flight)?)?,
                Record::Passenger(passenger) => add(item::passenger(passenger)?)?,
                Record::Booking(booking) => {
                    item::booking(booking)?.into_iter().try_for_each(&mut add)?;
                }
            }
        }
        let mut items = items.into_values().peekable();
        while items.peek().is_some() {
            self.put_batch(items.by_ref().take(BATCH_WRITE_ITEMS)).await?;
        }
        Ok(())
    }
}

impl DynamoStore {
    /// Puts at most [`BATCH_WRITE_ITEMS`] items; what the table leaves is put again.
    async fn put_batch(&self, items: impl Iterator<Item = Item>) -> Result<(), StoreError> {
        let mut left = items
            .map(|item| {
                let put = PutRequest::builder().set_item(Some(item)).build()?;
                Ok(WriteRequest::builder().put_request(put).build())
            })
            .collect::<Result<Vec<_>, aws_sdk_dynamodb::error::BuildError>>()
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        for round in 0.. {
            let request = self.client.batch_write_item().request_items(&self.table, left);
            let answer = request.send().await.map_err(failed)?;
            left = answer
                .unprocessed_items
                .and_then(|mut tables| tables.remove(&self.table))
                .unwrap_or_default();
            if left.is_empty() {
                break;
            }
            wait_for_round(round, left.len()).await?;
        }
        Ok(())
    }
}

impl SeedingLog for DynamoStore {
    async fn note_seeding(&self, seeding: &Seeding) -> Result<(), StoreError> {
        self.put(item::write(&keys::seeding(seeding), seeding)?).await
    }

    async fn seedings(&self) -> Result<Vec<Seeding>, StoreError> {
        let query = self
            .query()
            .key_condition_expression("PK = :seedings")
            .expression_attribute_values(":seedings", text(SEEDINGS_PARTITION))
            .consistent_read(true)
            .scan_index_forward(false)
            .limit(MOST_SEEDINGS as i32);
        let (items, _) = self.found(query).await?;
        items.iter().rev().map(Found::read).collect()
    }
}
