//! What a function behind a Kafka mapping is handed.

use crate::record::{self, Object, Record, Usual};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// An invocation's event, read record by record.
#[derive(Debug, Clone, PartialEq)]
pub enum Invocation {
    /// A batch of Kafka's, partition by partition.
    Records(Vec<Record>),
    /// Anything else.
    Other(Value),
}

impl Invocation {
    /// Reads the event's text.
    ///
    /// # Errors
    /// When it is not JSON, or is nested too deep to be read.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        if let Some(records) = record::object::<UsualBatch<'_>>(text).and_then(UsualBatch::records)
        {
            return Ok(Self::Records(records));
        }
        let Some(batch) = record::object::<Batch<'_>>(text) else {
            return serde_json::from_str(text).map(Self::Other);
        };
        let mut all = Vec::new();
        for (name, partition) in &batch.records {
            // A partition that is no list has no records.
            let records: Vec<&RawValue> = serde_json::from_str(partition.get()).unwrap_or_default();
            all.extend(records.into_iter().map(|text| record::read(name, text)));
        }
        Ok(Self::Records(all))
    }
}

/// A batch without an odd record: it is gone through once, where text that is kept for later is gone through again.
#[derive(Deserialize)]
struct UsualBatch<'a> {
    #[serde(borrow)]
    records: BTreeMap<&'a str, Vec<Object<Usual<'a>>>>,
}

impl UsualBatch<'_> {
    /// None where there is an odd one.
    fn records(self) -> Option<Vec<Record>> {
        self.records.into_values().flatten().map(|usual| usual.0.record()).collect()
    }
}

/// Each partition as text, so that an odd one leaves its neighbours alone; and so each record.
#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    records: BTreeMap<String, &'a RawValue>,
}

/// From JSON text that is in memory whole, as an invocation's event is.
impl<'de> Deserialize<'de> for Invocation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?;
        Self::read(text.get()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::{json_of_any_form, nearly_usual, spelt};
    use flightpulse_dead_letters::Origin;
    use proptest::prelude::*;
    use serde_json::json;

    fn places(event: &Value) -> Vec<(String, i64, i64)> {
        let Ok(Invocation::Records(records)) = Invocation::read(&event.to_string()) else {
            panic!("{event} is a batch")
        };
        let place = |record: Record| match record.origin {
            Origin::KafkaRecord { topic, partition, offset } => (topic, partition, offset),
            other => panic!("{other:?}"),
        };
        records.into_iter().map(place).collect()
    }

    #[test]
    fn a_batch_is_read_partition_by_partition() {
        let record = |offset: i64| json!({"offset": offset});
        let event = json!({
            "eventSource": "aws:kafka",
            "records": {"bookings-2": [record(7), record(5)], "bookings-11": [record(2)]},
        });
        let place = |partition, offset| ("bookings".to_owned(), partition, offset);
        assert_eq!(places(&event), [place(11, 2), place(2, 7), place(2, 5)]);
    }

    #[test]
    fn what_is_odd_in_a_batch_leaves_its_neighbours_alone() {
        let event =
            json!({"records": {"a-1": 7, "b-2": [{"offset": 1}, null, "x"], "c-3": {"offset": 2}}});
        let place = |offset| ("b".to_owned(), 2, offset);
        assert_eq!(places(&event), [place(1), place(-1), place(-1)]);
    }

    #[test]
    fn an_event_of_another_shape_is_left_as_it_is() {
        for event in [
            json!({"Records": []}),
            json!({"records": []}),
            json!("x"),
            json!(null),
            json!([{"t-0": [{}]}]),
            json!([{}]),
        ] {
            assert_eq!(Invocation::read(&event.to_string()).unwrap(), Invocation::Other(event));
        }
        assert!(Invocation::read("{").is_err());
    }

    #[test]
    fn it_is_read_from_the_bytes_that_a_runtime_has() {
        let bytes = br#" {"records": {"a-1": [{"offset": 3, "value": null}]}} "#;
        let Ok(Invocation::Records(records)) = serde_json::from_slice(bytes) else { panic!() };
        assert_eq!(records.len(), 1);
    }

    fn partition() -> impl Strategy<Value = Value> {
        prop_oneof![
            4 => prop::collection::vec(nearly_usual(), 0..4).prop_map(Value::from),
            1 => json_of_any_form(),
        ]
    }

    /// A batch of records in any spelling, which each are read alone in the order of the partitions.
    fn batch_of_texts() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
        let records = prop::collection::vec(spelt(), 0..4);
        let batch = prop::collection::btree_map("[a-z]{1,3}-[0-9]", records, 0..4);
        batch.prop_map(|partitions| partitions.into_iter().collect())
    }

    proptest! {
        #[test]
        fn each_record_is_read_as_if_it_were_alone_however_it_is_spelt(
            partitions in batch_of_texts(),
        ) {
            let texts = partitions.iter().map(|(name, texts)| format!("\"{name}\": [{}]", texts.join(",")));
            let event = format!("{{\"records\": {{{}}}}}", texts.collect::<Vec<_>>().join(","));
            let Ok(Invocation::Records(read)) = Invocation::read(&event) else {
                panic!("{event} is a batch")
            };
            let alone = partitions.iter().flat_map(|(name, texts)| {
                texts.iter().map(|text| record::read(name, &RawValue::from_string(text.clone()).unwrap()))
            });
            prop_assert_eq!(read, alone.collect::<Vec<_>>());
        }

        #[test]
        fn each_record_of_a_batch_is_read_as_if_it_were_alone(
            partitions in prop::collection::btree_map("[a-z]{1,3}-[0-9]", partition(), 0..4),
        ) {
            let event = json!({"eventSource": "aws:kafka", "records": partitions.clone()});
            let Ok(Invocation::Records(read)) = Invocation::read(&event.to_string()) else {
                panic!("{event} is a batch")
            };
            let mut alone = Vec::new();
            for (name, partition) in &partitions {
                for record in partition.as_array().into_iter().flatten() {
                    let text = RawValue::from_string(record.to_string()).unwrap();
                    alone.push(record::read(name, &text));
                }
            }
            prop_assert_eq!(read, alone);
        }
    }
}
