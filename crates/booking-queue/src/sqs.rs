//! The queue over SQS.

use crate::calls::{Call, NotTaken, deliver};
use crate::{BookingQueue, NotSent};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use flightpulse_contracts::booking_events::BookingMessage;

/// The queue over SQS.
#[derive(Debug, Clone)]
pub struct SqsBookingQueue {
    client: Client,
    queue_url: String,
}

impl SqsBookingQueue {
    /// The queue of this URL.
    #[must_use]
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self { client, queue_url: queue_url.into() }
    }
}

impl Call for SqsBookingQueue {
    async fn call(&self, bodies: &[String]) -> Result<Vec<NotTaken>, NotSent> {
        let entry = |(index, body): (usize, &String)| {
            let entry = SendMessageBatchRequestEntry::builder().id(index.to_string());
            entry.message_body(body).build().map_err(|error| NotSent(error.to_string()))
        };
        let entries = bodies.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        let request = self.client.send_message_batch().queue_url(&self.queue_url);
        let output = request.set_entries(Some(entries)).send().await;
        let output = output.map_err(|error| NotSent(DisplayErrorContext(&error).to_string()))?;
        let not_taken = output.failed().iter().map(|entry| NotTaken {
            // An id that is no number is none of ours, as is a number beyond them.
            index: entry.id().parse().unwrap_or(usize::MAX),
            why: entry.message().unwrap_or(entry.code()).to_owned(),
        });
        Ok(not_taken.collect())
    }
}

impl BookingQueue for SqsBookingQueue {
    async fn send(&self, messages: &[BookingMessage]) -> Result<(), NotSent> {
        deliver(self, messages).await
    }
}
