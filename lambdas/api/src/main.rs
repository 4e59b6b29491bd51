//! `FlightPulse-APIHandlers`: wiring only.

use flightpulse_api::router::answer;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_http::{Error, Request, RequestExt, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let store = &DynamoStore::new(dynamodb, required("TABLE_NAME")?);
    run(service_fn(move |request: Request| async move {
        // The URI's path would carry the stage.
        let path = request.raw_http_path().to_owned();
        Ok::<_, Error>(answer(store, request.method(), &path, Timestamp::now()).await)
    }))
    .await
}
