use super::*;
use crate::calls::{MAX_BYTES_PER_CALL, MAX_MESSAGES_PER_CALL, grouped};
use proptest::prelude::*;
use serde_json::json;

fn at() -> Timestamp {
    "2026-11-21T10:00:00.123456789Z".parse().unwrap()
}

/// An event of so many bytes as JSON.
fn event(bytes: usize) -> Value {
    json!({"_id": "x".repeat(bytes - r#"{"_id":""}"#.len())})
}

#[test]
fn a_batch_of_adobes_is_four_messages() {
    let messages = split("adobe", Feed::Streaming, at(), vec![event(1_000); 100]).unwrap();
    assert_eq!(messages.iter().map(|m| m.events.len()).collect::<Vec<_>>(), [25, 25, 25, 25]);
    assert!(messages.iter().all(|m| m.source == "adobe" && m.received_at == at()));
    assert_eq!(split("adobe", Feed::Streaming, at(), Vec::new()), Ok(Vec::new()));
}

#[test]
fn a_message_is_filled_to_its_last_byte() {
    let room = MAX_MESSAGE_BYTES
        - size(&split("s", Feed::Streaming, at(), vec![json!(1)]).unwrap()[0])
        + 1;
    let one = split("s", Feed::Streaming, at(), vec![event(room)]).unwrap();
    assert_eq!(size(&one[0]), MAX_MESSAGE_BYTES);
    let two = split("s", Feed::Streaming, at(), vec![event(room - 101), event(100)]).unwrap();
    assert_eq!((two.len(), size(&two[0])), (1, MAX_MESSAGE_BYTES));
    assert_eq!(
        split("s", Feed::Streaming, at(), vec![event(room - 100), event(100)]).unwrap().len(),
        2
    );
    let error = split("s", Feed::Streaming, at(), vec![json!(1), event(room + 1)]).unwrap_err();
    assert_eq!(error, EventTooLarge { index: 1, bytes: room + 1 });
}

#[test]
fn what_no_message_can_have_is_handed_back_and_its_neighbours_are_in_messages() {
    let large = |id: &str| json!({"_id": id, "padding": "x".repeat(MAX_MESSAGE_BYTES)});
    let events = vec![large("a"), json!(1), large("b"), large("c"), json!(2)];
    let (messages, too_large) = sifted("s", Feed::QueryService, at(), events);
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].events, [json!(1), json!(2)]);
    // Each by its place among all.
    let places: Vec<_> = too_large
        .iter()
        .map(|(reason, event)| (reason.index, reason.bytes == size(event), event["_id"].as_str()))
        .collect();
    assert_eq!(places, [(0, true, Some("a")), (2, true, Some("b")), (3, true, Some("c"))]);
}

#[test]
fn what_sqs_refuses_is_escaped_and_the_same() {
    let event = json!({"name": "a\u{ffff}b\u{fffe}\u{1f600}\u{0}"});
    let json = body(&event).unwrap();
    assert!(!json.contains(['\u{fffe}', '\u{ffff}', '\u{0}']), "{json}");
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), event);
}

fn any_event() -> impl Strategy<Value = Value> {
    let size =
        prop_oneof![30 => 20..3_000_usize, 2 => 3_000..60_000_usize, 1 => 60_000..200_000_usize];
    prop_oneof![
        12 => size.prop_map(event),
        1 => Just(json!(null)),
        1 => Just(json!("\u{ffff}".repeat(500))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn nothing_is_lost_and_everything_fits(events in prop::collection::vec(any_event(), 0..130)) {
        let messages = split("source", Feed::Streaming, at(), events.clone()).unwrap();
        let again: Vec<_> = messages.iter().flat_map(|m| m.events.clone()).collect();
        prop_assert_eq!(&again, &events);
        let bodies: Vec<_> = messages.iter().map(|m| body(m).unwrap()).collect();
        for (message, body) in messages.iter().zip(&bodies) {
            prop_assert!((1..=MAX_EVENTS_PER_MESSAGE).contains(&message.events.len()));
            prop_assert!(body.len() <= MAX_MESSAGE_BYTES);
        }
        let calls = grouped(&bodies);
        prop_assert_eq!(&calls.concat(), &bodies);
        for call in &calls {
            prop_assert!((1..=MAX_MESSAGES_PER_CALL).contains(&call.len()));
            prop_assert!(call.iter().map(String::len).sum::<usize>() <= MAX_BYTES_PER_CALL);
        }
        // As few as the order allows: what begins a message or a call did not go into the last one.
        for pair in messages.windows(2) {
            let mut fuller = pair[0].clone();
            fuller.events.push(pair[1].events[0].clone());
            prop_assert!(fuller.events.len() > MAX_EVENTS_PER_MESSAGE || size(&fuller) > MAX_MESSAGE_BYTES);
        }
        for pair in calls.windows(2) {
            let bytes = pair[0].iter().chain(&pair[1][..1]).map(String::len).sum::<usize>();
            prop_assert!(pair[0].len() == MAX_MESSAGES_PER_CALL || bytes > MAX_BYTES_PER_CALL);
        }
    }
}
