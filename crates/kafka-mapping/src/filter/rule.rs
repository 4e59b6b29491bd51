//! A pattern that has been read, and how it matches.
//!
//! As in EventBridge's patterns: all fields must match, one rule of each suffices, and of a list
//! in the message one element suffices. Fields below a list must match in the same element.

use serde_json::{Map, Value};

/// Fields that must all match, and lists of choices of which one each must.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) fields: Vec<(String, Node)>,
    pub(super) either: Vec<Vec<Fields>>,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Fields(Fields),
    Rules(Vec<Rule>),
}

/// One rule about a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    /// The very value: text (the empty text too), number, true, false or null.
    Is(Value),
    IgnoreCase(String),
    Prefix(String),
    Suffix(String),
    /// There is a value, and it is none of these.
    AnythingBut(Vec<Value>),
    /// A number for which all of these hold.
    Numeric(Vec<(Compare, f64)>),
    Exists(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Fields {
    pub(super) fn matches(&self, message: &Map<String, Value>) -> bool {
        self.fields.iter().all(|(name, node)| node.matches(message.get(name)))
            && self
                .either
                .iter()
                .all(|choices| choices.iter().any(|choice| choice.matches(message)))
    }
}

impl Node {
    fn matches(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Rules(rules) => rules.iter().any(|rule| rule.matches(value)),
            Self::Fields(fields) => match value {
                Some(Value::Object(inner)) => fields.matches(inner),
                Some(Value::Array(elements)) => {
                    elements.iter().any(|element| self.matches(Some(element)))
                }
                // Nothing below: only what must not exist can match.
                _ => fields.matches(&Map::new()),
            },
        }
    }
}

impl Rule {
    pub(super) fn matches(&self, value: Option<&Value>) -> bool {
        // Only what has no fields of its own is a value; the rest is as good as not there.
        let leaf = value.filter(|value| !value.is_object());
        match (self, leaf) {
            (Self::Exists(wanted), _) => *wanted == leaf.is_some(),
            (_, None) => false,
            (_, Some(Value::Array(elements))) => {
                elements.iter().any(|element| self.matches(Some(element)))
            }
            (rule, Some(value)) => rule.holds(value),
        }
    }

    fn holds(&self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::Is(wanted) => same(wanted, value),
            Self::IgnoreCase(wanted) => {
                text.is_some_and(|text| text.to_lowercase() == wanted.to_lowercase())
            }
            Self::Prefix(start) => text.is_some_and(|text| text.starts_with(start)),
            Self::Suffix(end) => text.is_some_and(|text| text.ends_with(end)),
            Self::AnythingBut(values) => !values.iter().any(|one| same(one, value)),
            Self::Numeric(bounds) => value
                .as_f64()
                .is_some_and(|number| bounds.iter().all(|(how, to)| how.holds(number, *to))),
            Self::Exists(wanted) => *wanted,
        }
    }
}

impl Compare {
    fn holds(self, number: f64, to: f64) -> bool {
        match self {
            // Numbers as JSON writes them: equal is equal.
            #[allow(clippy::float_cmp, reason = "a pattern's number is meant exactly")]
            Self::Equal => number == to,
            Self::Less => number < to,
            Self::LessOrEqual => number <= to,
            Self::Greater => number > to,
            Self::GreaterOrEqual => number >= to,
        }
    }
}

/// 300 and 300.0 are one number.
fn same(wanted: &Value, value: &Value) -> bool {
    match (wanted.as_f64(), value.as_f64()) {
        (Some(wanted), Some(value)) => Compare::Equal.holds(value, wanted),
        _ => wanted == value,
    }
}
