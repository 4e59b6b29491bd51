//! The document's schemas, from the types.

use super::super::problems::ProblemView;
use super::super::routes::Content;
use super::media;
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId, Pnr};
use flightpulse_domain::passenger::Language;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

/// What every id of a kind matches, by the kind's name.
const IDS: [(&str, &str); 6] = [
    ("FlightId", FlightId::PATTERN),
    ("PassengerId", PassengerId::PATTERN),
    ("BookingId", BookingId::PATTERN),
    ("EventId", EventId::PATTERN),
    ("NotificationId", NotificationId::PATTERN),
    ("Pnr", Pnr::PATTERN),
];

/// Collects what the routes name. Answers are described as they are written, bodies of requests as
/// they are read: a field with a default is in every answer and may be left out of a request.
pub(super) struct Schemas {
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.meta_schema = None;
                settings.definitions_path = "/components/schemas".into();
            })
        };
        Self {
            answers: settings().for_serialize().into_generator(),
            requests: settings().for_deserialize().into_generator(),
        }
    }
}

impl Schemas {
    pub(super) fn problem(&mut self) -> Value {
        self.answers.subschema_for::<ProblemView>().to_value()
    }

    pub(super) fn answer(&mut self, content: &Content) -> Value {
        let schema = (content.schema)(&mut self.answers).to_value();
        media(content, schema)
    }

    pub(super) fn request(&mut self, content: &Content) -> Value {
        let schema = (content.schema)(&mut self.requests).to_value();
        media(content, schema)
    }

    /// The schemas by name, each made exact.
    pub(super) fn components(mut self) -> Map<String, Value> {
        let mut found = self.requests.take_definitions(true);
        found.extend(self.answers.take_definitions(true));
        for (name, schema) in &mut found {
            if let Some((_, pattern)) = IDS.iter().find(|(id, _)| id == name) {
                schema["pattern"] = json!(pattern);
            }
            if name == "Language" {
                schema["enum"] = json!(Language::ALL.map(Language::code));
            }
            exact(schema);
        }
        found
    }
}

/// Objects have no other fields than theirs, and a choice of words is an `enum`.
fn exact(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(false));
            }
            words(fields);
            fields.values_mut().for_each(exact);
        }
        Value::Array(values) => values.iter_mut().for_each(exact),
        _ => {}
    }
}

// `oneOf` of constants says the same as `enum`, to fewer tools. What each word means goes into the
// description.
fn words(fields: &mut Map<String, Value>) {
    let Some(choices) = fields.get("oneOf").and_then(Value::as_array) else {
        return;
    };
    let word = |choice: &Value| Some(choice.get("const")?.as_str()?.to_owned());
    let Some(words) = choices.iter().map(word).collect::<Option<Vec<_>>>() else {
        return;
    };
    let about = |value: &Value| Some(value.get("description")?.as_str()?.to_owned());
    let lines = words
        .iter()
        .zip(choices)
        .map(|(word, choice)| format!("- `{word}`: {}", about(choice).unwrap_or_default()));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let own = fields.get("description").and_then(Value::as_str).unwrap_or_default();
    fields.insert("description".to_owned(), json!(format!("{own}\n\n{lines}")));
    fields.insert("type".to_owned(), json!("string"));
    fields.insert("enum".to_owned(), json!(words));
    fields.remove("oneOf");
}
