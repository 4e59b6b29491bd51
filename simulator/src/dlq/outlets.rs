//! Where letters are sent to: Kafka, the bus, the queue of bookings, functions.

use super::plan::Again;
use super::redrive::Outlets;
use super::shelves;
use crate::place::Place;
use crate::producer::Producer;
use crate::stop::Stop;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_s3::error::DisplayErrorContext;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId};
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{BookingReader, FlightReader, UNREADABLE_PASSENGER};
use serde_json::{Value, json};
use std::cell::OnceCell;

/// Everything that a letter may be sent to. Kafka is connected to by the first record.
pub(super) struct Deployed<'a> {
    place: &'a Place,
    aws: bool,
    brokers: Option<String>,
    producer: OnceCell<Producer>,
    store: DynamoStore,
    lambda: aws_sdk_lambda::Client,
}

impl<'a> Deployed<'a> {
    /// The outlets of this place.
    pub(super) fn new(place: &'a Place, aws: bool, brokers: Option<String>) -> Self {
        let dynamodb = aws_sdk_dynamodb::Client::new(&place.sdk);
        let store = DynamoStore::new(dynamodb, &place.outputs.table_name);
        let lambda = aws_sdk_lambda::Client::new(&place.sdk);
        Self { place, aws, brokers, producer: OnceCell::new(), store, lambda }
    }

    fn producer(&self) -> Result<&Producer, Stop> {
        if let Some(producer) = self.producer.get() {
            return Ok(producer);
        }
        let producer = Producer::find(self.place, self.brokers.as_deref(), self.aws)?;
        Ok(self.producer.get_or_init(|| producer))
    }

    async fn put_event(
        &self,
        source: &str,
        detail_type: &str,
        detail: &str,
    ) -> Result<String, String> {
        let bus = self.place.outputs.event_bus_name.as_deref();
        let bus = bus.ok_or("the stack's outputs do not name the bus; deploy anew")?;
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(bus)
            .source(source)
            .detail_type(detail_type)
            .detail(detail)
            .build();
        let client = aws_sdk_eventbridge::Client::new(&self.place.sdk);
        let answer = client.put_events().entries(entry).send().await;
        let answer = answer.map_err(|error| DisplayErrorContext(&error).to_string())?;
        // The call succeeds whatever becomes of its entry.
        match answer.entries() {
            [entry] if entry.error_code().is_none() => Ok(format!("the bus, as {detail_type}")),
            [entry] => Err(format!(
                "the bus has not taken it: {} {}",
                entry.error_code().unwrap_or_default(),
                entry.error_message().unwrap_or_default()
            )),
            _ => Err("the bus has not said that it took it".to_owned()),
        }
    }

    async fn queue_booking(&self, message: &str) -> Result<String, String> {
        let queue = self.place.outputs.booking_queue_url.as_deref();
        let queue = queue.ok_or("the stack's outputs do not name the queue of bookings")?;
        let client = aws_sdk_sqs::Client::new(&self.place.sdk);
        let sent = client.send_message().queue_url(queue).message_body(message).send().await;
        sent.map_err(|error| DisplayErrorContext(&error).to_string())?;
        Ok("the queue of bookings".to_owned())
    }

    /// What a function answers; its own failure is an error.
    async fn invoke(&self, function: &str, payload: &str) -> Result<Value, String> {
        let request = self.lambda.invoke().function_name(function);
        let answer = request.payload(Blob::new(payload.as_bytes())).send().await;
        let answer = answer.map_err(|error| DisplayErrorContext(&error).to_string())?;
        let body = answer.payload.map(Blob::into_inner).unwrap_or_default();
        match answer.function_error {
            Some(_) => {
                let said: String = String::from_utf8_lossy(&body).chars().take(300).collect();
                Err(format!("the function failed: {said}"))
            }
            None => Ok(serde_json::from_slice(&body).unwrap_or_default()),
        }
    }
}

impl Outlets for Deployed<'_> {
    async fn send(&self, again: &Again) -> Result<String, String> {
        match again {
            Again::Record { key, correlation_id, value } => {
                let producer = self.producer().map_err(|stop| stop.to_string())?;
                let at = producer.write(key.as_deref(), value, correlation_id).await;
                let at = at.map_err(|stop| stop.to_string())?;
                Ok(format!("{}, partition {}, offset {}", at.topic, at.partition, at.offset))
            }
            Again::Event { source, detail_type, detail } => {
                self.put_event(source, detail_type, detail).await
            }
            Again::Direct { body } => {
                let consumer = self.place.outputs.kafka_consumer_name.as_deref();
                let consumer = consumer.ok_or("the stack's outputs do not name the consumer")?;
                let event = json!({"body": STANDARD.encode(body), "isBase64Encoded": true});
                taken(&self.invoke(consumer, &event.to_string()).await?)
            }
            Again::Batch { function, payload } => {
                let answer = self.invoke(function, payload).await?;
                done(&answer).map(|()| function.clone())
            }
            Again::Booking { message } => self.queue_booking(message).await,
        }
    }

    async fn bytes(&self, place: &str) -> Result<Vec<u8>, String> {
        let bucket = shelves::bucket_name(self.place).map_err(|stop| stop.to_string())?;
        // A letter may name any place; only the bucket of letters is read.
        let key = place.strip_prefix(&format!("s3://{bucket}/"));
        let key =
            key.ok_or_else(|| format!("{place} is not in the dead-letter bucket {bucket}"))?;
        let client = aws_sdk_s3::Client::new(&self.place.sdk);
        let object = client.get_object().bucket(bucket).key(key).send().await;
        let object = object.map_err(|error| {
            format!("its bytes at {place} cannot be read: {}", DisplayErrorContext(&error))
        })?;
        let bytes = object.body.collect().await.map_err(|error| error.to_string())?;
        Ok(bytes.to_vec())
    }

    async fn knows(&self, flight: &FlightId) -> Result<bool, String> {
        let found = self.store.flight(flight).await;
        found.map(|flight| flight.is_some()).map_err(|error| error.to_string())
    }

    async fn flight_of(&self, booking_id: &str) -> Option<FlightId> {
        let booking = BookingId::new(booking_id).ok()?;
        // The letter does not say whose booking it is, and for its flight nobody need know.
        let nobody = PassengerId::new(UNREADABLE_PASSENGER).ok()?;
        let records = self.store.booking_records(&[(booking, nobody)]).await.ok()?;
        Some(records.into_iter().next()?.booking?.flight_id)
    }
}

/// Whether the consumer took an event that was handed to it.
fn taken(answer: &Value) -> Result<String, String> {
    match answer.get("statusCode").and_then(Value::as_u64) {
        Some(202) => Ok("the consumer".to_owned()),
        _ => {
            let body = answer.get("body").and_then(Value::as_str).unwrap_or("it says no more");
            Err(format!("the consumer has not taken it: {body}"))
        }
    }
}

/// Whether a function is done with all of a batch. Nothing at all is a full success too
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>).
fn done(answer: &Value) -> Result<(), String> {
    let failures = match answer {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields.get("batchItemFailures").unwrap_or(&Value::Null),
        _ => return Err(format!("the function answered {answer}, which is no answer to a batch")),
    };
    match failures {
        Value::Null => Ok(()),
        Value::Array(failures) if failures.is_empty() => Ok(()),
        failures => Err(format!("a part of it failed again: {failures}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(json!({"batchItemFailures": []}))]
    #[case(json!({"batchItemFailures": null}))]
    #[case(json!({}))]
    #[case(Value::Null)]
    fn a_batch_that_is_done(#[case] answer: Value) {
        assert_eq!(done(&answer), Ok(()));
    }

    #[rstest]
    #[case(json!({"batchItemFailures": [{"itemIdentifier": {"partition": "t-0", "offset": 4}}]}))]
    #[case(json!({"batchItemFailures": [{"itemIdentifier": "100"}]}))]
    #[case(json!({"batchItemFailures": "all"}))]
    #[case(json!("done"))]
    fn a_batch_of_which_a_part_failed_stays(#[case] answer: Value) {
        assert!(done(&answer).is_err());
    }

    #[test]
    fn the_consumer_says_whether_it_took_an_event() {
        assert!(taken(&json!({"statusCode": 202, "body": "{}"})).is_ok());
        let why = taken(&json!({"statusCode": 400, "body": "dead-lettered"})).unwrap_err();
        assert!(why.ends_with("dead-lettered"), "{why}");
        assert!(taken(&json!({})).is_err());
    }
}
