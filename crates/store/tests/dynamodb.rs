//! The conformance suite against DynamoDB as the local cloud has it.
//!
//! Needs `AWS_ENDPOINT_URL` and the table of the deployed stack; `scripts/test.sh` gives both.

use aws_sdk_dynamodb::Client;
use flightpulse_store::conformance;
use flightpulse_store::dynamo::DynamoStore;

#[tokio::test]
async fn dynamodb_conforms() {
    assert!(
        std::env::var("AWS_ENDPOINT_URL").is_ok(),
        "AWS_ENDPOINT_URL must name the local cloud: run this by scripts/test.sh"
    );
    let config = flightpulse_lambda_kit::aws::config().await;
    let store = DynamoStore::new(Client::new(&config), "FlightPulseTable");
    let run = format!("conf-{}", uuid::Uuid::new_v4().simple());
    conformance::all(&store, &run[..13]).await;
}
