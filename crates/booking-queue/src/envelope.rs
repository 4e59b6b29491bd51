//! What Adobe I/O Events puts around an event: its own envelope, or that of CloudEvents 1.0.

use serde_json::{Map, Value};

/// The event without its envelope; what is in none stays as it is. An event without an `_id` gets its
/// envelope's, which is the same when it is delivered again.
#[must_use]
pub fn opened(envelope: Value) -> Value {
    let Value::Object(mut fields) = envelope else {
        return envelope;
    };
    let (inside, id) = match (fields.contains_key("specversion"), fields.contains_key("event")) {
        (true, _) => ("data", "id"),
        (false, true) => ("event", "event_id"),
        (false, false) => return Value::Object(fields),
    };
    let Some(mut event) = fields.remove(inside) else {
        return Value::Object(fields);
    };
    if let Value::Object(event) = &mut event {
        identified(event, fields.remove(id));
    }
    event
}

fn identified(event: &mut Map<String, Value>, id: Option<Value>) {
    // As XDM writes it, as JSON-LD does, and as Adobe's examples do.
    let is_there = |name: &&str| event.get(*name).is_some_and(|id| !id.is_null());
    let has_one = ["_id", "@id", "xdm:_id"].iter().any(is_there);
    if let Some(id @ Value::String(_)) = id.filter(|_| !has_one) {
        event.insert("_id".to_owned(), id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    // Adobe's.
    #[case(json!({"event_id": "E1", "event": {"a": 1}, "recipient_client_id": "C"}), json!({"a": 1, "_id": "E1"}))]
    #[case(json!({"event_id": "E1", "event": {"_id": "X1"}}), json!({"_id": "X1"}))]
    #[case(json!({"event_id": "E1", "event": {"_id": null}}), json!({"_id": "E1"}))]
    #[case(json!({"event_id": "E1", "event": {"@id": "X1"}}), json!({"@id": "X1"}))]
    #[case(json!({"event_id": 7, "event": {"a": 1}}), json!({"a": 1}))]
    #[case(json!({"event": {"a": 1}}), json!({"a": 1}))]
    // CloudEvents'.
    #[case(json!({"specversion": "1.0", "id": "E1", "type": "t", "data": {"a": 1}}), json!({"a": 1, "_id": "E1"}))]
    #[case(json!({"specversion": "1.0", "id": "E1", "event": {}, "data": {"_id": "X1"}}), json!({"_id": "X1"}))]
    // What is no event is the worker's to say.
    #[case(json!({"specversion": "1.0", "id": "E1"}), json!({"specversion": "1.0", "id": "E1"}))]
    #[case(json!({"event_id": "E1", "event": "text"}), json!("text"))]
    #[case(json!({"_id": "X1", "data": {"a": 1}}), json!({"_id": "X1", "data": {"a": 1}}))]
    #[case(json!(["x"]), json!(["x"]))]
    #[case(json!(null), json!(null))]
    fn an_envelope_is_opened(#[case] envelope: Value, #[case] event: Value) {
        assert_eq!(opened(envelope), event);
    }
}
