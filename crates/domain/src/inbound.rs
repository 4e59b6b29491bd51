//! What the operations centre sends on Kafka: four kinds of event, read and validated.
//!
//! A record is read field by field rather than derived, because whoever has to mend a
//! dead-lettered record needs a sentence that names the field, what is allowed and what was
//! there.

use crate::delay::{MAX_DELAY_MINUTES, Reason};
use crate::fields::{Fields, Json};
use crate::ids::{EventId, FlightId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far a sender's clock may be ahead of ours, in minutes, before an event is not believed:
/// an event from the future would win over every true one until its time had come.
pub const MAX_CLOCK_SKEW_MINUTES: i64 = 10;

/// Whether an event's time is further ahead of now than clocks may differ.
#[must_use]
pub fn is_from_the_future(occurred_at: Timestamp, now: Timestamp) -> bool {
    occurred_at.duration_since(now) > SignedDuration::from_mins(MAX_CLOCK_SKEW_MINUTES)
}

/// The longest `reason_detail`, in characters.
pub const MAX_REASON_DETAIL: usize = 500;

/// What a gate may be, for a sentence to whoever sent another.
pub const GATE_FORM: &str = "1 to 8 letters, digits, spaces or hyphens";

/// Whether a text can be a gate. It goes into messages as it is, so nothing may be in it that could
/// be more than a gate.
#[must_use]
pub fn is_gate(text: &str) -> bool {
    (1..=8).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        && text.trim() == text
}

const MAX_SOURCE: usize = 100;

/// How urgently passengers of a cancelled flight need another.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RebookingPriority {
    /// Before the others.
    High,
    /// As usual.
    #[default]
    Normal,
    /// After the others.
    Low,
}

/// What an event says about its flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// `FLIGHT_DELAY`: it leaves later; 0 minutes means back on schedule.
    Delay {
        /// Minutes later than planned, 0 to [`MAX_DELAY_MINUTES`].
        delay_minutes: u32,
        /// Why.
        reason: Reason,
        /// Why, in the sender's words. Never shown to a model or a passenger.
        reason_detail: Option<String>,
        /// The departure that the sender computed, UTC.
        new_departure: Option<Timestamp>,
        /// The arrival that the sender computed, UTC.
        new_arrival: Option<Timestamp>,
    },
    /// `FLIGHT_CANCELLED`: it does not operate.
    Cancelled {
        /// Why.
        reason: Reason,
        /// Why, in the sender's words.
        reason_detail: Option<String>,
        /// How urgently its passengers need another.
        rebooking_priority: RebookingPriority,
    },
    /// `GATE_CHANGE`: it leaves from another gate.
    Gate {
        /// The gate that it was to leave from, when the sender knows it.
        old_gate: Option<String>,
        /// The gate that it leaves from.
        new_gate: String,
        /// Whether the new gate is in another terminal.
        terminal_change: bool,
    },
    /// `FLIGHT_REINSTATED`: a cancellation is taken back.
    Reinstated {
        /// The departure, UTC.
        new_departure: Option<Timestamp>,
        /// The arrival, UTC.
        new_arrival: Option<Timestamp>,
    },
}

/// One event of the operations centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationsEvent {
    /// The event's id, unique for all time.
    pub event_id: EventId,
    /// When it happened, UTC. Decides which of two events is the newer.
    pub occurred_at: Timestamp,
    /// Who says so.
    pub source: String,
    /// The flight that it is about.
    pub flight_id: FlightId,
    /// What it says.
    pub change: Change,
}

/// Why a record cannot be processed, now or ever: it goes to the dead letters with this sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// A record without a value (a tombstone) says nothing.
    #[error("the record has no value (a tombstone), so it says nothing")]
    NoValue,
    /// The value is not JSON text.
    #[error("the value is not JSON: {0}")]
    NotJson(String),
    /// A field that must be there is not.
    #[error("{field} is missing; it must be {allowed}")]
    Missing {
        /// The field's path.
        field: String,
        /// What it must be.
        allowed: String,
    },
    /// A field is there and is not what it must be.
    #[error("{field} must be {allowed}; got {got}")]
    Invalid {
        /// The field's path.
        field: String,
        /// What it must be.
        allowed: String,
        /// What it is, shortened.
        got: String,
    },
}

const EVENT_TYPES: [&str; 4] =
    ["FLIGHT_DELAY", "FLIGHT_CANCELLED", "GATE_CHANGE", "FLIGHT_REINSTATED"];

impl OperationsEvent {
    /// Reads an event from the bytes of a record's value. `now` is the time of reading.
    ///
    /// # Errors
    /// [`Rejection`] with a sentence for whoever mends the record.
    pub fn read(value: Option<&[u8]>, now: Timestamp) -> Result<Self, Rejection> {
        let bytes = value.ok_or(Rejection::NoValue)?;
        let json: serde_json_borrow::Value<'_> =
            serde_json::from_slice(bytes).map_err(|error| Rejection::NotJson(error.to_string()))?;
        Self::of(&json, now)
    }

    fn of(json: &impl Json, now: Timestamp) -> Result<Self, Rejection> {
        let event = Fields::of(json, "")?;
        let event_id = event.id("event_id", EventId::new)?;
        let event_type = event.one_of("event_type", &EVENT_TYPES)?;
        let occurred_at = event.timestamp("timestamp")?;
        if is_from_the_future(occurred_at, now) {
            return Err(event.invalid(
                "timestamp",
                format!("at most {MAX_CLOCK_SKEW_MINUTES} minutes ahead of now ({now:.0})"),
            ));
        }
        let source = event.text("source", MAX_SOURCE)?;
        let payload = event.object("payload")?;
        let flight_id = payload.id("flight_id", FlightId::new)?;
        let change = match event_type {
            "FLIGHT_DELAY" => delay(&payload)?,
            "FLIGHT_CANCELLED" => cancelled(&payload)?,
            "GATE_CHANGE" => gate(&payload)?,
            _ => Change::Reinstated {
                new_departure: payload.optional_timestamp("new_departure")?,
                new_arrival: payload.optional_timestamp("new_arrival")?,
            },
        };
        Ok(Self { event_id, occurred_at, source, flight_id, change })
    }

    /// The event's name in the contract.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        match self.change {
            Change::Delay { .. } => EVENT_TYPES[0],
            Change::Cancelled { .. } => EVENT_TYPES[1],
            Change::Gate { .. } => EVENT_TYPES[2],
            Change::Reinstated { .. } => EVENT_TYPES[3],
        }
    }
}

fn delay(payload: &Fields<'_, impl Json>) -> Result<Change, Rejection> {
    Ok(Change::Delay {
        delay_minutes: payload.whole_number("delay_minutes", MAX_DELAY_MINUTES)?,
        reason: reason(payload)?,
        reason_detail: payload.optional_text("reason_detail", MAX_REASON_DETAIL)?,
        new_departure: payload.optional_timestamp("new_departure")?,
        new_arrival: payload.optional_timestamp("new_arrival")?,
    })
}

fn cancelled(payload: &Fields<'_, impl Json>) -> Result<Change, Rejection> {
    let priority =
        match payload.optional_one_of("rebooking_priority", &["HIGH", "NORMAL", "LOW"])? {
            Some("HIGH") => RebookingPriority::High,
            Some("LOW") => RebookingPriority::Low,
            _ => RebookingPriority::Normal,
        };
    Ok(Change::Cancelled {
        reason: reason(payload)?,
        reason_detail: payload.optional_text("reason_detail", MAX_REASON_DETAIL)?,
        rebooking_priority: priority,
    })
}

fn gate(payload: &Fields<'_, impl Json>) -> Result<Change, Rejection> {
    Ok(Change::Gate {
        old_gate: payload.optional_form("old_gate", GATE_FORM, is_gate)?,
        new_gate: payload.form("new_gate", GATE_FORM, is_gate)?,
        terminal_change: payload.optional_flag("terminal_change")?.unwrap_or(false),
    })
}

fn reason(payload: &Fields<'_, impl Json>) -> Result<Reason, Rejection> {
    let name = payload.one_of("reason", &Reason::ALL.map(Reason::name))?;
    Ok(Reason::ALL.into_iter().find(|reason| reason.name() == name).unwrap_or(Reason::Other))
}

#[cfg(test)]
mod tests;
