//! `FlightPulse-BookingWorker`: wiring only.

use flightpulse_allocator as _;
use flightpulse_booking_worker::handler::Worker;
use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_dead_letters::sqs::SqsDeadLetters;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let (sqs, s3) = (aws_sdk_sqs::Client::new(&config), aws_sdk_s3::Client::new(&config));
    let (queue, bucket) = (required("DEAD_LETTER_QUEUE_URL")?, required("DEAD_LETTER_BUCKET")?);
    let worker = &Worker {
        store: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?),
        dead_letters: SqsDeadLetters::new(sqs, s3, queue, bucket),
        clock: Timestamp::now,
    };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        worker.handle(event.payload).await
    }))
    .await
}
