//! `FlightPulse-BookingConsumer`: wiring only.

use flightpulse_allocator as _;
use flightpulse_booking_consumer::handler::Consumer;
use flightpulse_booking_queue::sqs::SqsBookingQueue;
use flightpulse_dead_letters::sqs::SqsDeadLetters;
use flightpulse_kafka_batch::Invocation;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let (sqs, s3) = (aws_sdk_sqs::Client::new(&config), aws_sdk_s3::Client::new(&config));
    let (letters, bucket) = (required("DEAD_LETTER_QUEUE_URL")?, required("DEAD_LETTER_BUCKET")?);
    let consumer = &Consumer {
        queue: SqsBookingQueue::new(sqs.clone(), required("BOOKING_QUEUE_URL")?),
        dead_letters: SqsDeadLetters::new(sqs, s3, letters, bucket),
    };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Invocation>| async move {
        consumer.handle(event.payload, Timestamp::now()).await
    }))
    .await
}
