//! What is read is what `serde_dynamo` makes of the same item, which reads it by way of the SDK's values;
//! but for a list, which it takes for a struct.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reservation::{Feed, Reservation};
use flightpulse_domain::xdm::{self, Read};
use flightpulse_dynamo_json::from_str;
use proptest::prelude::*;
use rstest::rstest;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_dynamo::AttributeValue;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

type Item = HashMap<String, AttributeValue>;

#[derive(Debug, PartialEq, Deserialize)]
struct Kept {
    #[serde(default)]
    a: Option<String>,
    #[serde(default)]
    b: Option<u8>,
    #[serde(default)]
    c: Option<Choice>,
    #[serde(default)]
    d: Vec<Choice>,
    #[serde(default)]
    e: Option<Box<Kept>>,
    #[serde(flatten)]
    rest: Rest,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Rest {
    #[serde(default)]
    f: Option<bool>,
    #[serde(default)]
    g: Option<Wrapped>,
    #[serde(default)]
    h: BTreeMap<String, f64>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(i64);

#[derive(Debug, PartialEq, Deserialize)]
enum Choice {
    // No attribute of a generated item is called so: what a bare variant comes with, serde_dynamo lets pass.
    #[serde(rename = "x")]
    Bare,
    #[serde(rename = "b")]
    With(u16),
    #[serde(rename = "c")]
    Of { a: Option<String> },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "a", rename_all = "lowercase")]
enum Told {
    A { b: Option<u8> },
    B(HashMap<String, Value>),
}

fn same<T: DeserializeOwned + PartialEq + Debug>(item: &Item) {
    let text = serde_json::to_string(item).unwrap();
    let expected = serde_dynamo::from_item::<_, T>(item.clone());
    let read = from_str::<T>(&text);
    // Why something is refused, each says in its own words.
    assert_eq!(read.as_ref().ok(), expected.as_ref().ok(), "{text}: {read:?} is not {expected:?}");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[abcx]", 1 => any::<String>(), 1 => Just("\u{1F680}\"\\\n\u{0}".to_owned())]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (0..400_i64).prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        (-1e9..1e9_f64).prop_map(|number| number.to_string()),
        Just("1E+2".to_owned()),
        Just("99999999999999999999999999999999999999".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let leaf = prop_oneof![
        text().prop_map(AttributeValue::S),
        number().prop_map(AttributeValue::N),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::hash_map("[a-h]", inner.clone(), 0..4).prop_map(AttributeValue::M),
            prop::collection::vec(inner, 0..4).prop_map(AttributeValue::L),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_item_is_read_as_by_serde_dynamo(item in prop::collection::hash_map("[a-h]", value(), 0..6)) {
        same::<Value>(&item);
        same::<Kept>(&item);
        same::<Told>(&item);
        same::<Rest>(&item);
        same::<HashMap<String, Option<Choice>>>(&item);
        same::<HashMap<String, Option<String>>>(&item);
        same::<HashMap<String, Vec<Option<f64>>>>(&item);
    }

    #[test]
    fn no_text_is_anything_but_read_or_refused(text in r#"(\{|\}|\[|\]|:|,|"[SNML]"|"BOOL"|"NULL"|"a"|1|true|null| ){0,24}"#) {
        let _ = from_str::<Kept>(&text);
        let _ = from_str::<Value>(&text);
    }
}

#[rstest]
#[case::none(r#"{"a": {}}"#, "has no type")]
#[case::two(r#"{"a": {"S": "x", "N": "1"}}"#, "more than one type")]
#[case::untyped(r#"{"a": "x"}"#, "invalid type: string")]
#[case::list(r#"[{"a": {"S": "x"}}]"#, "invalid type: sequence")]
#[case::number(r#"{"a": {"N": 1}}"#, "invalid type: integer")]
#[case::no_number(r#"{"a": {"N": "x"}}"#, "the value of a number is none")]
#[case::more(r#"{"a": {"S": "x"}} {"#, "trailing characters")]
fn what_is_no_item_is_refused(#[case] text: &str, #[case] why: &str) {
    let error = from_str::<Value>(text).unwrap_err().to_string();
    assert!(error.contains(why), "{error}");
}

/// What nobody asks for may be of any type.
#[test]
fn what_the_type_does_not_have_is_left_out() {
    let others =
        r#""y": {"B": "eA=="}, "z": {"NS": ["1"]}, "new": {"T": [1, {}]}, "f": {"BOOL": true}"#;
    assert_eq!(from_str::<Rest>(&format!("{{{others}}}")).unwrap().f, Some(true));
    // One with flattened fields looks at all of them.
    assert_eq!(from_str::<Kept>(&format!("{{{others}}}")).unwrap().rest.f, Some(true));
}

#[test]
fn texts_are_borrowed_where_they_can_be() {
    #[derive(Deserialize)]
    struct Keys<'a> {
        #[serde(rename = "PK")]
        partition: &'a str,
    }
    let text = r#"{"SK": {"S": "METADATA"}, "PK": {"S": "FLIGHT#SW1"}}"#;
    assert_eq!(from_str::<Keys<'_>>(text).unwrap().partition, "FLIGHT#SW1");
}

#[test]
fn flights_and_reservations_are_read() {
    let flight = r#"{"PK": {"S": "FLIGHT#SW1"}, "SK": {"S": "METADATA"}, "flight_id": {"S": "SW1"}, "status": {"S": "DELAYED"},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "scheduled_departure": {"S": "2035-11-22T10:00:00Z"},
        "scheduled_arrival": {"S": "2035-11-22T12:00:00Z"}, "delay_minutes": {"N": "90"}, "delay_reason": {"S": "WEATHER"},
        "schedule_version": {"S": "2035-11-21T10:00:00.000000Z#e1"}, "gate": {"NULL": true},
        "schedule_news": {"M": {"told": {"M": {"version": {"S": "2035-11-21T10:00:00.000000Z#e1"}, "revision": {"N": "5"},
        "departure": {"S": "2035-11-22T11:30:00Z"}}}}}}"#;
    let item: Item = serde_json::from_str(flight).unwrap();
    assert!(from_str::<Flight>(flight).unwrap().schedule_news.told.is_some());
    same::<Flight>(&item);
    let reservation = reservation();
    let item: Item = serde_dynamo::to_item(&reservation).unwrap();
    assert_eq!(
        from_str::<Reservation>(&serde_json::to_string(&item).unwrap()).unwrap(),
        reservation
    );
    same::<Reservation>(&item);
}

/// A reservation of which much is known: two flights, one given up, extras, a refund and a contact.
fn reservation() -> Reservation {
    let events = include_str!("../../../sample-data/aep/exports/events.ndjson");
    let now = "2026-11-30T00:00:00Z".parse().unwrap();
    let mut reservations: BTreeMap<Pnr, Reservation> = BTreeMap::new();
    for line in events.lines() {
        let event = serde_json::from_str(line).unwrap();
        let Ok(Read::Booking(event)) = xdm::read(&event, Feed::Reconciliation, now) else {
            continue;
        };
        let known = reservations.entry(event.pnr.clone());
        known.or_insert_with(|| Reservation::new(event.pnr.clone())).apply(&event).unwrap();
    }
    let size = |one: &Reservation| serde_json::to_string(one).unwrap().len();
    reservations.into_values().max_by_key(size).unwrap()
}

#[test]
fn a_list_is_no_struct() {
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        plain: Inner,
    }
    #[derive(Debug, Default, Deserialize)]
    struct Inner {
        a: Option<u8>,
    }
    let read = |value: &str| from_str::<Outer>(&format!("{{{value}}}"));
    let map =
        read(r#""inner": {"M": {"a": {"N": "1"}}}, "plain": {"M": {"a": {"N": "2"}}}"#).unwrap();
    assert_eq!((map.inner.unwrap().a, map.plain.a), (Some(1), Some(2)));
    for field in ["inner", "plain"] {
        let error =
            read(&format!(r#""{field}": {{"L": [{{"N": "1"}}]}}"#)).unwrap_err().to_string();
        assert!(error.contains("a map is wanted"), "{error}");
    }
}

#[test]
fn sets_are_lists_of_texts() {
    let read = |set: &str| from_str::<HashMap<String, Vec<String>>>(&format!(r#"{{"a": {set}}}"#));
    assert_eq!(read(r#"{"NS": ["1", "2"]}"#).unwrap()["a"], ["1", "2"]);
    assert!(read(r#"{"SS": [["x"]]}"#).is_err());
}
