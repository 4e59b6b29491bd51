//! `FlightPulse-AEPWebhook`: wiring only.

use flightpulse_aep_webhook::router::{Asked, respond};
use flightpulse_aep_webhook::webhook::Webhook;
use flightpulse_allocator as _;
use flightpulse_booking_queue::sqs::SqsBookingQueue;
use flightpulse_key_host::https::HttpsKeyHost;
use flightpulse_lambda_kit::{aws, env::required, telemetry};
use flightpulse_secrets::secrets_manager::SecretsManager;
use jiff::Timestamp;
use lambda_http::{Error, Request, run, service_fn};

/// Where Adobe publishes the keys of its signatures.
const ADOBE_KEYS_URL: &str = "https://static.adobeioevents.com";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let sqs = aws_sdk_sqs::Client::new(&config);
    let secrets = aws_sdk_secretsmanager::Client::new(&config);
    let keys = required("ADOBE_KEYS_URL").unwrap_or_else(|_| ADOBE_KEYS_URL.to_owned());
    let webhook = &Webhook::new(
        SqsBookingQueue::new(sqs, required("BOOKING_QUEUE_URL")?),
        SecretsManager::new(secrets, required("BOOKING_SOURCES_SECRET_ARN")?),
        HttpsKeyHost::new(&keys),
    );
    run(service_fn(move |request: Request| async move {
        Ok::<_, Error>(respond(webhook, &Asked::from(&request), Timestamp::now()).await)
    }))
    .await
}
