//! The dead-letter queue: looked at, not emptied.

use crate::kafka::RecordAt;
use crate::place::Place;
use anyhow::Context;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, Message, QueueAttributeName};
use flightpulse_domain::ids::EventId;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Seconds that messages are hidden from other readers while we look.
const HIDDEN_SECONDS: i32 = 20;
/// SQS's limit of messages in one call.
const PER_CALL: i32 = 10;
/// Calls of one look: a long queue is not read to its end.
const CALLS: usize = 50;

/// Looks for dead letters about one event.
pub(super) struct DeadLetters {
    client: Client,
    queue_url: String,
    event_id: String,
    record: RecordAt,
    /// Messages in the queue at the last look.
    length: Option<u64>,
    known: HashSet<String>,
}

impl DeadLetters {
    pub(super) fn new(place: &Place, event_id: &EventId, record: &RecordAt) -> Self {
        Self {
            client: Client::new(&place.sdk),
            queue_url: place.outputs.dead_letter_queue_url.clone(),
            event_id: event_id.to_string(),
            record: record.clone(),
            length: None,
            known: HashSet::new(),
        }
    }

    /// The dead letters about the event that are new.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<String>> {
        let length = self.length().await?;
        // Reading hides messages for a moment, so only a queue that has changed is read.
        if self.length.replace(length) == Some(length) || length == 0 {
            return Ok(Vec::new());
        }
        let messages = self.peek().await?;
        let mut found = Vec::new();
        for message in messages {
            let body = message.body.unwrap_or_default();
            let id = message.message_id.unwrap_or_default();
            if self.is_about_us(&body) && self.known.insert(id) {
                found.push(summary(&body));
            }
        }
        Ok(found)
    }

    // The bytes of a record are in base64, so a record is known by its place.
    fn is_about_us(&self, body: &str) -> bool {
        let letter: Value = serde_json::from_str(body).unwrap_or_default();
        let RecordAt { topic, partition, offset } = &self.record;
        let is = |name: &str, value: Value| letter.get(name) == Some(&value);
        body.contains(&self.event_id)
            || is("topic", json!(topic))
                && is("partition", json!(partition))
                && is("offset", json!(offset))
    }

    async fn length(&self) -> anyhow::Result<u64> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let request = self.client.get_queue_attributes().queue_url(&self.queue_url);
        let answer = request
            .attribute_names(name.clone())
            .send()
            .await
            .context("the dead-letter queue cannot be read")?;
        let length = answer.attributes.as_ref().and_then(|all| all.get(&name)?.parse().ok());
        length.context("the dead-letter queue does not say how long it is")
    }

    async fn peek(&self) -> anyhow::Result<Vec<Message>> {
        let mut messages = Vec::new();
        for _ in 0..CALLS {
            let answer = self
                .client
                .receive_message()
                .queue_url(&self.queue_url)
                .max_number_of_messages(PER_CALL)
                .visibility_timeout(HIDDEN_SECONDS)
                .send()
                .await
                .context("the dead-letter queue cannot be read")?;
            let page = answer.messages.unwrap_or_default();
            if page.is_empty() {
                break;
            }
            messages.extend(page);
        }
        for page in messages.chunks(PER_CALL as usize) {
            self.show_again(page).await?;
        }
        Ok(messages)
    }

    async fn show_again(&self, messages: &[Message]) -> anyhow::Result<()> {
        let entries = messages.iter().enumerate().map(|(at, message)| {
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(at.to_string())
                .set_receipt_handle(message.receipt_handle.clone())
                .visibility_timeout(0)
                .build()
        });
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.change_message_visibility_batch().queue_url(&self.queue_url);
        request
            .set_entries(Some(entries))
            .send()
            .await
            .context("what was looked at in the dead-letter queue cannot be shown again")?;
        Ok(())
    }
}

/// What a person wants to read of a dead letter.
fn summary(body: &str) -> String {
    let letter: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| letter.get(name).and_then(Value::as_str).map(str::to_owned);
    match (text("kind"), text("reason")) {
        (Some(kind), Some(reason)) => match text("booking_id") {
            Some(booking) => format!("{kind} {booking}: {reason}"),
            None => format!("{kind}: {reason}"),
        },
        _ => body.chars().take(200).collect(),
    }
}
