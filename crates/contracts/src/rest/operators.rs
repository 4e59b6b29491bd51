//! What operators ask for below `/admin`, and what they are answered.

use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::facet::Facet;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_domain::inbound::{Change, RebookingPriority};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

/// The longest `operator`, in characters.
pub const MAX_OPERATOR: usize = 100;
/// The longest `reason`, in characters.
pub const MAX_REASON: usize = 500;

/// Whether a text says something by this character: a letter or digit of ASCII, or anything of the
/// Unicode blocks of living scripts but their spaces and what has no shape. Letters of every script
/// are no class that a regular expression names in every dialect; these ranges are the same in all.
#[must_use]
pub fn says_something(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c,
            '\u{aa}' | '\u{ae}'..='\u{61b}' | '\u{61d}'..='\u{167f}' | '\u{1681}'..='\u{180d}'
            | '\u{180f}'..='\u{1fff}' | '\u{3001}'..='\u{d7ff}')
}

/// One line of visible text: a character at least that [`says_something`]; no control character,
/// none without a shape, and none that turns the direction of writing.
const ONE_LINE: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff",
    "\u{e0000}-\u{e007f}",
    r"]*[0-9A-Za-z\u00aa\u00ae-\u061b\u061d-\u167f\u1681-\u180d\u180f-\u1fff\u3001-\ud7ff][^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff",
    "\u{e0000}-\u{e007f}",
    r"]*$",
);
/// What a gate looks like.
const GATE: &str = "^[0-9A-Za-z-]([0-9A-Za-z -]{0,6}[0-9A-Za-z-])?$";

/// Who asks, and why. Both are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Who they say they are. One line of visible text.
    #[schemars(length(min = 1, max = 100), extend("pattern" = ONE_LINE))]
    pub operator: String,
    /// Why. One line of visible text.
    #[schemars(length(min = 1, max = 500), extend("pattern" = ONE_LINE))]
    pub reason: String,
}

/// To tell passengers again what is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Who they say they are. One line of visible text.
    #[schemars(length(min = 1, max = 100), extend("pattern" = ONE_LINE))]
    pub operator: String,
    /// Why. One line of visible text.
    #[schemars(length(min = 1, max = 500), extend("pattern" = ONE_LINE))]
    pub reason: String,
    /// Of what; none for all that passengers were told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facet: Option<Facet>,
}

/// To take back a wrong broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// Who they say they are. One line of visible text.
    #[schemars(length(min = 1, max = 100), extend("pattern" = ONE_LINE))]
    pub operator: String,
    /// Why. One line of visible text.
    #[schemars(length(min = 1, max = 500), extend("pattern" = ONE_LINE))]
    pub reason: String,
    /// What is true.
    pub correction: Correction,
}

/// What is true, in place of what was broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum Correction {
    /// It leaves so much later than planned; 0 is on schedule.
    Delay {
        /// Minutes later than planned.
        #[serde(deserialize_with = "whole")]
        #[schemars(range(min = 0, max = MAX_DELAY_MINUTES))]
        delay_minutes: u32,
        /// Why it is late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Reason>,
    },
    /// It leaves from this gate.
    Gate {
        /// The gate: 1 to 8 letters, digits, spaces or hyphens.
        #[schemars(extend("pattern" = GATE))]
        gate: String,
        /// Whether that is in another terminal.
        #[serde(default)]
        terminal_change: bool,
    },
    /// It does not operate.
    Cancelled {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<Reason>,
    },
    /// It operates.
    Operates {},
}

/// A whole number. JSON has one kind of number, and to a schema `45.0` is an integer as `45` is
/// (JSON Schema 2020-12 core, 4.2.1): clients whose language writes it so are heard too.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = Number::deserialize(deserializer)?;
    let text = match number.as_f64() {
        // Nothing is added but the sign of a negative zero taken away.
        Some(value) if number.is_f64() && value.fract() == 0.0 => format!("{:.0}", value + 0.0),
        _ => number.to_string(),
    };
    text.parse().map_err(|_| {
        Error::invalid_value(Unexpected::Other(&text), &"a whole number that is not negative")
    })
}

impl Correction {
    /// The change that makes it true.
    #[must_use]
    pub fn change(self) -> Change {
        match self {
            Self::Delay { delay_minutes, cause } => Change::Delay {
                delay_minutes,
                reason: cause.unwrap_or(Reason::Other),
                reason_detail: None,
                new_departure: None,
                new_arrival: None,
            },
            Self::Gate { gate, terminal_change } => {
                Change::Gate { old_gate: None, new_gate: gate, terminal_change }
            }
            Self::Cancelled { cause } => Change::Cancelled {
                reason: cause.unwrap_or(Reason::Other),
                reason_detail: None,
                rebooking_priority: RebookingPriority::default(),
            },
            Self::Operates {} => Change::Reinstated { new_departure: None, new_arrival: None },
        }
    }
}

/// Whether notifications are held, and who said so last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Hold")]
pub struct HoldView {
    /// Whether they are held.
    pub held: bool,
    /// Since when, UTC; null when nobody ever said.
    pub changed_at: Option<Timestamp>,
    /// The operator.
    pub changed_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What was put on the bus for an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// The action.
    pub action_id: String,
    /// The events, in order.
    pub events: Vec<Published>,
}

/// An event that was put on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Published {
    /// Its id.
    pub event_id: EventId,
    /// Its name.
    pub detail_type: String,
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Action")]
pub struct ActionView {
    /// The action's id: its time and a random part, so that ids are in the order of time.
    pub action_id: String,
    /// When, UTC.
    pub at: Timestamp,
    /// Who they say they are.
    pub operator: String,
    /// Who signed the request: the ARN of the caller.
    pub identity: String,
    /// What: `hold`, `release`, `resend`, `correct`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// The flight that it is about; null when it is about all.
    pub flight_id: Option<FlightId>,
    /// The facets that it is about.
    pub facets: Vec<Facet>,
    /// The events that it put on the bus.
    pub event_ids: Vec<EventId>,
    /// How far it came.
    pub outcome: OutcomeView,
}

/// How far an action came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(rename = "Outcome")]
pub enum OutcomeView {
    /// It is noted and not yet known to be done. An action that stays so was cut short.
    Requested,
    /// It is done, or on the bus.
    Done,
}

/// What operators did, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionList {
    /// The actions.
    pub actions: Vec<ActionView>,
    /// How many there are in this answer.
    pub count: usize,
    /// The `cursor` of the next answer; null after the last.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn delay(minutes: &str) -> Result<Correction, String> {
        let text = format!(r#"{{"kind": "DELAY", "delay_minutes": {minutes}}}"#);
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    #[rstest]
    #[case("45", 45)]
    #[case("45.0", 45)]
    #[case("4.5e1", 45)]
    #[case("0", 0)]
    #[case("-0.0", 0)]
    fn whole_minutes_are_read_however_they_are_written(#[case] text: &str, #[case] minutes: u32) {
        let expected = Correction::Delay { delay_minutes: minutes, cause: None };
        assert_eq!(delay(text), Ok(expected));
    }

    #[rstest]
    #[case("45.5")]
    #[case("-1")]
    #[case("-45.0")]
    #[case("1e300")]
    #[case("4294967296")]
    #[case("\"45\"")]
    #[case("null")]
    fn what_is_no_number_of_minutes_is_refused(#[case] text: &str) {
        assert!(delay(text).is_err());
    }
}
