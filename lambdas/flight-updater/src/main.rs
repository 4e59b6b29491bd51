//! `FlightPulse-FlightUpdater`: wiring only.

use flightpulse_allocator as _;
use flightpulse_contracts::tasks::FlightUpdate;
use flightpulse_flight_updater::handler::handle;
use flightpulse_lambda_kit::{aws, env::required, failure::Failure, telemetry};
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let store = &DynamoStore::new(dynamodb, required("TABLE_NAME")?);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let task: FlightUpdate = Failure::input(event.payload)?;
        handle(store, task, Timestamp::now()).await
    }))
    .await
}
