//! What a sender sends at once into its events.

use serde_json::Value;

/// What should have events in it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is neither an event, nor an array of events, nor {{\"events\": […]}}, in JSON")]
pub struct NoEvents;

/// The events of what comes at once, a request's body or a record's value: one, an array of them, or
/// `{"events": […]}`. What they are is not judged.
///
/// # Errors
/// [`NoEvents`]
pub fn events(body: &[u8]) -> Result<Vec<Value>, NoEvents> {
    match serde_json::from_slice(body) {
        Ok(Value::Array(events)) => Ok(events),
        Ok(Value::Object(mut fields)) => match fields.get_mut("events") {
            Some(Value::Array(events)) => Ok(std::mem::take(events)),
            _ => Ok(vec![Value::Object(fields)]),
        },
        _ => Err(NoEvents),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(r#"{"_id": "1"}"#, Some(json!([{"_id": "1"}])))]
    #[case(r#"[{"_id": "1"}, 2, null, [3]]"#, Some(json!([{"_id": "1"}, 2, null, [3]])))]
    #[case(r#"{"events": [{"_id": "1"}, "x"]}"#, Some(json!([{"_id": "1"}, "x"])))]
    #[case("[]", Some(json!([])))]
    #[case(r#"{"events": []}"#, Some(json!([])))]
    #[case(r#"{"events": 2}"#, Some(json!([{"events": 2}])))]
    #[case("{}", Some(json!([{}])))]
    #[case("", None)]
    #[case("null", None)]
    #[case("1", None)]
    #[case("\"x\"", None)]
    #[case("[1", None)]
    #[case("{} {}", None)]
    fn a_body_has_events(#[case] body: &str, #[case] expected: Option<Value>) {
        let events = events(body.as_bytes()).ok().map(Value::Array);
        assert_eq!(events, expected);
    }

    #[test]
    fn what_is_nested_without_end_is_none() {
        assert_eq!(events("[".repeat(1_000_000).as_bytes()), Err(NoEvents));
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert_eq!(events(deep.as_bytes()), Err(NoEvents));
        assert_eq!(events(b"[\"\xff\"]"), Err(NoEvents));
    }

    proptest! {
        #[test]
        fn whatever_a_body_is_its_events_are_what_is_in_it(body in prop::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(events(&body).is_ok(), serde_json::from_slice::<Value>(&body).is_ok_and(|body| body.is_object() || body.is_array()));
        }

        #[test]
        fn events_come_as_they_were_sent_however_they_are_put(names in prop::collection::vec("\\PC{0,8}", 0..6)) {
            let sent: Vec<_> = names.iter().map(|name| json!({"_id": name})).collect();
            let put = [json!(sent), json!({"events": sent, "more": 1})];
            for body in put {
                prop_assert_eq!(events(body.to_string().as_bytes()), Ok(sent.clone()));
            }
        }
    }
}
