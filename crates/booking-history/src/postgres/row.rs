//! A row into an event.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// What Experience Platform keeps beside the event; it is no part of what was sent.
const OF_THE_PLATFORM: &str = "_acp_";

/// The event of a row: its columns by their names, those without a value left out. What is JSON becomes
/// what it says, if it is an object or an array: a booking's number stays a text. A time becomes one as
/// XDM has it, in UTC.
pub(super) fn event<'r>(columns: impl Iterator<Item = (&'r str, Option<&'r str>)>) -> Value {
    let own = columns.filter(|(name, _)| !name.starts_with(OF_THE_PLATFORM));
    let there = own.filter_map(|(name, text)| Some((name.to_owned(), value(text?))));
    Value::Object(there.collect::<Map<_, _>>())
}

fn value(text: &str) -> Value {
    if text.starts_with(['{', '['])
        && let Ok(nested) = serde_json::from_str(text)
    {
        return nested;
    }
    time(text).map_or_else(|| text.into(), |time| time.to_string().into())
}

// As the servers write a time: `2026-12-01 10:00:00.5`, in UTC, or with an offset.
fn time(text: &str) -> Option<Timestamp> {
    let [date, rest @ ..] = text.as_bytes() else { return None };
    // What is no time is not parsed twice: most values are none.
    if !date.is_ascii_digit() || rest.len() < "026-12-01 10:00:00".len() {
        return None;
    }
    text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case("commerce.purchases", json!("commerce.purchases"))]
    #[case("", json!(""))]
    // A locator of digits is no number, and what only looks like JSON is none.
    #[case("007", json!("007"))]
    #[case("true", json!("true"))]
    #[case("{x", json!("{x"))]
    #[case("[1", json!("[1"))]
    #[case(r#"{"order": {"priceTotal": 1.5}}"#, json!({"order": {"priceTotal": 1.5}}))]
    #[case(r#"[{"quantity": 2}]"#, json!([{"quantity": 2}]))]
    #[case("2026-12-01 10:00:00", json!("2026-12-01T10:00:00Z"))]
    #[case("2026-12-01 10:00:00.123", json!("2026-12-01T10:00:00.123Z"))]
    #[case("2026-12-01T10:00:00.123Z", json!("2026-12-01T10:00:00.123Z"))]
    #[case("2026-12-01 10:00:00.5+05:30", json!("2026-12-01T04:30:00.5Z"))]
    #[case("2026-12-01 10:00:00+00", json!("2026-12-01T10:00:00Z"))]
    // A day is no moment.
    #[case("2026-12-01", json!("2026-12-01"))]
    #[case("2026-12-01 and 10 others", json!("2026-12-01 and 10 others"))]
    fn a_value_is_what_it_says(#[case] text: &str, #[case] expected: Value) {
        assert_eq!(value(text), expected);
    }

    #[test]
    fn an_event_has_the_columns_that_have_a_value() {
        let columns = [
            ("_id", Some("E1")),
            ("eventType", Some("commerce.purchases")),
            ("commerce", None),
            ("_acp_system_metadata", Some("{}")),
            ("_tlpairways", Some(r#"{"booking": {"pnr": "QX7R2M"}}"#)),
        ];
        assert_eq!(
            event(columns.into_iter()),
            json!({
                "_id": "E1", "eventType": "commerce.purchases",
                "_tlpairways": {"booking": {"pnr": "QX7R2M"}},
            })
        );
    }
}
