//! What the model is asked. It has facts and no personal data, and no free text from outside
//! (`reason_detail` stays out): there is nothing in it that could carry an instruction.

use super::facts::Facts;
use super::{PLACEHOLDERS, Texts};
use crate::cohort::Cohort;
use serde::Serialize;
use serde_json::{Value, json};

/// The tool through which the model answers, so that its answer has a structure.
pub const TOOL_NAME: &str = "write_messages";

/// The most tokens that an answer may have. The longest good text has about a third of it.
pub const MAX_TOKENS: i32 = 900;

/// What the model is asked for one cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Who it is and what it must not do.
    pub system: &'static str,
    /// The facts, as JSON text.
    pub user: String,
    /// The JSON Schema of the tool's input.
    pub tool_schema: Value,
}

const SYSTEM: &str = "You write short messages to airline passengers. \
Answer only by calling the tool write_messages. Write in the language given. Use only the facts \
given, exactly as they are written: the flight, the new departure time, and the delay as a number \
of minutes must be in the email body and in the sms. State no other number, time, flight, gate, \
airport, address, link, phone number, amount or promise. Write no number as a word. State the new \
departure date when new_departure_is_on_another_day is true, and no other day or date. Name the \
arrival in the email alone and after the departure. Use the placeholders as they are: the email \
body must have {{first_name}}, {{confirmation_number}} and {{seat}}; the sms must have {{first_name}}. The sms has at most 120 characters. Thank A-LIST and \
A-LIST PREFERRED members for their loyalty. A minor delay is told calmly, a severe one with an \
apology; a correction says that the new time replaces the earlier one.";

#[derive(Serialize)]
struct Asked<'a> {
    task: &'static str,
    #[serde(flatten)]
    facts: &'a Facts,
    tier: &'static str,
    language: &'static str,
    placeholders: [&'static str; 3],
}

impl Prompt {
    /// What to ask for this cohort.
    #[must_use]
    pub fn new(facts: &Facts, cohort: Cohort) -> Self {
        let asked = Asked {
            task: "flight_delay",
            facts,
            tier: cohort.tier.name(),
            language: cohort.language.code(),
            placeholders: PLACEHOLDERS,
        };
        Self {
            system: SYSTEM,
            // Plain strings and numbers only: writing them as JSON cannot fail.
            user: serde_json::to_string(&asked).unwrap_or_default(),
            tool_schema: json!({
                "type": "object",
                "properties": {
                    "email_subject": {"type": "string"},
                    "email_body": {"type": "string"},
                    "sms": {"type": "string", "maxLength": 160},
                },
                "required": ["email_subject", "email_body", "sms"],
            }),
        }
    }
}

/// Reads what the model handed to the tool.
///
/// # Errors
/// When it is not the object that was asked for.
pub fn read_answer(input: Value) -> Result<Texts, serde_json::Error> {
    serde_json::from_value(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::facts::tests::notice;
    use crate::passenger::{Language, Tier};

    #[test]
    fn a_prompt_has_the_facts_and_nothing_else() {
        let cohort = Cohort { tier: Tier::AList, language: Language::En };
        let prompt = Prompt::new(&Facts::of(&notice(), Language::En), cohort);
        let asked: Value = serde_json::from_str(&prompt.user).unwrap();
        insta::assert_json_snapshot!(asked);
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error() {
        assert!(read_answer(json!({"sms": "x"})).is_err());
        assert!(read_answer(json!("x")).is_err());
    }
}
