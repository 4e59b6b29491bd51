//! What an operator can ask for, read from a request's body.

use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::facet::Facet;
use flightpulse_domain::inbound::{Change, GATE_FORM, RebookingPriority, is_gate};
use flightpulse_rest_kit::problem::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const MAX_OPERATOR: usize = 100;
const MAX_REASON: usize = 500;

/// Who asks, and why. Both are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Who they say they are.
    pub operator: String,
    /// Why.
    pub reason: String,
}

/// To tell passengers again what is true.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Who they say they are.
    pub operator: String,
    /// Why.
    pub reason: String,
    /// Of what; none for all that passengers were told.
    #[serde(default)]
    pub facet: Option<Facet>,
}

/// To take back a wrong broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// Who they say they are.
    pub operator: String,
    /// Why.
    pub reason: String,
    /// What is true.
    pub correction: Correction,
}

/// What is true, in place of what was broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum Correction {
    /// It leaves so much later than planned; 0 is on schedule.
    Delay {
        /// Minutes later than planned.
        delay_minutes: u32,
        /// Why it is late.
        #[serde(default)]
        cause: Option<Reason>,
    },
    /// It leaves from this gate.
    Gate {
        /// The gate.
        gate: String,
        /// Whether that is in another terminal.
        #[serde(default)]
        terminal_change: bool,
    },
    /// It does not operate.
    Cancelled {
        /// Why.
        #[serde(default)]
        cause: Option<Reason>,
    },
    /// It operates.
    Operates {},
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

/// A body that says who asks and why.
pub trait Reasoned: DeserializeOwned {
    /// Who, and why.
    fn who_and_why(&self) -> (&str, &str);

    /// What else of it cannot be, in words.
    fn wrong(&self) -> Option<String> {
        None
    }
}

impl Reasoned for Signed {
    fn who_and_why(&self) -> (&str, &str) {
        (&self.operator, &self.reason)
    }
}

impl Reasoned for Resend {
    fn who_and_why(&self) -> (&str, &str) {
        (&self.operator, &self.reason)
    }
}

impl Reasoned for Correct {
    fn who_and_why(&self) -> (&str, &str) {
        (&self.operator, &self.reason)
    }

    fn wrong(&self) -> Option<String> {
        match &self.correction {
            Correction::Delay { delay_minutes, .. } if *delay_minutes > MAX_DELAY_MINUTES => {
                Some(format!("correction.delay_minutes must be from 0 to {MAX_DELAY_MINUTES}"))
            }
            Correction::Gate { gate, .. } if !is_gate(gate) => {
                Some(format!("correction.gate must be {GATE_FORM}"))
            }
            _ => None,
        }
    }
}

// What would make the log of actions show something else than what it holds: characters without
// a shape, and those that turn the direction of writing or break a line.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Reads a body.
///
/// # Errors
/// A 400 that says what is wrong with it.
pub fn read<T: Reasoned>(body: &[u8]) -> Result<T, Problem> {
    let read: T = serde_json::from_slice(body).map_err(|error| {
        // It quotes what was sent, which may be long.
        let why: String = error.to_string().chars().take(200).collect();
        Problem::invalid(format!("The body cannot be read: {why}."))
    })?;
    let (operator, reason) = read.who_and_why();
    for (name, text, max) in [("operator", operator, MAX_OPERATOR), ("reason", reason, MAX_REASON)]
    {
        let fits = !text.trim().is_empty()
            && text.chars().count() <= max
            && text.chars().any(char::is_alphanumeric)
            && !text.chars().any(|c| c.is_control() || is_invisible(c));
        if !fits {
            return Err(Problem::invalid(format!(
                "{name} must be one line of visible text, of 1 to {max} characters."
            )));
        }
    }
    match read.wrong() {
        Some(what) => Err(Problem::invalid(format!("{what}."))),
        None => Ok(read),
    }
}
