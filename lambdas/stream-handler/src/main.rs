//! `FlightPulse-StreamHandler`: wiring only.

use flightpulse_allocator as _;
use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_store::dynamo::stream::StreamEvent;
use flightpulse_stream_handler::handler::StreamHandler;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let handler =
        &StreamHandler { bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?) };
    lambda_runtime::run(service_fn(move |event: LambdaEvent<StreamEvent>| async move {
        handler.handle(event.payload, Timestamp::now()).await
    }))
    .await
}
