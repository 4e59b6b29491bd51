//! What AWS would say: all that is asked for is there, and all that is sent is taken.

use serde_json::{Value, json};

/// The answer to an operation.
pub(super) fn to(operation: &str, body: &Value) -> Value {
    match operation {
        "BatchGetItem" => batch(body),
        "PutEvents" => published(body),
        _ => json!({}),
    }
}

/// Every flight that is asked for is there.
fn batch(body: &Value) -> Value {
    let tables = body["RequestItems"].as_object().into_iter().flatten();
    let responses = tables.map(|(table, asked)| {
        let keys = asked["Keys"].as_array().into_iter().flatten();
        let items: Vec<_> = keys.map(flight).collect();
        (table.clone(), Value::Array(items))
    });
    let responses: serde_json::Map<_, _> = responses.collect();
    json!({"Responses": responses, "UnprocessedKeys": {}})
}

fn flight(key: &Value) -> Value {
    let pk = key["PK"]["S"].as_str().unwrap_or_default();
    let id = pk.strip_prefix("FLIGHT#").unwrap_or(pk);
    json!({
        "PK": {"S": pk}, "SK": {"S": "METADATA"}, "flight_id": {"S": id}, "status": {"S": "SCHEDULED"},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "gate": {"S": "B7"},
        "scheduled_departure": {"S": "2035-11-22T21:10:00Z"}, "scheduled_arrival": {"S": "2035-11-22T23:05:00Z"},
        "delay_minutes": {"N": "0"}, "booked_passengers": {"N": "180"}, "revision": {"N": "4"},
        "GSI1PK": {"S": "SCHEDULED"}, "GSI1SK": {"S": "2035-11-22T21:10:00Z"},
    })
}

fn published(body: &Value) -> Value {
    let entries = body["Entries"].as_array().map_or(0, Vec::len);
    let id = json!({"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"});
    json!({"FailedEntryCount": 0, "Entries": vec![id; entries]})
}
