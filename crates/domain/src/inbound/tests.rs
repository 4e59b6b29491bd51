use super::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use rstest::rstest;
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn event(event_type: &str, payload: Value) -> Value {
    json!({
        "event_id": "evt-1", "event_type": event_type, "timestamp": "2026-11-21T09:59:00Z",
        "source": "operations_center", "payload": payload,
    })
}

fn delay_event() -> Value {
    event(
        "FLIGHT_DELAY",
        json!({
            "flight_id": "SW5678", "delay_minutes": 90, "reason": "MECHANICAL",
            "reason_detail": "Hydraulic pump", "new_departure": "2026-11-22T22:40:00Z",
            "new_arrival": "2026-11-23T00:35:00Z",
        }),
    )
}

fn read(value: &Value) -> Result<OperationsEvent, Rejection> {
    OperationsEvent::read(Some(value.to_string().as_bytes()), now())
}

fn sentence(value: &Value) -> String {
    read(value).unwrap_err().to_string()
}

#[test]
fn a_delay_is_read_whole() {
    let event = read(&delay_event()).unwrap();
    assert_eq!(event.event_type(), "FLIGHT_DELAY");
    assert_eq!(event.flight_id.as_str(), "SW5678");
    let Change::Delay { delay_minutes, reason, new_departure, .. } = event.change else { panic!() };
    assert_eq!((delay_minutes, reason), (90, Reason::Mechanical));
    assert_eq!(new_departure.unwrap().to_string(), "2026-11-22T22:40:00Z");
}

#[rstest]
#[case("FLIGHT_CANCELLED", json!({"flight_id": "SW1", "reason": "WEATHER"}))]
#[case("GATE_CHANGE", json!({"flight_id": "SW1", "new_gate": "D15", "terminal_change": true}))]
#[case("FLIGHT_REINSTATED", json!({"flight_id": "SW1"}))]
#[case("FLIGHT_DELAY", json!({"flight_id": "SW1", "delay_minutes": 0, "reason": "OTHER"}))]
fn every_type_is_read_with_the_least_it_needs(#[case] kind: &str, #[case] payload: Value) {
    assert_eq!(read(&event(kind, payload)).unwrap().event_type(), kind);
}

#[rstest]
#[case("/event_id", json!(null), "event_id is missing")]
#[case("/event_id", json!("a b"), "event_id must be 1 to 128 characters")]
#[case("/event_type", json!("FLIGHT_EXPLODED"), "event_type must be one of FLIGHT_DELAY, ")]
#[case("/timestamp", json!("yesterday"), "timestamp must be a time with an offset")]
#[case("/timestamp", json!(1_700_000_000), "timestamp must be a time with an offset")]
#[case("/timestamp", json!("2026-11-21T10:11:00Z"), "timestamp must be at most 10 minutes ahead")]
#[case("/payload", json!([]), "payload must be a JSON object; got []")]
#[case("/payload/flight_id", json!(7), "payload.flight_id must be text")]
#[case("/payload/delay_minutes", json!(-5), "payload.delay_minutes must be a whole number from 0 to 2880; got -5")]
#[case("/payload/delay_minutes", json!(100_000), "payload.delay_minutes must be a whole number")]
#[case("/payload/delay_minutes", json!("90"), "payload.delay_minutes must be a whole number")]
#[case("/payload/delay_minutes", json!(1.5), "payload.delay_minutes must be a whole number")]
#[case("/payload/delay_minutes", json!(null), "payload.delay_minutes is missing")]
#[case("/payload/reason", json!("BOREDOM"), "payload.reason must be one of WEATHER, ")]
#[case("/payload/reason_detail", json!("x".repeat(501)), "payload.reason_detail must be text of 1 to 500")]
#[case("/payload/reason_detail", json!("a\u{ffff}b"), "payload.reason_detail must be text of 1 to 500")]
#[case("/payload/new_departure", json!("soon"), "payload.new_departure must be a time")]
fn a_bad_field_gets_a_sentence_that_names_it(
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] starts: &str,
) {
    let mut event = delay_event();
    *event.pointer_mut(pointer).unwrap() = value;
    let sentence = sentence(&event);
    assert!(sentence.starts_with(starts), "{sentence}");
}

#[rstest]
#[case(None, "the record has no value")]
#[case(Some(&b"not json"[..]), "the value is not JSON")]
#[case(Some(&b""[..]), "the value is not JSON")]
#[case(Some(&b"\xff\xfe"[..]), "the value is not JSON")]
#[case(Some(&b"[1,2]"[..]), "the value must be a JSON object")]
#[case(Some(&b"null"[..]), "the value must be a JSON object")]
fn bytes_that_are_no_event_get_a_sentence(#[case] value: Option<&[u8]>, #[case] starts: &str) {
    let sentence = OperationsEvent::read(value, now()).unwrap_err().to_string();
    assert!(sentence.starts_with(starts), "{sentence}");
}

#[test]
fn a_sentence_never_repeats_a_whole_long_value() {
    let mut event = delay_event();
    event["event_type"] = json!("x".repeat(10_000));
    assert!(sentence(&event).len() < 250);
}

#[test]
fn unknown_fields_are_left_alone() {
    let mut event = delay_event();
    event["trace"] = json!({"span": 1});
    assert!(read(&event).is_ok());
}

/// The text of an object with these fields, of which some may be there twice.
fn object(fields: Vec<(&'static str, String)>) -> String {
    let fields = fields.into_iter().map(|(name, value)| format!("{name}: {value}"));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

/// A payload of a delay and of a change of gate at once, but for these.
fn payload_with(changed: Vec<(&'static str, String)>) -> String {
    let whole = [
        (r#""flight_id""#, r#""SW5678""#),
        (r#""delay_minutes""#, "90"),
        (r#""reason""#, r#""MECHANICAL""#),
        (r#""new_gate""#, r#""B7""#),
    ];
    let whole = whole.into_iter().map(|(name, value)| (name, value.to_owned()));
    object(whole.chain(changed).collect())
}

/// Texts that are events, or nearly so.
fn nearly_an_event() -> impl Strategy<Value = String> {
    let said = r#""evt-1" "FLIGHT_DELAY" "FLIGHT_CANCELLED" "GATE_CHANGE" "FLIGHT_REINSTATED"
        "2026-11-21T09:59:00Z" "2026-11-22T22:40:00+01:00" "SW5678" "MECHANICAL" "HIGH" "B\u0037" "A1" "" "\ud83d\ude00"
        90 0 1.0 -1 1e400 18446744073709551615 true false null [] {} [1,{"a":null}]"#;
    let leaf = proptest::sample::select(said.split_whitespace().collect::<Vec<_>>())
        .prop_map(str::to_owned);
    let names = |names: &[&'static str]| proptest::sample::select(names.to_vec());
    let inside = names(&[
        r#""flight_id""#,
        r#""delay_minutes""#,
        r#""reason""#,
        r#""reason_detail""#,
        r#""new_departure""#,
        r#""new_gate""#,
        r#""old_gate""#,
        r#""terminal_change""#,
        r#""rebooking_priority""#,
        r#""\u0066light_id""#,
    ]);
    // What one kind alone reads seldom has its form by chance.
    let own = prop_oneof![
        names(&["true", "false"]).prop_map(|flag| (r#""terminal_change""#, flag.to_owned())),
        names(&[r#""HIGH""#, r#""L\u004fW""#])
            .prop_map(|priority| (r#""rebooking_priority""#, priority.to_owned())),
        names(&[r#""A1""#, r#""B\u0037""#]).prop_map(|gate| (r#""old_gate""#, gate.to_owned())),
    ];
    let any = (inside, leaf.clone());
    let changed = proptest::collection::vec(prop_oneof![2 => any, 1 => own], 0..4);
    let payload = prop_oneof![
        9 => changed.prop_map(payload_with),
        1 => leaf.clone(),
    ];
    let outside = names(&[
        r#""event_id""#,
        r#""event_type""#,
        r#""timestamp""#,
        r#""source""#,
        r#""event\u005ftype""#,
    ]);
    let head = proptest::collection::vec((outside, leaf), 0..2);
    let kind = names(&[
        r#""FLIGHT_DELAY""#,
        r#""FLIGHT_CANCELLED""#,
        r#""GATE\u005fCHANGE""#,
        r#""FLIGHT_REINSTATED""#,
    ]);
    (head, kind, payload).prop_map(|(mut fields, kind, payload)| {
        // Mostly whole, so that what is inside has its turn.
        for (name, value) in [
            (r#""event_id""#, r#""evt-1""#),
            (r#""event_type""#, kind),
            (r#""timestamp""#, r#""2026-11-21T09:59:00Z""#),
            (r#""source""#, r#""ops""#),
        ] {
            fields.insert(0, (name, value.to_owned()));
        }
        fields.push((r#""payload""#, payload));
        object(fields)
    })
}

#[test]
fn many_of_what_is_nearly_an_event_are_events_of_each_kind() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts = proptest::collection::vec(nearly_an_event(), 400).new_tree(&mut runner).unwrap();
    let read = texts.current();
    let read =
        read.iter().filter_map(|text| OperationsEvent::read(Some(text.as_bytes()), now()).ok());
    let (mut kinds, mut flags, mut priorities) = ([0; 4], 0, 0);
    for event in read {
        kinds[match event.change {
            Change::Delay { .. } => 0,
            Change::Cancelled { rebooking_priority, .. } => {
                priorities += usize::from(rebooking_priority != RebookingPriority::Normal);
                1
            }
            Change::Gate { terminal_change, .. } => {
                flags += usize::from(terminal_change);
                2
            }
            Change::Reinstated { .. } => 3,
        }] += 1;
    }
    assert!(kinds.iter().all(|count| (20..80).contains(count)), "{kinds:?} of 400");
    assert!(flags > 2 && priorities > 2, "{flags} {priorities}");
}

proptest! {
    // What borrows from its text says the same, sentences of rejections included, as what does not.
    #[test]
    fn an_event_is_read_the_same_from_either_tree(text in nearly_an_event()) {
        let expected = serde_json::from_str::<Value>(&text)
            .map_err(|error| Rejection::NotJson(error.to_string()))
            .and_then(|json| OperationsEvent::of(&json, now()));
        prop_assert_eq!(OperationsEvent::read(Some(text.as_bytes()), now()), expected);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = OperationsEvent::read(Some(&bytes), now());
    }

    #[test]
    fn every_delay_within_the_bounds_is_read(minutes in 0..=MAX_DELAY_MINUTES) {
        let mut event = delay_event();
        event["payload"]["delay_minutes"] = json!(minutes);
        prop_assert!(read(&event).is_ok());
    }
}
