//! What is asked of the table: items by their keys, and queries.

use super::answer::{KeepsText, Made};
use super::found::{Found, key_of};
use super::item::{self, Item};
use super::{DynamoStore, failed, wait_for_round};
use crate::StoreError;
use crate::keys::Key;
use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemError, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemOutput};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::query::{QueryError, QueryOutput};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// DynamoDB's limit of keys in one BatchGetItem.
const BATCH_GET_KEYS: usize = 100;

const OF_GET_ITEM: Made = Made {
    output: || Output::erase(GetItemOutput::builder().build()),
    error: |of| Error::erase(GetItemError::generic(of)),
};
const OF_BATCH_GET_ITEM: Made = Made {
    output: || Output::erase(BatchGetItemOutput::builder().build()),
    error: |of| Error::erase(BatchGetItemError::generic(of)),
};
const OF_QUERY: Made = Made {
    output: || Output::erase(QueryOutput::builder().build()),
    error: |of| Error::erase(QueryError::generic(of)),
};

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>
#[derive(Deserialize)]
struct OfGetItem<'a> {
    #[serde(borrow, rename = "Item")]
    item: Option<&'a RawValue>,
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfBatchGetItem<'a> {
    #[serde(borrow, default)]
    responses: HashMap<String, Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    unprocessed_keys: HashMap<String, Unprocessed<'a>>,
}

#[derive(Deserialize)]
struct Unprocessed<'a> {
    #[serde(borrow, rename = "Keys")]
    keys: Vec<&'a RawValue>,
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfQuery<'a> {
    #[serde(borrow, default)]
    items: Vec<&'a RawValue>,
    #[serde(borrow)]
    last_evaluated_key: Option<&'a RawValue>,
}

fn read<'a, T: Deserialize<'a>>(answer: &'a [u8]) -> Result<T, StoreError> {
    let unreadable =
        |error| StoreError::Unavailable(format!("DynamoDB's answer cannot be read: {error}"));
    serde_json::from_slice(answer).map_err(unreadable)
}

impl DynamoStore {
    /// The item of a key.
    pub(super) async fn get(&self, key: &Key) -> Result<Option<Found>, StoreError> {
        let answer = KeepsText::new(OF_GET_ITEM);
        let request = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(item::key(key)))
            // A decision is made on what is read, so it must not be a moment old.
            .consistent_read(true);
        request.customize().interceptor(answer.clone()).send().await.map_err(failed)?;
        Ok(read::<OfGetItem<'_>>(&answer.text())?.item.map(Found::new))
    }

    /// The items of keys, in any order.
    pub(super) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Found>, StoreError> {
        // A batch with the same key twice is refused.
        let mut unique: Vec<&Key> = keys.iter().collect();
        unique.sort();
        unique.dedup();
        let mut found = Vec::with_capacity(unique.len());
        for chunk in unique.chunks(BATCH_GET_KEYS) {
            let mut wanted: Vec<_> = chunk.iter().map(|key| item::key(key)).collect();
            for round in 0.. {
                let answer = self.get_batch(wanted).await?;
                let mut answer: OfBatchGetItem<'_> = read(&answer)?;
                let items = answer.responses.remove(&self.table).unwrap_or_default();
                found.extend(items.into_iter().map(Found::new));
                wanted = match answer.unprocessed_keys.remove(&self.table) {
                    Some(left) => {
                        left.keys.into_iter().map(unprocessed).collect::<Result<_, _>>()?
                    }
                    None => Vec::new(),
                };
                if wanted.is_empty() {
                    break;
                }
                wait_for_round(round, wanted.len()).await?;
            }
        }
        Ok(found)
    }

    /// The items of keys, by their keys.
    pub(super) async fn get_by_key(&self, keys: &[Key]) -> Result<HashMap<Key, Found>, StoreError> {
        let found = self.get_all(keys).await?;
        found.into_iter().map(|item| Ok((item.key()?, item))).collect()
    }

    async fn get_batch(&self, keys: Vec<Item>) -> Result<Vec<u8>, StoreError> {
        let answer = KeepsText::new(OF_BATCH_GET_ITEM);
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let request = self.client.batch_get_item().request_items(&self.table, keys);
        request.customize().interceptor(answer.clone()).send().await.map_err(failed)?;
        Ok(answer.text())
    }

    /// A query of the table, of which all else is still to be said.
    pub(super) fn query(&self) -> QueryFluentBuilder {
        self.client.query().table_name(&self.table)
    }

    /// As many items of a query as come in one call; and the key after which it goes on, when it does.
    pub(super) async fn found(
        &self,
        query: QueryFluentBuilder,
    ) -> Result<(Vec<Found>, Option<Found>), StoreError> {
        let answer = KeepsText::new(OF_QUERY);
        query.customize().interceptor(answer.clone()).send().await.map_err(failed)?;
        let answer = answer.text();
        let answer: OfQuery<'_> = read(&answer)?;
        let items = answer.items.into_iter().map(Found::new).collect();
        Ok((items, answer.last_evaluated_key.map(Found::new)))
    }

    /// Up to `limit` items of a query; and the item after which it goes on, when it does. One more
    /// than is wanted is asked for, so that the last page is known to be the last.
    pub(super) async fn page(
        &self,
        query: QueryFluentBuilder,
        limit: usize,
    ) -> Result<(Vec<Found>, Option<Found>), StoreError> {
        let one_more = i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX);
        let (mut items, next) = self.found(query.limit(one_more)).await?;
        if items.len() > limit {
            items.truncate(limit);
            let last = items.last().cloned();
            return Ok((items, last));
        }
        // DynamoDB ends a page at 1 MB, or because it was asked to; the key of its last item is all
        // that is needed.
        Ok((items, next))
    }
}

/// The key of an item that a batch left.
fn unprocessed(key: &RawValue) -> Result<Item, StoreError> {
    let unreadable = || StoreError::Unavailable("a batch left a key that is none".to_owned());
    key_of(key.get()).as_ref().map(item::key).ok_or_else(unreadable)
}
