//! Dead letters over SQS; what is too large for a message goes to S3 and the message says where.

use crate::{Carried, DeadLetter, DeadLetters, NotKept, Origin};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use serde::{Deserialize, Serialize};

/// SQS's limit of messages in one SendMessageBatch.
const MESSAGES_PER_CALL: usize = 10;
/// Bytes that travel in the message itself. Ten messages with them, in base64, fit the 256 KB
/// that a batch may have everywhere.
const INLINE_BYTES: usize = 16 * 1_024;
const MAX_REASON: usize = 1_000;
/// Bytes of a key that are kept. A longer one is no flight's id, and a key may be as large as a
/// record.
const MAX_KEY: usize = 512;

/// A dead letter as the queue has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Where it came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// Why it cannot be processed, in words.
    pub reason: String,
    /// When that was found, UTC.
    pub at: jiff::Timestamp,
    /// Its bytes in base64, when they are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_base64: Option<String>,
    /// Where its bytes are, when they are many: `s3://bucket/key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_at: Option<String>,
    /// The record's key in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_base64: Option<String>,
    /// The record's correlation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// Dead letters in one queue, with a bucket for large ones.
#[derive(Debug, Clone)]
pub struct SqsDeadLetters {
    sqs: aws_sdk_sqs::Client,
    s3: aws_sdk_s3::Client,
    queue_url: String,
    bucket: String,
}

impl SqsDeadLetters {
    /// Dead letters in this queue and this bucket.
    #[must_use]
    pub fn new(
        sqs: aws_sdk_sqs::Client,
        s3: aws_sdk_s3::Client,
        queue_url: impl Into<String>,
        bucket: impl Into<String>,
    ) -> Self {
        Self { sqs, s3, queue_url: queue_url.into(), bucket: bucket.into() }
    }

    async fn message(&self, letter: &DeadLetter) -> Result<Message, NotKept> {
        let mut message = Message {
            origin: letter.origin.clone(),
            reason: letter.reason.chars().take(MAX_REASON).collect(),
            at: letter.at,
            bytes_base64: None,
            bytes_at: None,
            key_base64: key_of(&letter.carried),
            correlation_id: letter.carried.correlation_id.clone(),
        };
        match &letter.bytes {
            Some(bytes) if bytes.len() > INLINE_BYTES => {
                message.bytes_at = Some(self.put(letter, bytes.clone()).await?);
            }
            Some(bytes) => message.bytes_base64 = Some(STANDARD.encode(bytes)),
            None => {}
        }
        Ok(message)
    }

    async fn put(&self, letter: &DeadLetter, bytes: Vec<u8>) -> Result<String, NotKept> {
        let key = object_key(letter);
        let request = self.s3.put_object().bucket(&self.bucket).key(&key);
        let sent = request.body(ByteStream::from(bytes)).send().await;
        sent.map_err(|error| NotKept(DisplayErrorContext(&error).to_string()))?;
        Ok(format!("s3://{}/{key}", self.bucket))
    }
}

fn key_of(carried: &Carried) -> Option<String> {
    let key = carried.key.as_ref().filter(|key| key.len() <= MAX_KEY)?;
    Some(STANDARD.encode(key))
}

// A record delivered again overwrites its own object; one without a place gets one by its time.
fn object_key(letter: &DeadLetter) -> String {
    let place = match &letter.origin {
        Origin::KafkaRecord { topic, partition, offset } => format!("{topic}/{partition}/{offset}"),
        Origin::DirectEvent => "direct".to_owned(),
        Origin::BookingEvent { message_id, nth, .. } => {
            format!("booking-event/{message_id}/{nth}")
        }
        Origin::Booking { booking_id, event_id, .. } => format!("booking/{event_id}/{booking_id}"),
    };
    match letter.origin {
        Origin::DirectEvent => format!("poison/{place}/{}", letter.at),
        _ => format!("poison/{place}"),
    }
}

impl DeadLetters for SqsDeadLetters {
    async fn keep(&self, letters: &[DeadLetter]) -> Vec<Result<(), NotKept>> {
        let mut answers = Vec::with_capacity(letters.len());
        for chunk in letters.chunks(MESSAGES_PER_CALL) {
            let messages = join_all(chunk.iter().map(|letter| self.message(letter))).await;
            answers.extend(self.send(messages).await);
        }
        answers
    }
}

impl SqsDeadLetters {
    async fn send(&self, messages: Vec<Result<Message, NotKept>>) -> Vec<Result<(), NotKept>> {
        let mut answers: Vec<_> = messages
            .iter()
            .map(|message| message.as_ref().map(|_| ()).map_err(Clone::clone))
            .collect();
        let mut entries = Vec::with_capacity(messages.len());
        for (at, message) in messages.into_iter().enumerate() {
            let entry = message.and_then(|message| {
                let body = serde_json::to_string(&message).map_err(|e| NotKept(e.to_string()))?;
                let body = ascii(&body);
                let entry = SendMessageBatchRequestEntry::builder().id(at.to_string());
                entry.message_body(body).build().map_err(|e| NotKept(e.to_string()))
            });
            match entry {
                Ok(entry) => entries.push(entry),
                Err(error) => answers[at] = Err(error),
            }
        }
        if entries.is_empty() {
            return answers;
        }
        let ids: Vec<_> = entries.iter().map(|entry| entry.id().to_owned()).collect();
        let request = self.sqs.send_message_batch().queue_url(&self.queue_url);
        let failed: Vec<(String, String)> = match request.set_entries(Some(entries)).send().await {
            Ok(output) => output
                .failed()
                .iter()
                .map(|entry| {
                    (entry.id().to_owned(), entry.message().unwrap_or(entry.code()).to_owned())
                })
                .collect(),
            Err(error) => {
                let text = DisplayErrorContext(&error).to_string();
                ids.into_iter().map(|id| (id, text.clone())).collect()
            }
        };
        for (id, why) in failed {
            if let Some(answer) = id.parse().ok().and_then(|at: usize| answers.get_mut(at)) {
                *answer = Err(NotKept(why));
            }
        }
        answers
    }
}

/// The same JSON with every character outside ASCII escaped: SQS refuses some of them, and what it
/// refuses could never be set aside. Outside of its texts JSON has no such character.
fn ascii(json: &str) -> String {
    let mut written = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            written.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                written.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_has_its_records_key_unless_that_is_no_key_of_ours() {
        let key =
            |bytes: &[u8]| key_of(&Carried { key: Some(bytes.to_vec()), ..Carried::default() });
        assert_eq!(key(b"SW5678").as_deref(), Some("U1c1Njc4"));
        assert_eq!(key(&[b'x'; MAX_KEY + 1]), None);
        assert_eq!(key_of(&Carried::default()), None);
    }

    #[test]
    fn a_letter_survives_in_ascii() {
        let text = "a\u{ffff}é😀\u{7f}\"\\";
        let json = ascii(&serde_json::to_string(text).unwrap_or_default());
        assert!(json.is_ascii() && !json.contains('\u{7f}'), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).ok().as_deref(), Some(text));
    }
}
