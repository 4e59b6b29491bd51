//! What AWS would say: all that is asked for is there, and all that is sent is taken.

use crate::items;
use serde_json::{Map, Value, json};

/// The ids of what is not there end like this.
const NOWHERE: &str = "0000";
/// What a list has in all: the last page of a hundred is full.
const LISTED: usize = 300;
/// The number of the first flight in a list.
const FIRST_FLIGHT: usize = 2_001;
/// What made the flights of a list late.
const EVENT: &str = "evt-20351121-0001";
/// The key of cursors: letters and digits, as our secret has.
const SECRET: &str = "q7Rk2ZpLx9VtWb4Nc8JdHs5MfGy3AeUa6TrEo1KiXwYzQvBnDmCjPlSuFhOg0I2T";

/// The answer to an operation.
pub(super) fn to(operation: &str, body: &Value) -> Value {
    match operation {
        "GetItem" => item(&body["Key"]).map_or_else(|| json!({}), |item| json!({"Item": item})),
        "BatchGetItem" => batch(body),
        "Query" => list(body),
        "PutEvents" => published(body),
        "GetSecretValue" => {
            json!({"ARN": body["SecretId"], "Name": "cursors", "VersionId": "1", "SecretString": SECRET})
        }
        _ => json!({}),
    }
}

fn batch(body: &Value) -> Value {
    let tables = body["RequestItems"].as_object().into_iter().flatten();
    let responses = tables.map(|(table, asked)| {
        let keys = asked["Keys"].as_array().into_iter().flatten();
        let items: Vec<_> = keys.filter_map(item).collect();
        (table.clone(), Value::Array(items))
    });
    let responses: Map<_, _> = responses.collect();
    json!({"Responses": responses, "UnprocessedKeys": {}})
}

/// The item of a key: a flight, what it has of reservations, a booking.
fn item(key: &Value) -> Option<Value> {
    let (kind, id) = key["PK"]["S"].as_str()?.split_once('#')?;
    if id.ends_with(NOWHERE) {
        return None;
    }
    match (kind, key["SK"]["S"].as_str()?) {
        ("FLIGHT", "METADATA") => Some(items::flight(id, 1_270)),
        // Every other flight has reservations that came by a feed.
        ("FLIGHT", "OPERATIONS") => {
            let even =
                id.bytes().last().is_some_and(|digit| digit.is_ascii_digit() && digit % 2 == 0);
            even.then(|| items::totals(id))
        }
        ("BOOKING", "METADATA") => Some(items::booking(id, "SW1001")),
        _ => None,
    }
}

/// A page of a list: of flights of a status, the oldest departure first, or of a flight's notifications, the
/// newest first. Contenders name the ends of a window `:from` and `:until`.
fn list(body: &Value) -> Value {
    let values = &body["ExpressionAttributeValues"];
    let flight = values.as_object().into_iter().flat_map(Map::values);
    let flight = flight.filter_map(|value| value["S"].as_str()?.strip_prefix("FLIGHT#")).next();
    let after = body["ExclusiveStartKey"]["PK"]["S"].as_str().and_then(number);
    let limit = body["Limit"].as_u64().map_or(LISTED, |limit| limit as usize);
    let page: Vec<_> = match flight {
        Some(flight) => {
            let newest_first = (0..after.unwrap_or(LISTED)).rev();
            newest_first.take(limit).map(|nth| items::notification(flight, nth)).collect()
        }
        None => {
            let from = values[":from"]["S"].as_str().unwrap_or("");
            let until = values[":until"]["S"].as_str().unwrap_or("~");
            let within = |nth: &usize| (from..=until).contains(&items::time(*nth).as_str());
            let first = after.map_or(0, |number| number + 1 - FIRST_FLIGHT);
            let flight = |nth| items::late(&format!("SW{}", FIRST_FLIGHT + nth), nth, EVENT);
            (first..LISTED).filter(within).take(limit).map(flight).collect()
        }
    };
    let count = page.len();
    let mut answer = json!({"Count": count, "ScannedCount": count});
    if let Some(last) = page.last().filter(|_| count == limit) {
        let names = ["PK", "SK", "GSI1PK", "GSI1SK"].into_iter();
        let key: Map<_, _> = names.map(|name| (name.to_owned(), last[name].clone())).collect();
        answer["LastEvaluatedKey"] = Value::Object(key);
    }
    answer["Items"] = Value::Array(page);
    answer
}

/// The number at the end of an id.
fn number(id: &str) -> Option<usize> {
    id.rsplit(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn published(body: &Value) -> Value {
    let entries = body["Entries"].as_array().map_or(0, Vec::len);
    let id = json!({"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"});
    json!({"FailedEntryCount": 0, "Entries": vec![id; entries]})
}
