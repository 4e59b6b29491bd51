//! One AWS configuration for all clients of a binary, so that they share one connection pool.

mod trust;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use std::time::Duration;

/// The configuration from the environment.
pub async fn config() -> SdkConfig {
    // Timeouts end a call that hangs well before the function itself is ended, so that the SDK's
    // retries and our own error handling (PutEvents: four calls) get their turn within a function's
    // minute. The model is given up earlier, by its own budget.
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(11))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(timeouts)
        .load()
        .await
}

/// One connector, whatever a client's settings: their times to connect and to read do not count, of which none of our clients has
/// any and the SDK's own for credentials, which a function has in its environment, have some. It is made here, while the function starts, since a client
/// that is given the means to make its own makes one to throw away, and reads all authorities for it. ring is its
/// TLS provider: it starts faster than AWS-LC, whose entropy check alone takes about 50 ms of a cold start.
fn http_client() -> SharedHttpClient {
    let settings = HttpConnectorSettings::builder().connect_timeout(Duration::from_secs(2)).build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trust::context())
        .build();
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_, _| connector.clone())
}
