//! Dead letters about our events.

use super::About;
use super::queue::Queue;
use crate::kafka::RecordAt;
use crate::place::Place;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Looks for dead letters about our events.
pub(super) struct DeadLetters {
    queue: Queue,
    correlation_id: String,
    records: Vec<RecordAt>,
    known: HashSet<String>,
}

impl DeadLetters {
    pub(super) fn new(place: &Place, about: &About) -> Self {
        let url = &place.outputs.dead_letter_queue_url;
        Self {
            queue: Queue::new(place, url, "the dead-letter queue"),
            correlation_id: about.correlation_id.clone(),
            records: about.records.clone(),
            known: HashSet::new(),
        }
    }

    /// The dead letters about our events that are new.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        for (id, body) in self.queue.look(false).await? {
            if self.is_about_us(&body) && self.known.insert(id) {
                found.push(summary(&body));
            }
        }
        Ok(found)
    }

    // The bytes of a record are in base64, so a record is known by its place.
    fn is_about_us(&self, body: &str) -> bool {
        let letter: Value = serde_json::from_str(body).unwrap_or_default();
        let is = |name: &str, value: Value| letter.get(name) == Some(&value);
        let is_at = |RecordAt { topic, partition, offset }: &RecordAt| {
            is("topic", json!(topic))
                && is("partition", json!(partition))
                && is("offset", json!(offset))
        };
        body.contains(&self.correlation_id) || self.records.iter().any(is_at)
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
