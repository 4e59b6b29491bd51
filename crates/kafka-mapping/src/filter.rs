//! Which records are sent to the function.
//!
//! AWS: `FilterCriteria` of up to 5 patterns (10 on request), of which one must match; Kafka's
//! mappings filter on `value` alone. A pattern of fields is for a JSON message, a list of rules
//! for a plain string. Where message and pattern are of different forms, or the message is not
//! UTF-8, only what is left of the pattern filters, and for Kafka nothing is left: the record is
//! sent (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-filtering.html>).

use serde_json::{Map, Value};
use thiserror::Error;

mod parse;
mod rule;

use rule::{Fields, Node};

/// The patterns that a mapping may have unless AWS has raised its quota.
pub const QUOTA: usize = 5;
/// The patterns that a mapping may have at most.
pub const RAISED_QUOTA: usize = 10;
/// The longest pattern, in characters.
pub const LONGEST_PATTERN: usize = 4_096;

/// Why a pattern is refused. AWS refuses it too, when the mapping is made.
#[derive(Debug, Error)]
pub enum FilterError {
    /// More than the raised quota.
    #[error(
        "{0} filters; a mapping has at most {RAISED_QUOTA} (and {QUOTA} without a raised quota)"
    )]
    TooMany(usize),
    /// Longer than AWS takes.
    #[error("the filter has {0} characters; at most {LONGEST_PATTERN} are taken")]
    TooLong(usize),
    /// Not JSON, or JSON that is no object.
    #[error("the filter is no JSON object: {0}")]
    NotAnObject(String),
    /// Kafka's records can be filtered by their value only.
    #[error("the filter has {0:?}; records of Kafka can be filtered on \"value\" only")]
    NotValue(String),
    /// A field without any rule matches nothing.
    #[error("the filter's {path} is empty; it wants at least one rule")]
    Empty {
        /// Where, fields parted by dots.
        path: String,
    },
    /// A field's rules are a list.
    #[error("the filter's {path} is {found}; it wants a list of rules or an object of fields")]
    NoRules {
        /// Where, fields parted by dots.
        path: String,
        /// What is there.
        found: Value,
    },
    /// An operator that Lambda does not have, or one that is given the wrong thing.
    #[error("the filter's {path} has the rule {rule}; {wanted}")]
    BadRule {
        /// Where, fields parted by dots.
        path: String,
        /// The rule.
        rule: Value,
        /// What it should be.
        wanted: &'static str,
    },
}

/// The patterns of a mapping.
#[derive(Clone, Debug, Default)]
pub struct Filters(Vec<Fields>);

impl Filters {
    /// Reads the patterns, each a JSON object such as `{"value": {"event_type": ["delay"]}}`.
    ///
    /// # Errors
    /// A [`FilterError`] that says which part of a pattern is wrong.
    pub fn parse<S: AsRef<str>>(patterns: &[S]) -> Result<Self, FilterError> {
        if patterns.len() > RAISED_QUOTA {
            return Err(FilterError::TooMany(patterns.len()));
        }
        let parsed = patterns.iter().map(|pattern| parse::pattern(pattern.as_ref()));
        parsed.collect::<Result<_, _>>().map(Self)
    }

    /// How many patterns there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pattern, so that every record is sent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a record of this value is sent.
    pub fn admits(&self, value: Option<&[u8]>) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let message = Message::read(value);
        self.0.iter().any(|pattern| message.passes(pattern))
    }
}

/// A record's value as patterns see it.
enum Message<'a> {
    /// JSON that has fields. (A bare number or text is a plain string: it has nothing to name.)
    Json(Map<String, Value>),
    Plain(&'a str),
    /// No value at all, or one that is not UTF-8.
    Unreadable,
}

impl<'a> Message<'a> {
    fn read(value: Option<&'a [u8]>) -> Self {
        let Some(text) = value.and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
            return Self::Unreadable;
        };
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Self::Json(fields),
            _ => Self::Plain(text),
        }
    }

    /// Whether a pattern's top lets the message through; its only field is the value.
    fn passes(&self, pattern: &Fields) -> bool {
        let passes = |(_, node): &(String, Node)| match (node, self) {
            (Node::Fields(fields), Self::Json(message)) => fields.matches(message),
            (Node::Rules(rules), Self::Plain(text)) => {
                let text = Value::String((*text).to_owned());
                rules.iter().any(|rule| rule.matches(Some(&text)))
            }
            // Of another form than the message: this part of the pattern does not apply.
            _ => true,
        };
        pattern.fields.iter().all(passes)
            && pattern.either.iter().all(|choices| choices.iter().any(|choice| self.passes(choice)))
    }
}

#[cfg(test)]
mod tests;
