//! `FlightPulse-OperatorAPI`: wiring only.

use flightpulse_allocator as _;
use flightpulse_bus::eventbridge::EventBridge;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_operator_api::actions::Operators;
use flightpulse_operator_api::router::{Asked, answer};
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let eventbridge = aws_sdk_eventbridge::Client::new(&config);
    let operators = &Operators {
        store: DynamoStore::new(dynamodb, required("TABLE_NAME")?),
        bus: EventBridge::new(eventbridge, required("EVENT_BUS_NAME")?),
    };
    run(service_fn(move |request: Request| async move {
        Ok::<_, Error>(answer(operators, &Asked::from(&request), Timestamp::now()).await)
    }))
    .await
}
