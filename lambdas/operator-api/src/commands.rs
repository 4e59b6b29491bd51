//! What an operator can ask for, read from a request's body.

use flightpulse_contracts::rest::operators::{
    Correct, Correction, MAX_OPERATOR, MAX_REASON, Resend, Signed, says_something,
};
use flightpulse_domain::delay::MAX_DELAY_MINUTES;
use flightpulse_domain::inbound::{GATE_FORM, is_gate};
use flightpulse_rest_kit::problem::Problem;
use serde::de::DeserializeOwned;

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
        let fits = text.chars().any(says_something)
            && text.chars().count() <= max
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
