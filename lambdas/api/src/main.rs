//! `FlightPulse-APIHandlers`: wiring only.

use flightpulse_allocator as _;
use flightpulse_api::api::Api;
use flightpulse_api::router::{Asked, respond};
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_secrets::secrets_manager::SecretsManager;
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let secrets = aws_sdk_secretsmanager::Client::new(&config);
    let store = DynamoStore::new(dynamodb, required("TABLE_NAME")?);
    let cursor_secret = SecretsManager::new(secrets, required("CURSOR_SECRET_ARN")?);
    let api = &Api::new(store, cursor_secret);
    run(service_fn(move |request: Request| async move {
        Ok::<_, Error>(respond(api, &Asked::from(&request), Timestamp::now()).await)
    }))
    .await
}
