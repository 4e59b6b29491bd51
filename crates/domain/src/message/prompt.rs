//! What the model is asked. It sees what kind of news there is and for whom, and no fact of the
//! flight, no personal datum, no free text from outside (`reason_detail` stays out): there is
//! nothing in it that could carry an instruction, and nothing that it could get wrong.

use super::Draft;
use super::facts::{Facts, News};
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
    /// What there is to write, as JSON text.
    pub user: String,
    /// The JSON Schema of the tool's input.
    pub tool_schema: Value,
}

const SYSTEM: &str = "You write short, natural messages to airline passengers, in the language \
given. Answer only by calling write_messages. The facts are filled in later: write the \
placeholders where they belong, unchanged, with spaces around them; {{departure}} is a time of \
departure, {{delay}} how much later than planned. Those required must be in email_body and in \
sms; email_subject must have {{flight}} and not {{first_name}}. State nothing else: no digit, no \
number as a word, no day or time, no place or brand, no link (a cancellation may refer to the \
link below), phone or app, no amount, promise, right or fault, no seat, bag or document, no word \
of time to spare or of a short way, no negation, no reason but the one given, no other kind of \
news. email_body: greeting, the news, what to do next, thanks (name the tier unless it is \
MEMBER); below it we put the details ourselves. sms: at most 110 characters, for a cancellation \
80. Tone: a minor delay calm, a major one sorry, a severe one very sorry, a cancellation \
apologetic; a gate in another terminal urgent, with the word terminal in all three texts, go now, \
allow extra time. A cancellation says in all three that the flight is cancelled, a reinstatement \
that it operates (never \"as planned\"; of the cancellation only that it is withdrawn). Nature \
IMPROVEMENT is good news; NEWS is not; RETRACTION asks to disregard our earlier message. A delay \
without {{delay}} is a flight back on schedule: say so in all three.";

#[derive(Serialize)]
struct Asked {
    task: &'static str,
    nature: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_change: Option<bool>,
    tier: &'static str,
    language: &'static str,
    placeholders: Vec<&'static str>,
    required: Vec<&'static str>,
}

impl Prompt {
    /// What to ask for this cohort.
    #[must_use]
    pub fn new(facts: &Facts, cohort: Cohort) -> Self {
        let (category, reason, terminal_change) = match &facts.news {
            News::Delay { category, reason, .. } => (Some(category.name()), Some(*reason), None),
            News::Cancellation { reason, .. } => (None, Some(*reason), None),
            News::GateChange { terminal_change, .. } => (None, None, Some(*terminal_change)),
            News::Reinstatement { .. } => (None, None, None),
        };
        let placeholders = facts.placeholders();
        let required = placeholders.iter().filter(|(_, required)| *required);
        let asked = Asked {
            task: facts.task(),
            nature: facts.nature.name(),
            category,
            reason: reason.map(crate::delay::Reason::name),
            terminal_change,
            tier: cohort.tier.name(),
            language: cohort.language.code(),
            required: required.map(|(name, _)| *name).collect(),
            placeholders: placeholders.iter().map(|(name, _)| *name).collect(),
        };
        Self {
            system: SYSTEM,
            // Plain strings and flags only: writing them as JSON cannot fail.
            user: serde_json::to_string(&asked).unwrap_or_default(),
            tool_schema: json!({
                "type": "object",
                "properties": {
                    "email_subject": {"type": "string"},
                    "email_body": {"type": "string"},
                    "sms": {"type": "string"},
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
pub fn read_answer(input: Value) -> Result<Draft, serde_json::Error> {
    serde_json::from_value(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delay::Reason;
    use crate::message::facts::tests::{about, cancellation, delay, gate_change, reinstatement};
    use crate::notice::{Nature, Subject};
    use crate::passenger::{Language, Tier};

    fn asked(nature: Nature, subject: Subject) -> String {
        let cohort = Cohort { tier: Tier::AList, language: Language::En };
        Prompt::new(&Facts::of(&about(nature, subject), cohort.language), cohort).user
    }

    #[test]
    fn a_prompt_has_the_kind_of_news_and_no_fact() {
        let prompts = [
            asked(Nature::News, delay(90, Reason::Mechanical)),
            asked(Nature::Improvement, delay(0, Reason::Other)),
            asked(Nature::News, cancellation(Reason::Weather)),
            asked(Nature::News, gate_change(true)),
            asked(Nature::Retraction, reinstatement(30, Some("A5"))),
            asked(Nature::Improvement, reinstatement(30, None)),
        ];
        for prompt in &prompts {
            for fact in ["SW5678", "DEN", "PHX", "D15", "A5", "3:40", "90", "November"] {
                assert!(!prompt.contains(fact), "{fact} in {prompt}");
            }
        }
        insta::assert_snapshot!(prompts.join("\n"));
    }

    #[test]
    fn an_answer_of_another_shape_is_an_error() {
        assert!(read_answer(json!({"sms": "x"})).is_err());
        assert!(read_answer(json!("x")).is_err());
    }
}
