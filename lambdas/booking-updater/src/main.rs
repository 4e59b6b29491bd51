//! `FlightPulse-BookingUpdater`: wiring only.

use flightpulse_allocator as _;
use flightpulse_booking_updater::handler::BookingUpdater;
use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_contracts::tasks::UpdateBookings;
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
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let updater = &BookingUpdater {
        store: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?),
    };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let task: UpdateBookings = Failure::input(event.payload)?;
        updater.handle(&task, Timestamp::now()).await
    }))
    .await
}
