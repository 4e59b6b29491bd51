//! What sending a letter again means, by its kind. Decides; sends nothing.

mod booking;

use super::letter::{Content, Kind, Letter, text};
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::inbound::OperationsEvent;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What every source of ours begins with; the rules take no other.
const OUR_SOURCES: &str = "flightpulse.";
/// What the names of our functions begin with. A letter names the function that is called with
/// it, and no letter may have another called.
const OUR_FUNCTIONS: &str = "FlightPulse-";

/// What is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Again {
    /// A record to the topic of flight operations.
    Record { key: Option<String>, correlation_id: String, value: Vec<u8> },
    /// An event to the bus.
    Event { source: String, detail_type: String, detail: String },
    /// An event to the consumer, as it was handed over.
    Direct { body: Vec<u8> },
    /// A batch to its function.
    Batch { function: String, payload: String },
    /// A message to the queue of bookings.
    Booking { message: String },
}

/// Why a letter stays where it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stays(pub(super) String);

fn stays<T>(why: impl Into<String>) -> Result<T, Stays> {
    Err(Stays(why.into()))
}

/// How letters are to be sent again.
#[derive(Debug, Clone, Default)]
pub(super) struct How {
    /// What to send in place of a record's own bytes.
    pub(super) mended: Option<Vec<u8>>,
    /// Also what would be refused again.
    pub(super) force: bool,
}

/// What the letter's bytes are, once they are fetched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) Option<&'a [u8]>);

/// The place that a letter's bytes are to be fetched from first.
pub(super) fn bytes_at<'a>(letter: &'a Letter, how: &How) -> Option<&'a str> {
    match letter.kind.content() {
        Some(Content::At(place)) => how.mended.is_none().then_some(place.as_str()),
        _ => None,
    }
}

/// The flight that must be in the table before the letter can be sent again.
pub(super) fn waits_for(letter: &Letter, how: &How) -> Result<Option<FlightId>, Stays> {
    let Kind::UnknownFlight { event } = &letter.kind else {
        return Ok(None);
    };
    if how.force {
        return Ok(None);
    }
    let flight = text(event, "/detail/flight_id").unwrap_or_default();
    FlightId::new(flight).map(Some).map_err(|error| Stays(error.to_string()))
}

/// What to send. `bytes` are the letter's own, fetched where they lay elsewhere.
pub(super) fn again(
    letter: &Letter,
    bytes: Bytes<'_>,
    how: &How,
    now: Timestamp,
) -> Result<Again, Stays> {
    if how.mended.is_some() && letter.kind.content().is_none() {
        let kind = letter.kind.name();
        return stays(format!(
            "--with-file is for records, direct events and booking events; this is a {kind}"
        ));
    }
    let value = how.mended.as_deref().or(bytes.0);
    match &letter.kind {
        Kind::Record { topic, key, correlation_id, .. } => {
            if topic != OPERATIONS_TOPIC && !how.force {
                if how.mended.is_some() {
                    return booking::record(topic, value, how, now);
                }
                return stays(format!(
                    "it came from the topic {topic}: if that is one of bookings, the events of --with-file \
                     FILE go to the queue of bookings in its place (--force sends it to \
                     {OPERATIONS_TOPIC})"
                ));
            }
            let event = readable(value, how, now)?;
            let Some(value) = value else {
                return stays("it has no bytes; give some with --with-file FILE");
            };
            let of_event = || event.as_ref().map(|event| event.event_id.to_string());
            // The letter's id where nothing is known of it: whoever asks where it came from finds it.
            let correlation_id = correlation_id.clone().or_else(of_event);
            Ok(Again::Record {
                key: key_for(key.as_deref(), event.as_ref(), how),
                correlation_id: correlation_id.unwrap_or_else(|| letter.id.clone()),
                value: value.to_vec(),
            })
        }
        Kind::Direct { .. } => {
            readable(value, how, now)?;
            value.map_or_else(
                || stays("it has no bytes; give some with --with-file"),
                |bytes| Ok(Again::Direct { body: bytes.to_vec() }),
            )
        }
        Kind::BookingEvent { source, feed, .. } => booking::event(source, *feed, value, how, now),
        Kind::BookingMessage { .. } => Ok(Again::Booking { message: letter.body.clone() }),
        Kind::Workflow { event } | Kind::Rule { event } => to_bus(event, how),
        Kind::UnknownFlight { event } => operations_event(event, how, now),
        Kind::Batch { function, payload, .. } => to_function(function, payload),
        Kind::Booking { booking_id, .. } => stays(advice(letter, booking_id, None)),
        Kind::Unreadable => {
            stays(format!("it is no letter that can be sent again ({})", letter.reason))
        }
    }
}

/// What to do about a booking whose passenger could not be told.
pub(super) fn advice(letter: &Letter, booking_id: &str, flight: Option<&FlightId>) -> String {
    let flight = flight.map_or("FLIGHT", FlightId::as_str);
    format!(
        "a booking is told with its flight, not alone: see to booking {booking_id}, then \
         `ops resend {flight}` tells all passengers of the flight again, and `dlq drop {}` takes \
         this letter out",
        letter.id
    )
}

// What the consumer would set aside again is not sent to it: it would be back in a moment, under
// another id.
fn readable(
    value: Option<&[u8]>,
    how: &How,
    now: Timestamp,
) -> Result<Option<OperationsEvent>, Stays> {
    match OperationsEvent::read(value, now) {
        Ok(event) => Ok(Some(event)),
        Err(_) if how.force => Ok(None),
        Err(error) if how.mended.is_some() => {
            stays(format!("the file would be refused too: {error}"))
        }
        Err(error) => {
            stays(format!("it would be refused again: {error}; mend it with --with-file FILE"))
        }
    }
}

// Its own key, so that it stays with its neighbours; a mended event may be about another flight,
// whose events are where that flight's key leads.
fn key_for(key: Option<&[u8]>, event: Option<&OperationsEvent>, how: &How) -> Option<String> {
    let flight = event.map(|event| event.flight_id.to_string());
    // A flight's id is text; what is none was no key of ours.
    match key.and_then(|key| String::from_utf8(key.to_vec()).ok()) {
        Some(key) if how.mended.is_none() => Some(key),
        own => flight.or(own),
    }
}

fn to_bus(event: &Value, how: &How) -> Result<Again, Stays> {
    let (Some(source), Some(detail_type)) = (text(event, "/source"), text(event, "/detail-type"))
    else {
        return stays("its event has no source or no detail-type, so no rule would take it");
    };
    if !source.starts_with(OUR_SOURCES) && !how.force {
        return stays(format!("no rule takes an event of {source}"));
    }
    let Some(Value::Object(detail)) = event.get("detail") else {
        return stays("its event has no detail");
    };
    Ok(Again::Event {
        source: source.to_owned(),
        detail_type: detail_type.to_owned(),
        detail: Value::Object(with_ids(detail, event)).to_string(),
    })
}

// Where the detail of an event by hand has no id or time, the envelope's serve; a new envelope
// would make it another event.
fn with_ids(detail: &Map<String, Value>, event: &Value) -> Map<String, Value> {
    let mut detail = detail.clone();
    for (name, of_envelope) in [("event_id", "/id"), ("occurred_at", "/time")] {
        if let Some(known) = text(event, of_envelope).filter(|_| !detail.contains_key(name)) {
            detail.insert(name.to_owned(), json!(known));
        }
    }
    detail
}

/// Fields of a detail that are no part of the operations centre's payload.
const NOT_OF_THE_PAYLOAD: [&str; 9] = [
    "schema_version",
    "event_id",
    "correlation_id",
    "occurred_at",
    "reported_by",
    "flight",
    "event_type",
    "category",
    "retracts",
];

// Back to what the operations centre sent, so that the consumer looks up its flight and routes it
// as it should have been.
fn operations_event(event: &Value, how: &How, now: Timestamp) -> Result<Again, Stays> {
    let Some(Value::Object(detail)) = event.get("detail") else {
        return stays("its event has no detail");
    };
    let field = |name: &str| detail.get(name).cloned().unwrap_or_default();
    let payload = detail.iter().filter(|(name, _)| !NOT_OF_THE_PAYLOAD.contains(&name.as_str()));
    let payload: Map<_, _> = payload.map(|(name, value)| (name.clone(), value.clone())).collect();
    let value = json!({
        "event_id": field("event_id"),
        "event_type": field("event_type"),
        "timestamp": field("occurred_at"),
        "source": field("reported_by"),
        "payload": payload,
    });
    let bytes = value.to_string().into_bytes();
    readable(Some(&bytes), how, now)?;
    let own = |name: &str| text(event, &format!("/detail/{name}")).map(str::to_owned);
    Ok(Again::Record {
        key: own("flight_id"),
        correlation_id: own("correlation_id").or_else(|| own("event_id")).unwrap_or_default(),
        value: bytes,
    })
}

fn to_function(function: &str, payload: &str) -> Result<Again, Stays> {
    // arn:aws:lambda:region:account:function:NAME[:version], or the name alone.
    let name = function.split(":function:").last().unwrap_or_default();
    if !name.starts_with(OUR_FUNCTIONS) {
        return stays(format!("{function} is no function of FlightPulse"));
    }
    Ok(Again::Batch { function: function.to_owned(), payload: payload.to_owned() })
}

impl std::fmt::Display for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record { key, value, .. } => {
                let key = key.as_ref().map_or("no key".to_owned(), |key| format!("key {key}"));
                let size = value.len();
                write!(f, "to the topic {OPERATIONS_TOPIC}, {key}, {size} bytes")
            }
            Self::Event { detail_type, .. } => write!(f, "to the bus as {detail_type}"),
            Self::Direct { .. } => write!(f, "to the consumer"),
            Self::Batch { function, .. } => write!(f, "to {function}"),
            Self::Booking { message } => {
                write!(f, "to the queue of bookings, {} bytes", message.len())
            }
        }
    }
}

#[cfg(test)]
mod tests;
