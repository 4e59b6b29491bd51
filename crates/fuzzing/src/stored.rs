//! What functions are handed as JSON that others wrote: inputs of tasks, messages of queues, items.

use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_contracts::producing::{Produce, Produced};
use flightpulse_contracts::tasks::reconciliation::{Planned, ReconciliationTask};
use flightpulse_contracts::tasks::{
    ComposeTexts, Dispatch, FindRecipients, FlightUpdate, UpdateBookings,
};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::disruption::is_overtaken;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::message::{CohortTexts, template_texts};
use flightpulse_domain::notice::Notice;
use flightpulse_domain::passenger::{Language, Passenger, Tier};
use flightpulse_domain::reservation::{FlightRecord, Reservation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::fmt::Debug;

/// Items as the table answers with them, of any text.
fn items(text: &str) {
    let _ = flightpulse_dynamo_json::from_str::<Flight>(text);
    let _ = flightpulse_dynamo_json::from_str::<Reservation>(text);
    if let Ok(item) = flightpulse_dynamo_json::from_str::<Map<String, Value>>(text)
        && item.values().all(|value| depth(value) < DEEPEST)
    {
        let again = attribute(&Value::Object(item.clone()))["M"].to_string();
        assert_eq!(flightpulse_dynamo_json::from_str(&again).ok(), Some(item));
    }
}

/// Reads JSON as each of them.
pub fn stored(input: &[u8]) {
    version(&String::from_utf8_lossy(input));
    items(&String::from_utf8_lossy(input));
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    kept::<Booking>(&value);
    kept::<Passenger>(&value);
    kept::<Reservation>(&value);
    kept::<FlightRecord>(&value);
    kept::<CohortTexts>(&value);
    kept::<BookingMessage>(&value);
    kept::<ReconciliationTask>(&value);
    kept::<Planned>(&value);
    kept::<Produce>(&value);
    kept::<Produced>(&value);
    let flight = kept::<Flight>(&value);
    let notice = kept::<Notice>(&value);
    notice.iter().for_each(told);
    tasks(&value, flight.as_ref());
}

/// What was read and is written is read as the same; and so is what was an item of the table.
fn kept<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &Value) -> Option<T> {
    let read = serde_json::from_value::<T>(value.clone()).ok();
    if value.is_object() && depth(value) <= DEEPEST {
        let item = attribute(value)["M"].to_string();
        // JSON's reader takes a list for a struct, which an item's does not.
        let found = flightpulse_dynamo_json::from_str::<T>(&item).ok();
        assert!(found == read || found.is_none() && has_list(value), "{item}");
    }
    let read = read?;
    let written = serde_json::to_value(&read).unwrap_or_default();
    let again = serde_json::from_value::<T>(written);
    assert_eq!(again.ok().as_ref(), Some(&read));
    Some(read)
}

/// How deep DynamoDB nests at most; types and values of an item's text are twice that.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
const DEEPEST: usize = 32;

fn depth(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(depth).max().unwrap_or_default(),
        Value::Object(map) => map.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn has_list(value: &Value) -> bool {
    match value {
        Value::Array(_) => true,
        Value::Object(map) => map.values().any(has_list),
        _ => false,
    }
}

/// JSON as DynamoDB has it: each value with its type.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(one) => json!({"BOOL": one}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(list) => json!({"L": list.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(map) => {
            let map: Map<_, _> =
                map.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
            json!({"M": map})
        }
    }
}

/// A version is written as it is compared.
fn version(text: &str) {
    let read = |text: &str| FacetVersion::try_from(text.to_owned()).ok();
    let mut versions: Vec<_> = text.lines().take(8).filter_map(read).collect();
    for version in &versions {
        assert_eq!(read(&version.to_string()).as_ref(), Some(version));
    }
    versions.sort();
    let written: Vec<_> = versions.iter().map(ToString::to_string).collect();
    assert!(written.is_sorted(), "{written:?}");
}

fn tasks(value: &Value, flight: Option<&Flight>) {
    let read = |value: &Value| serde_json::from_value::<FlightUpdate>(value.clone()).ok();
    let notice = match read(value) {
        Some(FlightUpdate::RecordTold { notice, .. }) => Some(notice),
        Some(FlightUpdate::AbandonTelling { notice, .. }) => notice,
        Some(FlightUpdate::Apply { .. }) | None => None,
    };
    let dispatch = serde_json::from_value::<Dispatch>(value.clone()).map(|task| task.notice);
    let update = serde_json::from_value::<UpdateBookings>(value.clone()).map(|task| task.notice);
    let compose = serde_json::from_value::<ComposeTexts>(value.clone()).map(|task| task.notice);
    let _ = serde_json::from_value::<FindRecipients>(value.clone());
    for notice in notice.iter().chain(&dispatch).chain(&update).chain(&compose) {
        told(notice);
        if let Some(flight) = flight {
            let _ = is_overtaken(flight, notice);
        }
    }
}

/// Whatever a notice says can be told by the template.
fn told(notice: &Notice) {
    for language in Language::ALL {
        let texts = template_texts(notice, Cohort { tier: Tier::Member, language });
        assert!(!texts.email_body.is_empty() && !texts.sms.is_empty());
    }
}
