//! `FlightPulse-KafkaConsumer`: wiring only.

use flightpulse_allocator as _;
use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_dead_letters::sqs::SqsDeadLetters;
use flightpulse_kafka_batch::Invocation;
use flightpulse_kafka_consumer::handler::Consumer;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let (sqs, s3) = (aws_sdk_sqs::Client::new(&config), aws_sdk_s3::Client::new(&config));
    let (queue, bucket) = (required("DEAD_LETTER_QUEUE_URL")?, required("DEAD_LETTER_BUCKET")?);
    let consumer = &Consumer {
        flights: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?),
        dead_letters: SqsDeadLetters::new(sqs, s3, queue, bucket),
    };
    // Boxed: with the calls of four clients in it the future nests deeper than the compiler looks.
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Invocation>| {
        Box::pin(consumer.handle(event.payload, Timestamp::now()))
    }))
    .await
}
