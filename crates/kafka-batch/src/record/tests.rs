use super::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn raw(record: &Value) -> Box<RawValue> {
    RawValue::from_string(record.to_string()).unwrap()
}

fn kafka(record: Value) -> Record {
    read("flight-operations-3", &raw(&record))
}

#[test]
fn headers_are_read_from_signed_and_unsigned_bytes() {
    let bytes = |first: i64| json!([{"correlation_id": [99, 45, 49]}, {"x": [first]}]);
    for first in [-61, 195] {
        let record =
            kafka(json!({"offset": 1, "key": "U1cx", "value": "e30=", "headers": bytes(first)}));
        assert_eq!(record.correlation_id.unwrap().as_str(), "c-1");
        assert_eq!(record.key.as_deref(), Some(b"SW1".as_slice()));
        let odd = json!({"headers": bytes(first)});
        assert_eq!(header(&odd, "x"), Some(vec![0xC3]));
    }
}

#[test]
fn a_record_without_a_place_of_its_own_has_its_partitions() {
    let record = kafka(json!({"offset": 7, "value": null}));
    assert_eq!(
        record.origin,
        Origin::KafkaRecord { topic: "flight-operations".into(), partition: 3, offset: 7 }
    );
    assert_eq!(record.value, Ok(None));
}

#[test]
fn odd_records_are_read_and_not_refused() {
    assert!(kafka(json!({"value": "!!"})).value.is_err());
    assert!(kafka(json!({"value": 7, "headers": "x"})).value.is_err());
    assert!(kafka(json!("no object")).value.unwrap().is_none());
    assert_eq!(kafka(json!({"key": "!!"})).key, None);
    let odd = json!({"value": "e30=", "headers": [{"correlation_id": [1000]}]});
    assert_eq!(kafka(odd).correlation_id, None);
}

#[test]
fn a_letter_has_the_value_or_else_the_whole_record() {
    let at = Timestamp::UNIX_EPOCH;
    let decoded = kafka(json!({"offset": 1, "key": "U1cx", "value": "e30="}));
    let letter = decoded.dead_letter("why".to_owned(), at);
    assert_eq!((letter.bytes.as_deref(), letter.reason.as_str()), (Some(b"{}".as_slice()), "why"));
    assert_eq!(letter.carried.key.as_deref(), Some(b"SW1".as_slice()));
    let odd = json!({"offset": 1, "value": "!!"});
    let whole = odd.to_string().into_bytes();
    assert_eq!(kafka(odd).dead_letter("why".to_owned(), at).bytes, Some(whole));
    let none = kafka(json!({"offset": 1}));
    assert_eq!(none.dead_letter("why".to_owned(), at).bytes, None);
}

#[test]
fn what_cannot_be_read_is_kept_whole_and_in_its_place() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for odd in [deep.as_str(), r#""\ud800""#, "1e999"] {
        let text = format!(
            r#"{{"topic": "bookings", "partition": 3, "offset": 9, "x": {odd}, "value": 7}}"#
        );
        let record = read("bookings-7", &RawValue::from_string(text.clone()).unwrap());
        let place = Origin::KafkaRecord { topic: "bookings".into(), partition: 3, offset: 9 };
        assert_eq!(record.origin, place, "{text}");
        let why = record.value.unwrap_err();
        assert!(why.why.starts_with("the record cannot be read: "), "{why}");
        assert_eq!(why.raw, text.into_bytes());
    }
    let record = read("bookings-7", &RawValue::from_string(deep.clone()).unwrap());
    let place = Origin::KafkaRecord { topic: "bookings".into(), partition: 7, offset: -1 };
    assert_eq!((record.origin, record.value.unwrap_err().raw), (place, deep.into_bytes()));
}

#[test]
fn an_escaped_text_is_read_as_any_other() {
    let text = r#"{"topic": "t\u002d1", "partition": 2, "offset": 3, "value": "e30\u003d"}"#;
    let record = read("x-0", &RawValue::from_string(text.to_owned()).unwrap());
    assert_eq!(record.value, Ok(Some(b"{}".to_vec())));
    assert_eq!(record.origin, Origin::KafkaRecord { topic: "t-1".into(), partition: 2, offset: 3 });
}

/// JSON of any form, often with the names that a record has.
pub(crate) fn json_of_any_form() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("topic"),
        Just("partition"),
        Just("offset"),
        Just("key"),
        Just("value"),
        Just("headers"),
        Just("correlation_id"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,9}|[A-Za-z0-9+/]{4}|eA==".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..7)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A record of the documented form; now and then with one thing in it that is not as documented.
pub(crate) fn nearly_usual() -> impl Strategy<Value = Value> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..9);
    let base64 = move || {
        prop_oneof![
            20 => bytes().prop_map(|bytes| json!(STANDARD.encode(bytes))),
            3 => Just(Value::Null),
            1 => Just(json!("!!")),
        ]
    };
    let bytes = prop_oneof![
        3 => "[a-z]{0,5}".prop_map(|id| id.bytes().map(i64::from).collect::<Vec<_>>()),
        1 => prop::collection::vec(-130_i64..260, 0..4),
    ];
    let header = ("correlation_id|x", bytes).prop_map(|(name, bytes)| json!({name: bytes}));
    let headers = prop::collection::vec(header, 0..3).prop_map(Value::from);
    let place = ("[a-z]{1,4}", 0..9, any::<i64>());
    let odd = prop_oneof![9 => Just(None), 1 => (0_usize..6, json_of_any_form()).prop_map(Some)];
    (place, base64(), base64(), headers, odd).prop_map(|(place, key, value, headers, odd)| {
        let names = ["topic", "partition", "offset", "key", "value", "headers"];
        let mut values = [json!(place.0), json!(place.1), json!(place.2), key, value, headers];
        if let Some((at, odd)) = odd {
            values[at] = odd;
        }
        names.into_iter().map(str::to_owned).zip(values).collect()
    })
}

/// The same, spelt as JSON may be: fields in any order, a few of them twice, names with escapes.
pub(crate) fn spelt() -> impl Strategy<Value = String> {
    let again = prop::collection::vec((nearly_usual(), 0_usize..6), 0..3);
    let fields = (nearly_usual(), again).prop_map(|(record, again)| {
        let again = again.iter().filter_map(|(other, at)| other.as_object()?.iter().nth(*at));
        let fields = record.as_object().unwrap().iter().chain(again);
        fields.map(|(name, value)| (name.clone(), value.to_string())).collect::<Vec<_>>()
    });
    (fields.prop_shuffle(), prop::collection::vec(0_u8..30, 8)).prop_map(|(fields, escaped)| {
        let field = |((name, value), escaped): ((String, String), &u8)| {
            let (first, rest) = name.split_at(1);
            match escaped {
                0 => format!("\"\\u{:04x}{rest}\": {value}", first.as_bytes()[0]),
                _ => format!("\"{name}\": {value}"),
            }
        };
        let fields: Vec<_> = fields.into_iter().zip(&escaped).map(field).collect();
        format!("{{{}}}", fields.join(", "))
    })
}

#[test]
fn most_of_what_is_nearly_usual_is_usual() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let records = prop::collection::vec(nearly_usual(), 200).new_tree(&mut runner).unwrap();
    let is_usual =
        |record: &Value| object::<Usual<'_>>(&record.to_string()).and_then(Usual::record).is_some();
    let usual = records.current().iter().filter(|record| is_usual(record)).count();
    assert!((100..200).contains(&usual), "{usual} of 200");
}

proptest! {
    #[test]
    fn the_usual_form_is_read_as_field_by_field(
        record in prop_oneof![json_of_any_form(), nearly_usual()],
    ) {
        let text = record.to_string();
        prop_assert_eq!(kafka(record.clone()), odd("flight-operations-3", &record, &text));
    }

    #[test]
    fn however_it_is_spelt_it_is_read_as_field_by_field(text in spelt()) {
        let record: Value = serde_json::from_str(&text).unwrap();
        let name = "flight-operations-3";
        let read = read(name, &RawValue::from_string(text.clone()).unwrap());
        prop_assert_eq!(read, odd(name, &record, &text));
    }

    #[test]
    fn whatever_cannot_be_decoded_is_kept(record in json_of_any_form()) {
        let read = kafka(record.clone());
        let letter = read.dead_letter("why".to_owned(), Timestamp::UNIX_EPOCH);
        let expected = read.value.unwrap_or_else(|_| Some(record.to_string().into_bytes()));
        prop_assert_eq!(letter.bytes, expected);
    }

    #[test]
    fn a_records_bytes_come_through(
        key in prop::collection::vec(any::<u8>(), 0..20),
        value in prop::collection::vec(any::<u8>(), 0..60),
        id in "[A-Za-z0-9._:-]{1,128}", signed in any::<bool>(),
    ) {
        let byte = |byte: u8| if signed { i64::from(byte.cast_signed()) } else { i64::from(byte) };
        let header: Vec<_> = id.bytes().map(byte).collect();
        let record = kafka(json!({
            "topic": "flight-operations", "partition": 3, "offset": 1, "key": STANDARD.encode(&key), "value": STANDARD.encode(&value),
            "headers": [{"correlation_id": header}],
        }));
        prop_assert_eq!(record.key, Some(key));
        prop_assert_eq!(record.value, Ok(Some(value)));
        prop_assert_eq!(record.correlation_id.map(|id| id.to_string()), Some(id));
    }
}
