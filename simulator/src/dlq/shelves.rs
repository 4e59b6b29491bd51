//! The places with letters: four queues and the dead-letter bucket.

use super::letter::{self, Letter};
use super::walk::{Held, Letters};
use crate::cli::Shelf;
use crate::place::Place;
use crate::stop::Stop;
use anyhow::Context;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName,
    QueueAttributeName,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// SQS's limit of messages in one call.
const PER_CALL: usize = 10;
/// Objects that are read at a time: a batch has up to 6 MB.
const OBJECTS_PER_CALL: i32 = 5;
/// Where Lambda puts batches that it has given up on; what else is in the bucket are the bytes of
/// letters.
pub(crate) const BATCHES: &str = "aws/lambda/";

/// A queue with letters.
pub(super) struct Queue {
    client: aws_sdk_sqs::Client,
    url: String,
    shelf: Shelf,
    /// Seconds that a letter is hidden from others once it is taken in hand.
    hidden_seconds: i32,
}

/// The address of a queue, by the stack's outputs.
pub(crate) fn queue_url(place: &Place, shelf: Shelf) -> Result<&str, Stop> {
    let outputs = &place.outputs;
    let url = match shelf {
        Shelf::DeadLetters => Some(&outputs.dead_letter_queue_url),
        Shelf::RuleDeadLetters => outputs.rule_dead_letter_queue_url.as_ref(),
        Shelf::UnknownFlights => outputs.unknown_flights_queue_url.as_ref(),
        Shelf::BookingDeadLetters => outputs.booking_dead_letter_queue_url.as_ref(),
        Shelf::Bucket => None,
    };
    url.map(String::as_str).ok_or_else(|| not_deployed(name(shelf)))
}

/// The dead-letter bucket, by the stack's outputs.
pub(crate) fn bucket_name(place: &Place) -> Result<&str, Stop> {
    let name = place.outputs.dead_letter_bucket_name.as_deref();
    name.ok_or_else(|| not_deployed("the dead-letter bucket"))
}

fn not_deployed(what: &str) -> Stop {
    Stop::CannotRun(format!("the stack that is deployed does not say where {what} is; deploy anew"))
}

/// The name that people know a place by.
pub(crate) fn name(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::DeadLetters => "FlightPulse-DeadLetters",
        Shelf::RuleDeadLetters => "FlightPulse-RuleDeadLetters",
        Shelf::UnknownFlights => "FlightPulse-UnknownFlights",
        Shelf::BookingDeadLetters => "FlightPulse-BookingEventsDeadLetters",
        Shelf::Bucket => "the dead-letter bucket",
    }
}

/// How many messages a queue has, about: those to be had, and those in somebody's hands.
pub(crate) async fn length(client: &aws_sdk_sqs::Client, url: &str) -> anyhow::Result<(u64, u64)> {
    let names = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ];
    let request = client.get_queue_attributes().queue_url(url);
    let answer = request.set_attribute_names(Some(names.to_vec())).send().await;
    let answer = answer.with_context(|| format!("{url} cannot be read"))?;
    let count = |name: &QueueAttributeName| {
        answer.attributes.as_ref().and_then(|all| all.get(name)?.parse().ok()).unwrap_or_default()
    };
    Ok((count(&names[0]), count(&names[1])))
}

impl Queue {
    /// The queue, each letter of it hidden from others for so long once it is taken in hand.
    pub(super) fn new(place: &Place, shelf: Shelf, hidden_seconds: i32) -> Result<Self, Stop> {
        let url = queue_url(place, shelf)?.to_owned();
        Ok(Self { client: aws_sdk_sqs::Client::new(&place.sdk), url, shelf, hidden_seconds })
    }

    /// About how many letters can be had, and how many are in somebody's hands.
    pub(super) async fn length(&self) -> anyhow::Result<(u64, u64)> {
        length(&self.client, &self.url).await
    }

    async fn receive(&self, wait_seconds: i32) -> anyhow::Result<Vec<Held>> {
        let request = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(PER_CALL as i32)
            .visibility_timeout(self.hidden_seconds)
            .wait_time_seconds(wait_seconds)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All");
        let answer = request.send().await;
        let answer = answer.with_context(|| format!("{} cannot be read", name(self.shelf)))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(|one| self.held(one)).collect())
    }

    fn held(&self, message: Message) -> Held {
        let body = message.body.unwrap_or_default();
        let attributes: BTreeMap<_, _> = message
            .message_attributes
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.string_value?)))
            .collect();
        let system = message.attributes.unwrap_or_default();
        let number = |name: &MessageSystemAttributeName| system.get(name)?.parse::<i64>().ok();
        let sent = number(&MessageSystemAttributeName::SentTimestamp);
        let received = number(&MessageSystemAttributeName::ApproximateReceiveCount);
        let (kind, reason) = letter::read(self.shelf, &body, &attributes);
        let letter = Letter {
            id: message.message_id.unwrap_or_default(),
            shelf: self.shelf,
            since: sent.and_then(|millis| Timestamp::from_millisecond(millis).ok()),
            received: received.and_then(|count| u32::try_from(count).ok()),
            attributes,
            body,
            kind,
            reason,
        };
        Held { letter, receipt: message.receipt_handle }
    }
}

impl Letters for Queue {
    async fn next(&mut self) -> anyhow::Result<Vec<Held>> {
        let held = self.receive(0).await?;
        if held.is_empty() && self.length().await?.0 > 0 {
            // Without waiting, an answer comes from some of the queue's servers and may be empty
            // though there are messages; with it, from all.
            return self.receive(1).await;
        }
        Ok(held)
    }

    async fn take_out(&self, held: &Held) -> anyhow::Result<()> {
        let request = self.client.delete_message().queue_url(&self.url);
        request.set_receipt_handle(held.receipt.clone()).send().await?;
        Ok(())
    }

    async fn put_back(&self, held: &[Held]) -> anyhow::Result<()> {
        for page in held.chunks(PER_CALL) {
            let entries = page.iter().enumerate().map(|(at, held)| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(at.to_string())
                    .set_receipt_handle(held.receipt.clone())
                    .visibility_timeout(0)
                    .build()
            });
            let entries = entries.collect::<Result<Vec<_>, _>>()?;
            let request = self.client.change_message_visibility_batch().queue_url(&self.url);
            request.set_entries(Some(entries)).send().await.with_context(|| {
                let (name, seconds) = (name(self.shelf), self.hidden_seconds);
                format!("what was looked at in {name} stays hidden for {seconds} s")
            })?;
        }
        Ok(())
    }
}

/// The bucket's batches.
pub(super) struct Bucket {
    client: aws_sdk_s3::Client,
    name: String,
    rest: Rest,
}

/// What of the bucket is still to be read.
enum Rest {
    /// These objects.
    Keys(Vec<String>),
    /// All from here on.
    From(Option<String>),
    /// Nothing.
    End,
}

impl Bucket {
    /// All batches, oldest folder first.
    pub(super) fn all(place: &Place) -> Result<Self, Stop> {
        Self::new(place, Rest::From(None))
    }

    /// The batches of these keys.
    pub(super) fn of(place: &Place, keys: Vec<String>) -> Result<Self, Stop> {
        Self::new(place, Rest::Keys(keys))
    }

    fn new(place: &Place, rest: Rest) -> Result<Self, Stop> {
        let name = bucket_name(place)?.to_owned();
        Ok(Self { client: aws_sdk_s3::Client::new(&place.sdk), name, rest })
    }

    /// Whether there is more than was read.
    pub(super) fn has_more(&self) -> bool {
        matches!(self.rest, Rest::From(Some(_)))
    }

    async fn keys(&mut self) -> anyhow::Result<Vec<String>> {
        let from = match std::mem::replace(&mut self.rest, Rest::End) {
            Rest::Keys(keys) => return Ok(keys),
            Rest::End => return Ok(Vec::new()),
            Rest::From(token) => token,
        };
        let request = self.client.list_objects_v2().bucket(&self.name).prefix(BATCHES);
        let request = request.max_keys(OBJECTS_PER_CALL).set_continuation_token(from);
        let page = request.send().await.context("the dead-letter bucket cannot be listed")?;
        if let Some(token) = page.next_continuation_token {
            self.rest = Rest::From(Some(token));
        }
        Ok(page.contents.unwrap_or_default().into_iter().filter_map(|one| one.key).collect())
    }

    async fn read(&self, key: String) -> anyhow::Result<Option<Held>> {
        let object = match self.client.get_object().bucket(&self.name).key(&key).send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(|why| why.is_no_such_key()) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(error).with_context(|| format!("{key} cannot be read"));
            }
        };
        let modified = object.last_modified;
        let since = modified.and_then(|at| Timestamp::from_millisecond(at.to_millis().ok()?).ok());
        let bytes = object.body.collect().await.with_context(|| format!("{key} broke off"))?;
        let body = String::from_utf8_lossy(&bytes.into_bytes()).into_owned();
        let attributes = BTreeMap::new();
        let (kind, reason) = letter::read(Shelf::Bucket, &body, &attributes);
        let shelf = Shelf::Bucket;
        let letter =
            Letter { id: key, shelf, since, received: None, attributes, body, kind, reason };
        Ok(Some(Held { letter, receipt: None }))
    }
}

impl Letters for Bucket {
    async fn next(&mut self) -> anyhow::Result<Vec<Held>> {
        let mut held = Vec::new();
        for key in self.keys().await? {
            held.extend(self.read(key).await?);
        }
        Ok(held)
    }

    async fn take_out(&self, held: &Held) -> anyhow::Result<()> {
        let request = self.client.delete_object().bucket(&self.name).key(&held.letter.id);
        request.send().await?;
        Ok(())
    }

    async fn put_back(&self, _held: &[Held]) -> anyhow::Result<()> {
        Ok(())
    }
}
