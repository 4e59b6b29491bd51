//! The check of what operations reads of the bookings.

use super::Check;
use crate::scenario::expectations::{Expectations, differences};
use crate::scenario::observation::Observation;

/// Every field of the API's answer that is expected; none where no bookings were sent.
pub(super) fn read(expected: &Expectations, observed: &Observation) -> Option<Check> {
    let feed = expected.feed.as_ref()?;
    let wrong = differences("", &feed.operations.clone().into(), &observed.operations);
    let records = feed.operations.get("records").and_then(serde_json::Value::as_array);
    let found = format!("{} records, and their totals", records.map_or(0, Vec::len));
    Some(Check::new("operations reads the bookings as they are", &wrong, found))
}
