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
pub(crate) mod tests;
