//! A dead letter: what it holds, and what can be said of it.

use crate::cli::Shelf;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_contracts::names::{FLIGHT_UNKNOWN, RECONCILIATION_REQUESTED};
use flightpulse_dead_letters::Origin;
use flightpulse_dead_letters::sqs::Message;
use flightpulse_domain::reservation::Feed;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A dead letter as it lies there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Letter {
    /// A message's id, or an object's key.
    pub(super) id: String,
    /// Where it lies.
    pub(super) shelf: Shelf,
    /// When it came there.
    pub(super) since: Option<Timestamp>,
    /// How often it was taken in hand, looking included; none for an object.
    pub(super) received: Option<u32>,
    /// What came with it: EventBridge says so why a rule could not deliver.
    pub(super) attributes: BTreeMap<String, String>,
    /// The whole of it.
    pub(super) body: String,
    /// What it is.
    pub(super) kind: Kind,
    /// Why it is here, in words.
    pub(super) reason: String,
}

/// What a dead letter is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A record of Kafka that could not be processed.
    Record {
        topic: String,
        partition: i64,
        offset: i64,
        key: Option<Vec<u8>>,
        correlation_id: Option<String>,
        content: Content,
    },
    /// An event that was handed to the consumer directly.
    Direct { content: Content },
    /// An event of a booking feed that could not be read.
    BookingEvent { source: String, feed: Feed, content: Content },
    /// A message of booking events that the worker did not finish.
    BookingMessage { source: String, events: usize },
    /// A booking whose passenger could not be told.
    Booking { booking_id: String, event_id: String, execution_id: String },
    /// An event whose workflow failed for good.
    Workflow { event: Value },
    /// An event that a rule could not deliver.
    Rule { event: Value },
    /// An event of a flight that was not in the table.
    UnknownFlight { event: Value },
    /// Records that Lambda gave up handing to a function.
    Batch { function: String, payload: String, records: usize, of: &'static str },
    /// None of these.
    Unreadable,
}

/// The bytes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// It had none.
    None,
    /// They are in the letter.
    Here(Vec<u8>),
    /// They are in the bucket, at `s3://bucket/key`.
    At(String),
}

impl Kind {
    /// The kind's name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Record { .. } => "kafka record",
            Self::Direct { .. } => "direct event",
            Self::BookingEvent { .. } => "booking event",
            Self::BookingMessage { .. } => "booking message",
            Self::Booking { .. } => "booking",
            Self::Workflow { .. } => "workflow",
            Self::Rule { .. } => "rule",
            Self::UnknownFlight { .. } => "unknown flight",
            Self::Batch { .. } => "batch",
            Self::Unreadable => "unreadable",
        }
    }

    /// Its bytes, where it was set aside for what they are.
    pub(super) fn content(&self) -> Option<&Content> {
        match self {
            Self::Record { content, .. }
            | Self::Direct { content }
            | Self::BookingEvent { content, .. } => Some(content),
            _ => None,
        }
    }
}

/// What a workflow that failed for good leaves behind (state `DeadLetter` of each).
#[derive(Deserialize)]
struct WorkflowLetter {
    reason: String,
    event: Value,
}

/// What Lambda leaves in the bucket when it gives up on a batch.
/// <https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailureRecord {
    request_context: RequestContext,
    #[serde(rename = "KafkaBatchInfo")]
    kafka: Option<Value>,
    #[serde(rename = "DDBStreamBatchInfo")]
    stream: Option<Value>,
    payload: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    function_arn: String,
    condition: Option<String>,
    approximate_invoke_count: Option<u64>,
}

/// Reads what a letter holds: its kind, and the reason for it.
pub(super) fn read(
    shelf: Shelf,
    body: &str,
    attributes: &BTreeMap<String, String>,
) -> (Kind, String) {
    let read = match shelf {
        Shelf::DeadLetters => of_ours(body),
        Shelf::RuleDeadLetters => rule(body, attributes),
        Shelf::UnknownFlights => unknown_flight(body),
        Shelf::BookingDeadLetters => booking_message(body),
        Shelf::Bucket => batch(body),
    };
    read.unwrap_or_else(|why| (Kind::Unreadable, why))
}

type Read = Result<(Kind, String), String>;

fn of_ours(body: &str) -> Read {
    let kind: Value = serde_json::from_str(body).map_err(|error| format!("no JSON: {error}"))?;
    if kind.get("kind").and_then(Value::as_str) == Some("workflow") {
        let WorkflowLetter { reason, event } = parsed(body)?;
        return Ok((Kind::Workflow { event }, reason));
    }
    let message: Message = parsed(body)?;
    let bytes = |text: String| STANDARD.decode(text).map_err(|error| format!("bytes: {error}"));
    let content = match (message.bytes_base64, message.bytes_at) {
        (Some(text), _) => Content::Here(bytes(text)?),
        (None, Some(place)) => Content::At(place),
        (None, None) => Content::None,
    };
    let kind = match message.origin {
        Origin::KafkaRecord { topic, partition, offset } => Kind::Record {
            topic,
            partition,
            offset,
            key: message.key_base64.map(bytes).transpose()?,
            correlation_id: message.correlation_id,
            content,
        },
        Origin::DirectEvent => Kind::Direct { content },
        Origin::BookingEvent { source, feed, .. } => Kind::BookingEvent { source, feed, content },
        Origin::Booking { booking_id, event_id, execution_id } => {
            Kind::Booking { booking_id, event_id, execution_id }
        }
    };
    Ok((kind, message.reason))
}

// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>
fn rule(body: &str, attributes: &BTreeMap<String, String>) -> Read {
    let event = envelope(body)?;
    let said = |name: &str| attributes.get(name).map(String::as_str);
    let name = said("RULE_ARN").and_then(|arn| arn.rsplit('/').next()).unwrap_or("a rule");
    let why = ["ERROR_MESSAGE", "ERROR_CODE", "EXHAUSTED_RETRY_CONDITION"];
    let why = why.into_iter().find_map(said).unwrap_or("no reason was given");
    Ok((Kind::Rule { event }, format!("{name} could not deliver it: {why}")))
}

fn unknown_flight(body: &str) -> Read {
    let event = envelope(body)?;
    if text(&event, "/detail-type") != Some(FLIGHT_UNKNOWN) {
        return Err(format!("it is no {FLIGHT_UNKNOWN} event"));
    }
    let flight = text(&event, "/detail/flight_id").unwrap_or("?");
    let reason = format!("flight {flight} was not in the table");
    Ok((Kind::UnknownFlight { event }, reason))
}

fn booking_message(body: &str) -> Read {
    let BookingMessage { source, received_at, events, .. } = parsed(body)?;
    let reason = format!("the worker has not finished it; it was taken in at {received_at:.0}");
    Ok((Kind::BookingMessage { source, events: events.len() }, reason))
}

fn batch(body: &str) -> Read {
    let FailureRecord { request_context, kafka, stream, payload } = parsed(body)?;
    let of = match (kafka, stream) {
        (Some(_), _) => "Kafka",
        (None, Some(_)) => "a DynamoDB stream",
        (None, None) => "a source that is not known here",
    };
    let tries = request_context.approximate_invoke_count.unwrap_or_default();
    let condition = request_context.condition.as_deref().unwrap_or("no condition was given");
    let reason = format!("given up after {tries} calls of the function: {condition}");
    let records = record_count(&payload);
    let function = request_context.function_arn;
    Ok((Kind::Batch { function, payload, records, of }, reason))
}

// `records` by topic and partition (Kafka), or `Records` (streams).
fn record_count(payload: &str) -> usize {
    let event: Value = serde_json::from_str(payload).unwrap_or_default();
    let list = |value: &Value| value.as_array().map_or(0, Vec::len);
    let by_partition = event.get("records").and_then(Value::as_object);
    by_partition.map_or_else(
        || event.get("Records").map_or(0, list),
        |partitions| partitions.values().map(list).sum(),
    )
}

fn envelope(body: &str) -> Result<Value, String> {
    let event: Value = parsed(body)?;
    match text(&event, "/detail-type") {
        Some(_) => Ok(event),
        None => Err("it is no event of the bus".to_owned()),
    }
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| format!("it is none that we know: {error}"))
}

/// A file of an export that could not be reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reconciliation<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    /// The run that is made again; none where it could not even be planned, and is a new one.
    pub(super) run: Option<&'a str>,
}

/// The reconciliation that failed; none where the letter is about something else.
pub(super) fn reconciliation(kind: &Kind) -> Option<Reconciliation<'_>> {
    let Kind::Workflow { event } = kind else { return None };
    if text(event, "/detail-type") != Some(RECONCILIATION_REQUESTED) {
        return None;
    }
    let said = |place| text(event, place).unwrap_or("?");
    let (bucket, key) = (said("/detail/bucket/name"), said("/detail/object/key"));
    Some(Reconciliation { bucket, key, run: text(event, "/detail/run_id") })
}

/// A text inside a JSON value.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

impl Letter {
    /// The event that it is about, and its flight, as far as the letter says so.
    pub(super) fn about(&self) -> (Option<String>, Option<String>) {
        let of = |value: &Value, event: &str, flight: &str| {
            (text(value, event).map(str::to_owned), text(value, flight).map(str::to_owned))
        };
        if let Some(Content::Here(bytes)) = self.kind.content() {
            let value = serde_json::from_slice(bytes).unwrap_or_default();
            return match &self.kind {
                // Which flights it is of stands in many places, if anywhere.
                Kind::BookingEvent { .. } => {
                    let (own, linked) = of(&value, "/_id", "/@id");
                    (own.or(linked), None)
                }
                _ => of(&value, "/event_id", "/payload/flight_id"),
            };
        }
        match &self.kind {
            Kind::Workflow { event } | Kind::Rule { event } | Kind::UnknownFlight { event } => {
                of(event, "/detail/event_id", "/detail/flight_id")
            }
            Kind::Booking { event_id, .. } => (Some(event_id.clone()), None),
            Kind::Record { .. }
            | Kind::Direct { .. }
            | Kind::BookingEvent { .. }
            | Kind::BookingMessage { .. }
            | Kind::Batch { .. }
            | Kind::Unreadable => (None, None),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
