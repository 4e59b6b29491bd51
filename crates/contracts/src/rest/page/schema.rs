//! JSON Schemas in words.

use super::text::{escaped, paragraphs, words};
use serde_json::Value;

fn word<'a>(schema: &'a Value, name: &str) -> Option<&'a str> {
    schema.get(name)?.as_str()
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// What a value may be, in a line.
pub(super) fn form(schema: &Value) -> String {
    if let Some(name) = word(schema, "$ref").and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema.get(choice).and_then(Value::as_array) {
            return choices.iter().map(form).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(only) = schema.get("const") {
        return code(&only.to_string());
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values = values.iter().filter_map(Value::as_str).map(code);
        return values.collect::<Vec<_>>().join(", ");
    }
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(kind)) => vec![kind.as_str()],
        _ => vec!["anything"],
    };
    let mut form = match schema.get("items") {
        Some(items) => format!("list of {}", self::form(items)),
        None => kinds.join(" or "),
    };
    let standard = |format: &&str| matches!(*format, "date-time" | "uri-reference");
    if let Some(format) = word(schema, "format").filter(standard) {
        form += &format!(", {}", escaped(format));
    }
    let range = |low: &str, high: &str| {
        let bound = |name: &str| schema.get(name).map(ToString::to_string);
        match (bound(low), bound(high)) {
            (Some(low), Some(high)) => Some(format!("{low} to {high}")),
            (Some(low), None) if low != "0" => Some(format!("at least {low}")),
            (None, Some(high)) => Some(format!("at most {high}")),
            _ => None,
        }
    };
    if let Some(range) = range("minimum", "maximum") {
        form += &format!(", {range}");
    }
    if let Some(range) = range("minLength", "maxLength") {
        form += &format!(", {range} characters");
    }
    if let Some(default) = schema.get("default").filter(|default| !default.is_null()) {
        form += &format!(", {default} when not given");
    }
    // A long one says less than the words beside it.
    if let Some(pattern) = word(schema, "pattern").filter(|pattern| pattern.len() <= 40) {
        form += &format!(", {}", code(pattern));
    }
    form
}

/// A named schema: what it is, and its fields.
pub(super) fn shape(name: &str, schema: &Value) -> String {
    let about = paragraphs(word(schema, "description").unwrap_or_default());
    let fields = match schema.get("oneOf").and_then(Value::as_array) {
        Some(choices) => choices.iter().map(choice).collect(),
        None if schema.get("properties").is_some() => fields(schema),
        None => format!("<p>{}</p>\n", form(schema)),
    };
    format!("<article id=\"shape-{name}\">\n<h3>{name}</h3>\n{about}{fields}</article>\n")
}

fn choice(schema: &Value) -> String {
    let about = words(word(schema, "description").unwrap_or_default());
    format!("<p>{about}</p>\n{}", fields(schema))
}

fn fields(schema: &Value) -> String {
    let required: Vec<_> = schema["required"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let rows: String = properties
        .map(|(name, field)| {
            let optional =
                if required.contains(&name.as_str()) { "" } else { "<br><small>optional</small>" };
            let about = words(word(field, "description").unwrap_or_default());
            let (name, form) = (code(name), form(field));
            format!("<tr><td>{name}{optional}</td><td>{form}</td><td>{about}</td></tr>\n")
        })
        .collect();
    format!(
        "<table>\n<thead><tr><th>Field</th><th>Form</th><th>Meaning</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}
