//! The records of a batch.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_dead_letters::{Carried, DeadLetter, Origin};
use flightpulse_domain::ids::CorrelationId;
use jiff::Timestamp;
use serde_json::Value;

/// One record as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where it came from.
    pub origin: Origin,
    /// Its value; none for a tombstone; an error in words when it cannot be decoded.
    pub value: Result<Option<Vec<u8>>, String>,
    /// Its key; none where it has none that can be decoded.
    pub key: Option<Vec<u8>>,
    /// The header `correlation_id`, when it is one.
    pub correlation_id: Option<CorrelationId>,
    /// What to keep of it when it is dead-lettered and its value cannot be decoded.
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
                Err(_) => Some(self.raw.clone()),
            },
            carried: Carried {
                key: self.key.clone(),
                correlation_id: self.correlation_id.as_ref().map(ToString::to_string),
            },
        }
    }
}

/// The records of an invocation, partition by partition; none when it is no batch of Kafka's.
#[must_use]
pub fn records(event: &Value) -> Option<Vec<Record>> {
    let partitions = event.get("records")?.as_object()?;
    let records = partitions.iter().flat_map(|(name, records)| {
        records.as_array().into_iter().flatten().map(|record| read(name, record))
    });
    Some(records.collect())
}

// `name` is "{topic}-{partition}". A record says both itself too; where it does not, the name
// tells where it came from.
fn read(name: &str, record: &Value) -> Record {
    let (topic, partition) = name.rsplit_once('-').unwrap_or((name, ""));
    let number = |field: &str| record.get(field).and_then(Value::as_i64);
    let origin = Origin::KafkaRecord {
        topic: record.get("topic").and_then(Value::as_str).unwrap_or(topic).to_owned(),
        partition: number("partition").or_else(|| partition.parse().ok()).unwrap_or(-1),
        offset: number("offset").unwrap_or(-1),
    };
    let value = match record.get("value") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => STANDARD
            .decode(text)
            .map(Some)
            .map_err(|error| format!("the value is not base64: {error}")),
        Some(_) => Err("the value is not base64 text".to_owned()),
    };
    let correlation_id = header(record, "correlation_id")
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| CorrelationId::new(text).ok());
    let key = record.get("key").and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    Record { origin, value, key, correlation_id, raw: record.to_string().into_bytes() }
}

// Headers are `[{"name": [bytes]}]`. The JVM that writes them knows signed bytes only, so 0xC3
// may come as -61.
fn header(record: &Value, name: &str) -> Option<Vec<u8>> {
    let headers = record.get("headers")?.as_array()?;
    let bytes = headers.iter().rev().find_map(|header| header.get(name))?.as_array()?;
    bytes
        .iter()
        .map(|byte| match byte.as_i64()? {
            signed @ -128..=-1 => u8::try_from(signed + 256).ok(),
            unsigned => u8::try_from(unsigned).ok(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn kafka(record: Value) -> Record {
        let event =
            json!({"eventSource": "aws:kafka", "records": {"flight-operations-3": [record]}});
        records(&event).unwrap().remove(0)
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
            let raw: Value = serde_json::from_slice(&record.raw).unwrap();
            assert_eq!(header(&raw, "x"), Some(vec![0xC3]));
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
        let odd = kafka(json!({"offset": 1, "value": "!!"}));
        assert_eq!(odd.dead_letter("why".to_owned(), at).bytes, Some(odd.raw));
        let none = kafka(json!({"offset": 1}));
        assert_eq!(none.dead_letter("why".to_owned(), at).bytes, None);
    }

    #[test]
    fn an_event_of_another_shape_has_none() {
        assert_eq!(records(&json!({"Records": []})), None);
        assert_eq!(records(&json!({"records": []})), None);
        assert_eq!(records(&json!("x")), None);
    }

    /// JSON of any form, often with the names that a record has.
    fn json_of_any_form() -> impl Strategy<Value = Value> {
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
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..7)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn each_record_of_a_batch_is_one_and_can_be_set_aside(
            batch in prop::collection::vec(json_of_any_form(), 0..5),
        ) {
            let found = records(&json!({"records": {"bookings-2": batch.clone()}})).unwrap();
            prop_assert_eq!(found.len(), batch.len());
            for (record, sent) in found.iter().zip(&batch) {
                let raw: Value = serde_json::from_slice(&record.raw).unwrap();
                prop_assert_eq!(&raw, &serde_json::from_str::<Value>(&sent.to_string()).unwrap());
                let letter = record.dead_letter("why".to_owned(), Timestamp::UNIX_EPOCH);
                let expected = record.value.clone().unwrap_or_else(|_| Some(record.raw.clone()));
                prop_assert_eq!(letter.bytes, expected);
            }
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
