//! `FlightPulse-S3Reconciliation`: wiring only.

use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_contracts::tasks::reconciliation::ReconciliationTask;
use flightpulse_exports::s3::S3Exports;
use flightpulse_lambda_kit::{aws, env::required, failure::Failure, telemetry};
use flightpulse_s3_reconciliation::handler::Reconciliation;
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// The decoder has a thread of its own; calls to AWS need no more than one.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let s3 = aws_sdk_s3::Client::new(&config);
    let reconciliation = &Reconciliation {
        store: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?),
        exports: S3Exports::new(s3, required("EXPORT_BUCKET")?),
        clock: Timestamp::now,
    };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let task: ReconciliationTask = Failure::input(event.payload)?;
        reconciliation.handle(task).await
    }))
    .await
}
