//! TLS to the brokers, with the machine's roots.

use crate::AppendError;
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// The client's side of TLS: ring, and the certificates that the machine trusts. MSK's brokers have
/// certificates of Amazon's public authority.
pub(super) fn config() -> Result<Arc<ClientConfig>, AppendError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let why = found.errors.first().map_or_else(|| "none found".into(), ToString::to_string);
        return Err(AppendError::Refused(format!("no certificate is trusted here: {why}")));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| AppendError::Refused(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
