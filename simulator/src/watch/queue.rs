//! A queue that is looked at, not emptied.

use crate::place::Place;
use anyhow::Context;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, Message, QueueAttributeName};

/// Seconds that messages are hidden from other readers while we look.
const HIDDEN_SECONDS: i32 = 20;
/// SQS's limit of messages in one call.
const PER_CALL: i32 = 10;
/// Calls of one look: a very long queue is not read to its end.
const CALLS: usize = 200;

/// Looks at one queue.
pub(super) struct Queue {
    client: Client,
    url: String,
    /// For errors: which queue it is.
    what: &'static str,
    /// Messages in the queue at the last look.
    length: Option<u64>,
}

impl Queue {
    /// The queue at this address; `what` names it in errors.
    pub(super) fn new(place: &Place, url: &str, what: &'static str) -> Self {
        Self { client: Client::new(&place.sdk), url: url.to_owned(), what, length: None }
    }

    /// What is in it, as id and body. Reading hides messages from others for a moment, so nothing
    /// is read, and nothing answered, when the queue has not changed since the last look, unless
    /// `anyway`.
    pub(super) async fn look(&mut self, anyway: bool) -> anyhow::Result<Vec<(String, String)>> {
        let length = self.length().await?;
        let same = self.length.replace(length) == Some(length);
        if length == 0 || (same && !anyway) {
            return Ok(Vec::new());
        }
        let messages = self.peek().await?.into_iter();
        let found = messages.map(|message| {
            (message.message_id.unwrap_or_default(), message.body.unwrap_or_default())
        });
        Ok(found.collect())
    }

    async fn length(&self) -> anyhow::Result<u64> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let request = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = request
            .attribute_names(name.clone())
            .send()
            .await
            .with_context(|| format!("{} cannot be read", self.what))?;
        let length = answer.attributes.as_ref().and_then(|all| all.get(&name)?.parse().ok());
        length.with_context(|| format!("{} does not say how long it is", self.what))
    }

    async fn peek(&self) -> anyhow::Result<Vec<Message>> {
        let mut messages = Vec::new();
        for _ in 0..CALLS {
            let answer = self
                .client
                .receive_message()
                .queue_url(&self.url)
                .max_number_of_messages(PER_CALL)
                .visibility_timeout(HIDDEN_SECONDS)
                .send()
                .await
                .with_context(|| format!("{} cannot be read", self.what))?;
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
        let request = self.client.change_message_visibility_batch().queue_url(&self.url);
        request.set_entries(Some(entries)).send().await.with_context(|| {
            format!("what was looked at in {} cannot be shown again", self.what)
        })?;
        Ok(())
    }
}
