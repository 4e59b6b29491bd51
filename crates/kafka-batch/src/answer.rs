//! What the mapping is answered.

use crate::Record;
use flightpulse_dead_letters::Origin;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The answer that has these records delivered again: the lowest offset of each partition, from
/// which on the mapping delivers. None means that all are done with. One that came without a place of
/// its own cannot be named.
#[must_use]
pub fn partial_answer<'r>(failed: impl IntoIterator<Item = &'r Record>) -> Value {
    let mut lowest: BTreeMap<String, i64> = BTreeMap::new();
    for record in failed {
        if let Origin::KafkaRecord { topic, partition, offset } = &record.origin {
            let known = lowest.entry(format!("{topic}-{partition}")).or_insert(*offset);
            *known = (*known).min(*offset);
        }
    }
    // The identifier must be an object; as a text it makes the mapping deliver the whole batch again.
    let failures: Vec<_> = lowest
        .into_iter()
        .map(|(partition, offset)| {
            json!({"itemIdentifier": {"partition": partition, "offset": offset}})
        })
        .collect();
    json!({ "batchItemFailures": failures })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Invocation;

    #[test]
    fn the_lowest_offset_of_each_partition_is_named() {
        let record = |offset: i64| json!({"offset": offset});
        let event = json!({"records": {
            "bookings-0": [record(7), record(5), record(6)], "bookings-11": [record(2)],
        }});
        let Ok(Invocation::Records(records)) = Invocation::read(&event.to_string()) else {
            panic!("{event} is a batch")
        };
        assert_eq!(records.len(), 4);
        assert_eq!(
            partial_answer(&records),
            json!({"batchItemFailures": [
                {"itemIdentifier": {"partition": "bookings-0", "offset": 5}},
                {"itemIdentifier": {"partition": "bookings-11", "offset": 2}},
            ]})
        );
        assert_eq!(partial_answer([]), json!({"batchItemFailures": []}));
    }
}
