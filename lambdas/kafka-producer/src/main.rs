//! `FlightPulse-KafkaProducer`: wiring only.

use flightpulse_allocator as _;
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_contracts::producing::Produce;
use flightpulse_kafka_producer::handler::handle;
use flightpulse_kafka_producer::settings::{Settings, brokers};
use flightpulse_lambda_kit::{aws, env::required, failure::Failure, telemetry};
use flightpulse_topic::kafka::{KafkaTopic, SignIn, read_secret};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let brokers = brokers(&required("KAFKA_BROKERS")?);
    let sign_in = match Settings::read(&required("KAFKA_SIGN_IN")?)? {
        Settings::Open => SignIn::None,
        Settings::MskIam => SignIn::MskIam {
            region: required("AWS_REGION")?,
            credentials: config.credentials_provider().ok_or("there are no credentials")?,
        },
        Settings::Secret(mechanism) => {
            let secrets = aws_sdk_secretsmanager::Client::new(&config);
            read_secret(&secrets, &required("KAFKA_SECRET_ARN")?, mechanism).await?
        }
    };
    let topic = &KafkaTopic::new(OPERATIONS_TOPIC, brokers, sign_in);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let request: Produce = Failure::input(event.payload)?;
        handle(topic, request).await
    }))
    .await
}
