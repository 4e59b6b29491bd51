//! `FlightPulse-QueryService`: wiring only.

use flightpulse_allocator as _;
use flightpulse_booking_queue::sqs::SqsBookingQueue;
use flightpulse_dead_letters::sqs::SqsDeadLetters;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_query_service::puller::Puller;
use flightpulse_query_service::settings;
use flightpulse_secrets::secrets_manager::SecretsManager;
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use std::time::UNIX_EPOCH;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let secrets = aws_sdk_secretsmanager::Client::new(&config);
    let (sqs, s3) = (aws_sdk_sqs::Client::new(&config), aws_sdk_s3::Client::new(&config));
    let (letters, bucket) = (required("DEAD_LETTER_QUEUE_URL")?, required("DEAD_LETTER_BUCKET")?);
    let histories = settings::history()?;
    let puller = &Puller {
        history: histories.name(),
        histories,
        secret: SecretsManager::new(secrets, required("QUERY_SERVICE_SECRET_ARN")?),
        watermarks: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        queue: SqsBookingQueue::new(sqs.clone(), required("BOOKING_QUEUE_URL")?),
        dead_letters: SqsDeadLetters::new(sqs, s3, letters, bucket),
        reach: settings::reach()?,
    };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let deadline = event.context.deadline().duration_since(UNIX_EPOCH).unwrap_or_default();
        let deadline = Timestamp::UNIX_EPOCH.saturating_add(deadline).unwrap_or(Timestamp::MAX);
        puller.pull(deadline, Timestamp::now).await
    }))
    .await
}
