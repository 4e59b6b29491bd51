//! From a request to records of the topic, and back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_contracts::producing::{
    MAX_RECORD_BYTES, MAX_RECORDS, Outcome, Produce, Produced, RecordError, RecordToWrite,
};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_topic::{AppendError, NewRecord, Place, Topic};

/// Writes the records of a request, and answers for each.
///
/// # Errors
/// [`Failure::InvalidInput`] when the request is not one; nothing is written then.
pub async fn handle<T: Topic>(topic: &T, request: Produce) -> Result<Produced, Failure> {
    let count = request.records.len();
    if count == 0 || count > MAX_RECORDS {
        let text = format!("a request has 1 to {MAX_RECORDS} records; this one has {count}");
        return Err(Failure::InvalidInput(text));
    }
    let records = request.records.into_iter().enumerate().map(|(at, record)| read(at, record));
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let answers = topic.append(&records).await;
    let failed = answers.iter().filter(|answer| answer.is_err()).count();
    match answers.iter().find_map(|answer| answer.as_ref().err()) {
        Some(error) => tracing::warn!(written = count - failed, failed, %error, "not all written"),
        None => tracing::info!(written = count, "written"),
    }
    let records = answers.into_iter().map(outcome).collect();
    Ok(Produced { topic: OPERATIONS_TOPIC.to_owned(), records })
}

fn read(at: usize, record: RecordToWrite) -> Result<NewRecord, Failure> {
    let invalid = |what: String| Failure::InvalidInput(format!("records[{at}]{what}"));
    let value = record
        .value_base64
        .map(|text| STANDARD.decode(text))
        .transpose()
        .map_err(|error| invalid(format!(".value_base64 is no base64: {error}")))?;
    let headers = record.headers.into_iter().map(|(name, value)| (name, value.into_bytes()));
    let read =
        NewRecord { key: record.key.map(String::into_bytes), value, headers: headers.collect() };
    match read.size() {
        size if size > MAX_RECORD_BYTES => {
            Err(invalid(format!(" has {size} bytes; at most {MAX_RECORD_BYTES} are allowed")))
        }
        _ => Ok(read),
    }
}

fn outcome(answer: Result<Place, AppendError>) -> Outcome {
    match answer {
        Ok(Place { partition, offset }) => Outcome::Written { partition, offset },
        Err(error) => Outcome::Failed {
            error: match error {
                AppendError::Unavailable(_) => RecordError::Unavailable,
                AppendError::Refused(_) => RecordError::Refused,
            },
            message: error.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_topic::memory::MemoryTopic;
    use rstest::rstest;
    use serde_json::{Value, json};

    async fn asked(topic: &MemoryTopic, request: Value) -> Result<Value, Failure> {
        let produced = handle(topic, Failure::input(request)?).await?;
        Ok(serde_json::to_value(produced).unwrap())
    }

    fn record(key: &str, value: &str) -> Value {
        let value = STANDARD.encode(value);
        json!({"key": key, "value_base64": value, "headers": {"correlation_id": "c1"}})
    }

    #[tokio::test]
    async fn records_are_written_in_order_and_each_has_its_place() {
        let topic = MemoryTopic::new(1);
        let request = json!({"records": [record("SW1", "one"), record("SW1", "two")]});
        let answer = asked(&topic, request).await.unwrap();
        assert_eq!(
            answer,
            json!({"topic": "flight-operations", "records": [
                {"partition": 0, "offset": 0}, {"partition": 0, "offset": 1}
            ]})
        );
        let written = &topic.records()[0];
        assert_eq!(written[0].key.as_deref(), Some(b"SW1".as_slice()));
        assert_eq!(written[1].value.as_deref(), Some(b"two".as_slice()));
        assert_eq!(written[1].headers["correlation_id"], b"c1");
    }

    #[tokio::test]
    async fn a_record_that_is_not_written_says_why_and_none_overtakes_it() {
        let topic = MemoryTopic::new(1);
        topic.fail(b"two", AppendError::Refused("too large".into()));
        let records = ["one", "two", "three"].map(|value| record("SW1", value));
        let answer = asked(&topic, json!({"records": records})).await.unwrap();
        assert_eq!(answer["records"][0], json!({"partition": 0, "offset": 0}));
        assert_eq!(answer["records"][1]["error"], "Refused");
        assert_eq!(answer["records"][1]["message"], "the record is refused: too large");
        assert_eq!(answer["records"][2]["error"], "Unavailable");
        assert_eq!(topic.records()[0].len(), 1);
    }

    #[tokio::test]
    async fn a_record_may_have_neither_key_nor_value() {
        let topic = MemoryTopic::new(1);
        asked(&topic, json!({"records": [{}]})).await.unwrap();
        assert_eq!(topic.records()[0], [NewRecord::default()]);
    }

    #[rstest]
    #[case(json!({"records": []}), "a request has 1 to 500 records; this one has 0")]
    #[case(json!({"records": vec![json!({}); 501]}), "a request has 1 to 500 records; this one has 501")]
    #[case(json!({"records": [{}, {"value_base64": "*"}]}), "records[1].value_base64 is no base64")]
    #[case(json!({"records": [{"value_base64": "A".repeat(1_200_004)}]}), "records[0] has 900003 bytes; at most 900000")]
    #[case(json!({"records": [{"value": "x"}]}), "the input is not what it must be: unknown field `value`")]
    #[case(json!({}), "the input is not what it must be: missing field `records`")]
    #[tokio::test]
    async fn what_is_no_request_is_refused_whole(#[case] request: Value, #[case] says: &str) {
        let topic = MemoryTopic::new(1);
        let error = asked(&topic, request).await.unwrap_err();
        assert!(matches!(error, Failure::InvalidInput(_)), "{error:?}");
        assert!(error.to_string().starts_with(says), "{error}");
        assert!(topic.records()[0].is_empty());
    }
}
