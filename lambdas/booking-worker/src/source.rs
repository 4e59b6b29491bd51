//! The shape of what SQS hands over, and of the answer.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>

use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_lambda_kit::failure::Failure;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
}

/// A message of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id: what is answered to have it delivered again.
    pub id: String,
    /// What is in it; or, when it is none of ours, why not and what it is.
    pub body: Result<BookingMessage, (String, String)>,
}

/// The messages of an invocation.
///
/// # Errors
/// [`Failure::InvalidInput`] for what SQS never hands over.
pub fn messages(event: Value) -> Result<Vec<Message>, Failure> {
    let Batch { records } = Failure::input(event)?;
    let message = |Record { message_id, body }| Message {
        id: message_id,
        body: serde_json::from_str(&body)
            .map_err(|error| (format!("the message is no batch of booking events: {error}"), body)),
    };
    Ok(records.into_iter().map(message).collect())
}

/// What the mapping is answered: the messages that it delivers again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// One for each message; none means that all are done with.
    pub batch_item_failures: Vec<ItemFailure>,
}

/// A message to be delivered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// Its id.
    pub item_identifier: String,
}

impl Answer {
    /// The answer that has these messages delivered again.
    #[must_use]
    pub fn again(ids: impl IntoIterator<Item = String>) -> Self {
        let failures = ids.into_iter().map(|item_identifier| ItemFailure { item_identifier });
        Self { batch_item_failures: failures.collect() }
    }
}
