//! The shapes in which records arrive: from Amazon MSK, from self-managed Kafka, or handed over
//! directly as `{"body": "…"}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_dead_letters::Origin;
use flightpulse_kafka_batch::{Invocation, Record, Undecodable};
use serde_json::Value;

/// The event is none that this function takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the event is neither a Kafka event (with `records` by topic and partition) nor \
     {{\"body\": \"…\"}} with one event of the operations centre"
)]
pub struct UnknownShape;

/// Where an invocation came from, since each wants its own answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Batch {
    /// An event source mapping: partial answers.
    Kafka(Vec<Record>),
    /// Someone's own hand: an HTTP-like answer.
    Direct(Box<Record>),
}

/// Reads an invocation's event.
///
/// # Errors
/// [`UnknownShape`] when there are no records in it to answer for.
pub fn read(event: Invocation) -> Result<Batch, UnknownShape> {
    let event = match event {
        Invocation::Records(records) => return Ok(Batch::Kafka(records)),
        Invocation::Other(event) => event,
    };
    let body = event.get("body").ok_or(UnknownShape)?;
    let bytes = match body {
        Value::String(text) if event.get("isBase64Encoded") == Some(&Value::Bool(true)) => {
            STANDARD.decode(text).map_err(|error| Undecodable {
                why: format!("the body is not base64: {error}"),
                raw: body.to_string().into_bytes(),
            })
        }
        Value::String(text) => Ok(text.clone().into_bytes()),
        other => Ok(other.to_string().into_bytes()),
    };
    Ok(Batch::Direct(Box::new(Record {
        origin: Origin::DirectEvent,
        value: bytes.map(Some),
        key: None,
        correlation_id: None,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_of_another_shape_is_refused() {
        for event in [json!({"Records": []}), json!("x")] {
            assert_eq!(read(Invocation::Other(event)), Err(UnknownShape));
        }
    }
}
