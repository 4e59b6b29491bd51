//! One AWS configuration for all clients of a binary, so that they share one connection pool.

mod trust;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::time::Duration;

/// The configuration from the environment, with ring as the TLS provider: it starts faster than
/// AWS-LC, whose entropy check alone takes about 50 ms of a cold start.
pub async fn config() -> SdkConfig {
    // Timeouts end a call that hangs well before the function itself is ended, so that the SDK's
    // retries and our own error handling (PutEvents: four calls) get their turn within a function's
    // minute. The model is given up earlier, by its own budget.
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(11))
        .build();
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(trust::context())
        .build_https();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .load()
        .await
}
