//! The store over DynamoDB.

mod answer;
mod bookings;
mod bulk;
mod claims;
mod flights;
mod found;
mod item;
mod lists;
mod notifications;
mod operators;
mod queries;
mod quiet;
mod reconciliations;
mod records;
mod reservations;
pub mod stream;
mod totals;
mod watermarks;

use crate::{StoreError, Written};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use std::error::Error;
use std::time::Duration;

/// DynamoDB's limit of items in one BatchWriteItem.
const BATCH_WRITE_ITEMS: usize = 25;
/// How often what a batch left unprocessed is asked for again.
const BATCH_ROUNDS: u32 = 6;

/// The store in one DynamoDB table.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    table: String,
}

impl DynamoStore {
    /// The store in the table of this name.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}

/// Waits before what a batch left is asked for again: 50 ms, then twice as long each time.
async fn wait_for_round(round: u32, left: usize) -> Result<(), StoreError> {
    if round >= BATCH_ROUNDS {
        let what = format!("{left} items of a batch left unprocessed after {round} retries");
        return Err(StoreError::Unavailable(what));
    }
    tokio::time::sleep(Duration::from_millis(50 << round)).await;
    Ok(())
}

/// Sorts a failed call by what the caller can do about it.
fn failed<E>(error: SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
    let text = DisplayErrorContext(&error).to_string();
    match code {
        "ValidationException" => StoreError::Refused(text),
        "AccessDeniedException" | "ResourceNotFoundException" => StoreError::NotAllowed(text),
        _ => StoreError::Unavailable(text),
    }
}

/// Sends a Put with a condition.
async fn conditional_put(request: PutItemFluentBuilder) -> Result<Written, StoreError> {
    match request.send().await {
        Ok(_) => Ok(Written::Yes),
        Err(error) => match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(Written::Outdated),
            _ => Err(failed(error)),
        },
    }
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
