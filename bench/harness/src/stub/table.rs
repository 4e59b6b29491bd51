//! The table, as far as it remembers: reservations, the only items that a reconciliation writes and
//! reads again. Conditions are not looked at, for one function alone writes at a time.

use super::lock;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

/// What the partition keys of reservations begin with.
const RESERVATION: &str = "RESERVATION#";

/// Reservations as JSON, by their partition keys. Its clones are one.
#[derive(Clone, Default)]
pub(crate) struct Table(Arc<Mutex<BTreeMap<String, Arc<str>>>>);

/// What was in the table at some time.
#[derive(Clone)]
pub(crate) struct Contents(BTreeMap<String, Arc<str>>);

impl Contents {
    /// How many reservations.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The same without each `nth` one.
    pub(crate) fn without_each(&self, nth: usize) -> Self {
        let kept = self.0.iter().enumerate().filter(|(at, _)| at % nth != nth / 2);
        Self(kept.map(|(_, (key, item))| (key.clone(), item.clone())).collect())
    }
}

impl Table {
    /// What is in it.
    pub(crate) fn contents(&self) -> Contents {
        Contents(lock(&self.0).clone())
    }

    /// Puts this in it, in place of what was.
    pub(crate) fn fill(&self, contents: &Contents) {
        *lock(&self.0) = contents.0.clone();
    }

    /// The answer to an operation; none where it is not about reservations.
    pub(super) fn answer(&self, operation: &str, body: &[u8]) -> Option<String> {
        let body = || serde_json::from_slice(body).ok();
        match operation {
            // Without any reservation there is no need to look at what is asked for.
            "BatchGetItem" if !lock(&self.0).is_empty() => self.read(&body()?),
            "TransactWriteItems" => {
                self.write(&body()?);
                Some(json!({}).to_string())
            }
            _ => None,
        }
    }

    fn write(&self, body: &Value) {
        let writes = body["TransactItems"].as_array().into_iter().flatten();
        for item in writes.map(|write| &write["Put"]["Item"]) {
            if let Some(key) = reservation(item) {
                lock(&self.0).insert(key.to_owned(), item.to_string().into());
            }
        }
    }

    fn read(&self, body: &Value) -> Option<String> {
        let (table, asked) = body["RequestItems"].as_object()?.iter().next()?;
        let keys = asked["Keys"].as_array()?;
        reservation(keys.first()?)?;
        let known = lock(&self.0);
        let found = keys.iter().filter_map(|key| known.get(reservation(key)?));
        // Put together from texts: the time for it is the machine's, not the function's.
        let mut items = String::new();
        for (nth, item) in found.enumerate() {
            let comma = if nth > 0 { "," } else { "" };
            // Writing to a text does not fail.
            let _ = write!(items, "{comma}{item}");
        }
        let table = json!(table);
        Some(format!(r#"{{"Responses":{{{table}:[{items}]}},"UnprocessedKeys":{{}}}}"#))
    }
}

/// The partition key of a reservation; none of other items.
fn reservation(item: &Value) -> Option<&str> {
    item["PK"]["S"].as_str().filter(|key| key.starts_with(RESERVATION))
}
