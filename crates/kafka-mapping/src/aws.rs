//! What the clients of AWS services share. Endpoint, region and credentials come from the
//! environment (`AWS_ENDPOINT_URL`, `AWS_REGION`, …) as for every SDK.

use aws_config::{BehaviorVersion, ConfigLoader};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// The environment's configuration, over rustls and ring.
pub fn loader() -> ConfigLoader {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    aws_config::defaults(BehaviorVersion::latest()).http_client(http)
}
