//! The records of a batch.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_dead_letters::{Carried, DeadLetter, Origin};
use flightpulse_domain::ids::CorrelationId;
use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// One record as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it came from.
    pub origin: Origin,
    /// Its value; none for a tombstone.
    pub value: Result<Option<Vec<u8>>, Undecodable>,
    /// Its key; none where it has none that can be decoded.
    pub key: Option<Vec<u8>>,
    /// The header `correlation_id`, when it is one.
    pub correlation_id: Option<CorrelationId>,
}

/// A record whose value is nowhere to be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Undecodable {
    /// Why, as a sentence.
    pub why: String,
    /// The whole of what came instead, to be kept.
    pub raw: Vec<u8>,
}

impl Record {
    /// What is kept of it when it cannot be processed, for this reason.
    #[must_use]
    pub fn dead_letter(&self, reason: String, at: Timestamp) -> DeadLetter {
        DeadLetter {
            origin: self.origin.clone(),
            reason,
            at,
            bytes: match &self.value {
                Ok(value) => value.clone(),
                Err(odd) => Some(odd.raw.clone()),
            },
            carried: Carried {
                key: self.key.clone(),
                correlation_id: self.correlation_id.as_ref().map(ToString::to_string),
            },
        }
    }
}

/// A record in the form that AWS documents. Reading this form takes a fraction of the time that reading
/// any JSON takes; what has another form is read field by field.
#[derive(Deserialize)]
pub(crate) struct Usual<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    key: Option<&'a str>,
    value: Option<&'a str>,
    headers: Option<Vec<BTreeMap<&'a str, Vec<i16>>>>,
}

/// Reads a record of the partition that is named `{topic}-{partition}`.
pub(crate) fn read(name: &str, text: &RawValue) -> Record {
    let text = text.get();
    if let Some(record) = object::<Usual<'_>>(text).and_then(Usual::record) {
        return record;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(record) => odd(name, &record, text),
        // What passed as JSON in a batch and cannot be read: nested too deep, half a surrogate pair, a number
        // beyond all. Where it stood is read by itself, so that it is answered for and kept apart.
        Err(error) => {
            let place = object::<Place<'_>>(text).map_or(Value::Null, |place| {
                json!({"topic": place.topic, "partition": place.partition, "offset": place.offset})
            });
            let why = format!("the record cannot be read: {error}");
            let value = Err(Undecodable { why, raw: text.into() });
            Record { value, ..odd(name, &place, "") }
        }
    }
}

/// What a JSON object says; none when it is no object, or not of this form.
pub(crate) fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    serde_json::from_str::<Object<T>>(text).ok().map(|object| object.0)
}

/// What is read from an object alone: serde would take an array too, as an object's fields in order.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfObject(PhantomData))
    }
}

struct OfObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfObject<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
    }
}

/// Where a record stands, whatever else there is of it.
#[derive(Deserialize)]
struct Place<'a> {
    topic: Option<&'a str>,
    partition: Option<i64>,
    offset: Option<i64>,
}

impl Usual<'_> {
    /// The record; none where its value is no base64.
    pub(crate) fn record(self) -> Option<Record> {
        let headers = self.headers.unwrap_or_default();
        let bytes = headers.iter().rev().find_map(|header| header.get(CORRELATION_ID));
        let id =
            bytes.and_then(|bytes| bytes.iter().map(|byte| unsigned((*byte).into())).collect());
        Some(Record {
            origin: Origin::KafkaRecord {
                topic: self.topic.to_owned(),
                partition: self.partition.into(),
                offset: self.offset,
            },
            value: Ok(self.value.map(|value| STANDARD.decode(value)).transpose().ok()?),
            key: self.key.and_then(|key| STANDARD.decode(key).ok()),
            correlation_id: id.and_then(correlation_id),
        })
    }
}

// A record says its place itself too; where it does not, the name of its partition tells.
fn odd(name: &str, record: &Value, text: &str) -> Record {
    let (topic, partition) = name.rsplit_once('-').unwrap_or((name, ""));
    let number = |field: &str| record.get(field).and_then(Value::as_i64);
    let origin = Origin::KafkaRecord {
        topic: record.get("topic").and_then(Value::as_str).unwrap_or(topic).to_owned(),
        partition: number("partition").or_else(|| partition.parse().ok()).unwrap_or(-1),
        offset: number("offset").unwrap_or(-1),
    };
    let value = match record.get("value") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => decoded(value, text).map(Some),
        Some(_) => {
            let why = "the value is not base64 text".to_owned();
            Err(Undecodable { why, raw: text.into() })
        }
    };
    let key = record.get("key").and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    let correlation_id = header(record, CORRELATION_ID).and_then(correlation_id);
    Record { origin, value, key, correlation_id }
}

fn decoded(value: &str, text: &str) -> Result<Vec<u8>, Undecodable> {
    STANDARD.decode(value).map_err(|error| Undecodable {
        why: format!("the value is not base64: {error}"),
        raw: text.into(),
    })
}

/// The header that our ids travel in.
const CORRELATION_ID: &str = "correlation_id";

fn correlation_id(bytes: Vec<u8>) -> Option<CorrelationId> {
    CorrelationId::new(String::from_utf8(bytes).ok()?).ok()
}

// Headers are `[{"name": [bytes]}]`.
fn header(record: &Value, name: &str) -> Option<Vec<u8>> {
    let headers = record.get("headers")?.as_array()?;
    let bytes = headers.iter().rev().find_map(|header| header.get(name))?.as_array()?;
    bytes.iter().map(|byte| unsigned(byte.as_i64()?)).collect()
}

// The JVM that writes them knows signed bytes only, so 0xC3 may come as -61.
fn unsigned(byte: i64) -> Option<u8> {
    u8::try_from(if (-128..0).contains(&byte) { byte + 256 } else { byte }).ok()
}

#[cfg(test)]
pub(crate) mod tests {
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
            let record = kafka(
                json!({"offset": 1, "key": "U1cx", "value": "e30=", "headers": bytes(first)}),
            );
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
        assert_eq!(
            (letter.bytes.as_deref(), letter.reason.as_str()),
            (Some(b"{}".as_slice()), "why")
        );
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
        assert_eq!(
            record.origin,
            Origin::KafkaRecord { topic: "t-1".into(), partition: 2, offset: 3 }
        );
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
        let header = ("correlation_id|x", "[a-z]{0,5}")
            .prop_map(|(name, id)| json!({name: id.into_bytes()}));
        let headers = prop::collection::vec(header, 0..3).prop_map(Value::from);
        let place = ("[a-z]{1,4}", 0..9, any::<i64>());
        let odd =
            prop_oneof![9 => Just(None), 1 => (0_usize..6, json_of_any_form()).prop_map(Some)];
        (place, base64(), base64(), headers, odd).prop_map(|(place, key, value, headers, odd)| {
            let names = ["topic", "partition", "offset", "key", "value", "headers"];
            let mut values = [json!(place.0), json!(place.1), json!(place.2), key, value, headers];
            if let Some((at, odd)) = odd {
                values[at] = odd;
            }
            names.into_iter().map(str::to_owned).zip(values).collect()
        })
    }

    #[test]
    fn most_of_what_is_nearly_usual_is_usual() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let records = prop::collection::vec(nearly_usual(), 200).new_tree(&mut runner).unwrap();
        let is_usual = |record: &Value| {
            object::<Usual<'_>>(&record.to_string()).and_then(Usual::record).is_some()
        };
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
                "key": STANDARD.encode(&key), "value": STANDARD.encode(&value),
                "headers": [{"correlation_id": header}],
            }));
            prop_assert_eq!(record.key, Some(key));
            prop_assert_eq!(record.value, Ok(Some(value)));
            prop_assert_eq!(record.correlation_id.map(|id| id.to_string()), Some(id));
        }
    }
}
