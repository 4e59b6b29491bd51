//! Writing through the function `FlightPulse-KafkaProducer`, which is inside the brokers' network.

use super::NewRecord;
use crate::kafka::RecordAt;
use crate::place::Place;
use crate::stop::Stop;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::DisplayErrorContext;
use aws_sdk_lambda::primitives::Blob;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_contracts::producing::{
    MAX_RECORDS, MAX_REQUEST_BYTES, Outcome, Produce, Produced, RecordToWrite,
};
use serde_json::Value;

/// The producer function of a deployed stack.
pub(crate) struct ProducerFunction {
    client: Client,
    name: String,
}

impl ProducerFunction {
    /// The function of this name, in the stack's account and region.
    pub(crate) fn new(place: &Place, name: &str) -> Self {
        Self { client: Client::new(&place.sdk), name: name.to_owned() }
    }

    /// Writes records, as many a call as the function takes: each call begins when the one before
    /// is done, which keeps the order of each partition.
    pub(crate) async fn write_all(&self, records: &[NewRecord<'_>]) -> Result<Vec<RecordAt>, Stop> {
        let mut written = Vec::with_capacity(records.len());
        for part in parts(records) {
            let answer = self.call(&request(part)).await?;
            written.extend(places(&self.name, part.len(), answer)?);
        }
        Ok(written)
    }

    async fn call(&self, request: &Produce) -> Result<Produced, Stop> {
        let cannot = |why: String| {
            Stop::CannotRun(format!("the function {} did not write the records: {why}", self.name))
        };
        let payload = serde_json::to_vec(request).map_err(|error| cannot(error.to_string()))?;
        let call = self.client.invoke().function_name(&self.name).payload(Blob::new(payload));
        let answer = call.send().await;
        let answer = answer.map_err(|error| cannot(DisplayErrorContext(&error).to_string()))?;
        let body = answer.payload.map(Blob::into_inner).unwrap_or_default();
        if answer.function_error.is_some() {
            let failed: Value = serde_json::from_slice(&body).unwrap_or_default();
            let text = |name: &str| failed[name].as_str().unwrap_or("?").to_owned();
            return Err(cannot(format!("{}: {}", text("errorType"), text("errorMessage"))));
        }
        serde_json::from_slice(&body).map_err(|error| cannot(format!("its answer: {error}")))
    }
}

fn request(records: &[NewRecord<'_>]) -> Produce {
    let records = records.iter().map(|record| RecordToWrite {
        key: record.key.map(str::to_owned),
        value_base64: Some(STANDARD.encode(record.value)),
        headers: [("correlation_id".to_owned(), record.correlation_id.to_owned())].into(),
    });
    Produce { records: records.collect() }
}

/// The records in parts that fit one call each.
fn parts<'a, 'r>(records: &'a [NewRecord<'r>]) -> Vec<&'a [NewRecord<'r>]> {
    let (mut parts, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (at, record) in records.iter().enumerate() {
        // Base64 makes four of three, and the fields around it take some more.
        let size = record.value.len().div_ceil(3) * 4 + 512;
        if at > from && (at - from == MAX_RECORDS || bytes + size > MAX_REQUEST_BYTES) {
            parts.extend(records.get(from..at));
            (from, bytes) = (at, 0);
        }
        bytes += size;
    }
    parts.extend(records.get(from..).filter(|rest| !rest.is_empty()));
    parts
}

fn places(function: &str, asked: usize, answer: Produced) -> Result<Vec<RecordAt>, Stop> {
    let Produced { topic, records } = answer;
    if records.len() != asked {
        let got = records.len();
        return Err(Stop::CannotRun(format!("{function} answered {got} of {asked} records")));
    }
    let places = records.into_iter().map(|record| match record {
        Outcome::Written { partition, offset } => {
            Ok(RecordAt { topic: topic.clone(), partition, offset })
        }
        Outcome::Failed { error, message } => {
            Err(Stop::CannotRun(format!("{function} could not write a record: {error}: {message}")))
        }
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_contracts::producing::RecordError;

    fn record(value: &[u8]) -> NewRecord<'_> {
        NewRecord { key: Some("SW1"), value, correlation_id: "c1" }
    }

    #[test]
    fn a_record_is_asked_for_as_the_contract_has_it() {
        let asked = serde_json::to_string(&request(&[record(b"{}")])).unwrap();
        assert_eq!(
            asked,
            r#"{"records":[{"key":"SW1","value_base64":"e30=","headers":{"correlation_id":"c1"}}]}"#
        );
    }

    #[test]
    fn calls_are_bounded_by_number_and_by_bytes_and_keep_the_order() {
        let sizes = |records: &[NewRecord<'_>]| -> Vec<usize> {
            parts(records).into_iter().map(<[_]>::len).collect()
        };
        assert_eq!(sizes(&[]), [0_usize; 0]);
        assert_eq!(sizes(&vec![record(b"x"); MAX_RECORDS]), [MAX_RECORDS]);
        assert_eq!(sizes(&vec![record(b"x"); MAX_RECORDS + 1]), [MAX_RECORDS, 1]);
        let large = vec![0; MAX_REQUEST_BYTES / 2];
        assert_eq!(sizes(&[record(&large); 3]), [1, 1, 1]);
    }

    #[test]
    fn a_record_that_was_not_written_is_an_error_with_its_reason() {
        let written = Outcome::Written { partition: 2, offset: 7 };
        let failed = Outcome::Failed { error: RecordError::Refused, message: "too large".into() };
        let answer = |records| Produced { topic: "flight-operations".into(), records };
        let at = places("f", 1, answer(vec![written.clone()])).unwrap();
        assert_eq!((at[0].partition, at[0].offset), (2, 7));
        let error = places("f", 2, answer(vec![written.clone(), failed])).unwrap_err();
        assert!(error.to_string().contains("Refused: too large"), "{error}");
        assert!(places("f", 2, answer(vec![written])).is_err());
    }
}
