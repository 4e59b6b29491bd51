//! Reads a pattern and refuses what Lambda would refuse.

use serde_json::{Map, Value};

use super::rule::{Compare, Fields, Node, Rule};
use super::{FilterError, LONGEST_PATTERN};

const OPERATORS: &str = "Lambda has prefix, suffix, equals-ignore-case, anything-but, numeric and \
                         exists, one of them in a rule";

/// Reads one pattern.
pub(super) fn pattern(text: &str) -> Result<Fields, FilterError> {
    let length = text.chars().count();
    if length > LONGEST_PATTERN {
        return Err(FilterError::TooLong(length));
    }
    let refused = |error: String| FilterError::NotAnObject(error);
    match serde_json::from_str(text).map_err(|error| refused(error.to_string()))? {
        Value::Object(top) => {
            let pattern = fields(&top, "")?;
            only_value(&pattern)?;
            Ok(pattern)
        }
        other => Err(refused(other.to_string())),
    }
}

fn only_value(pattern: &Fields) -> Result<(), FilterError> {
    if let Some((name, _)) = pattern.fields.iter().find(|(name, _)| name != "value") {
        return Err(FilterError::NotValue(name.clone()));
    }
    pattern.either.iter().flatten().try_for_each(only_value)
}

fn fields(object: &Map<String, Value>, path: &str) -> Result<Fields, FilterError> {
    let mut read = Fields::default();
    for (name, value) in object {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if name == "$or" {
            read.either.push(choices(value, &path)?);
        } else {
            read.fields.push((name.clone(), node(value, &path)?));
        }
    }
    Ok(read)
}

fn choices(value: &Value, path: &str) -> Result<Vec<Fields>, FilterError> {
    let wanted = "$or wants a list of at least two objects of fields";
    let bad = || FilterError::BadRule { path: path.to_owned(), rule: value.clone(), wanted };
    let list = value.as_array().filter(|list| list.len() >= 2).ok_or_else(bad)?;
    // Its choices stand for fields of the object around it.
    let around = path.trim_end_matches("$or").trim_end_matches('.');
    let choice = |choice: &Value| {
        let object = choice.as_object().filter(|object| !object.is_empty()).ok_or_else(bad)?;
        fields(object, around)
    };
    list.iter().map(choice).collect()
}

fn node(value: &Value, path: &str) -> Result<Node, FilterError> {
    match value {
        Value::Object(object) if object.is_empty() => {
            Err(FilterError::Empty { path: path.to_owned() })
        }
        Value::Object(object) => fields(object, path).map(Node::Fields),
        Value::Array(list) if list.is_empty() => Err(FilterError::Empty { path: path.to_owned() }),
        Value::Array(list) => {
            list.iter().map(|one| rule(one, path)).collect::<Result<_, _>>().map(Node::Rules)
        }
        other => Err(FilterError::NoRules { path: path.to_owned(), found: other.clone() }),
    }
}

fn rule(value: &Value, path: &str) -> Result<Rule, FilterError> {
    let bad = |wanted| FilterError::BadRule { path: path.to_owned(), rule: value.clone(), wanted };
    let object = match value {
        Value::Object(object) => object,
        Value::Array(_) => return Err(bad("a rule is no list")),
        plain => return Ok(Rule::Is(plain.clone())),
    };
    let mut entries = object.iter();
    let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
        return Err(bad(OPERATORS));
    };
    let text = |wanted| operand.as_str().map(str::to_owned).ok_or_else(|| bad(wanted));
    match operator.as_str() {
        "prefix" => text("prefix wants a text").map(Rule::Prefix),
        "suffix" => text("suffix wants a text").map(Rule::Suffix),
        "equals-ignore-case" => text("equals-ignore-case wants a text").map(Rule::IgnoreCase),
        "exists" => {
            operand.as_bool().map(Rule::Exists).ok_or_else(|| bad("exists wants true or false"))
        }
        "anything-but" => anything_but(operand)
            .ok_or_else(|| bad("anything-but wants a text or a number, or a list of either")),
        "numeric" => numeric(operand)
            .ok_or_else(|| bad("numeric wants [\"=\", n], or one or two of <, <=, >, >= with n")),
        _ => Err(bad(OPERATORS)),
    }
}

fn anything_but(operand: &Value) -> Option<Rule> {
    let values = match operand {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let alike = values.iter().all(Value::is_string) || values.iter().all(Value::is_number);
    (!values.is_empty() && alike).then_some(Rule::AnythingBut(values))
}

/// One comparison, or a lower and an upper bound.
fn numeric(operand: &Value) -> Option<Rule> {
    let list = operand.as_array()?;
    let (pairs, odd) = list.as_chunks::<2>();
    let bound = |[how, to]: &[Value; 2]| {
        let how = match how.as_str()? {
            "=" => Compare::Equal,
            "<" => Compare::Less,
            "<=" => Compare::LessOrEqual,
            ">" => Compare::Greater,
            ">=" => Compare::GreaterOrEqual,
            _ => return None,
        };
        Some((how, to.as_f64()?))
    };
    let bounds: Vec<_> = pairs.iter().map(bound).collect::<Option<_>>()?;
    let lower = |how| matches!(how, Compare::Greater | Compare::GreaterOrEqual);
    let fits = match bounds[..] {
        [_] => true,
        [(one, _), (other, _)] => {
            one != Compare::Equal && other != Compare::Equal && lower(one) != lower(other)
        }
        _ => false,
    };
    (fits && odd.is_empty()).then_some(Rule::Numeric(bounds))
}
