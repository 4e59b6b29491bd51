//! TLS to the history: certificate and host are always verified.

use crate::HistoryError;
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::sync::Arc;

/// The client's side of TLS: what the machine trusts, and what is in `ca`, in PEM.
pub(super) fn config(ca: Option<&str>) -> Result<ClientConfig, HistoryError> {
    let refused = |why: String| HistoryError::Refused(why);
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = ca {
        let mut found = 0;
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate
                .map_err(|error| refused(format!("the secret's \"ca\" is no PEM: {error}")))?;
            roots.add(certificate).map_err(|error| {
                refused(format!("the secret's \"ca\" is no authority: {error}"))
            })?;
            found += 1;
        }
        if found == 0 {
            return Err(refused("the secret's \"ca\" has no certificate in it".to_owned()));
        }
    }
    if roots.is_empty() {
        return Err(refused("no certificate is trusted here".to_owned()));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(format!("TLS cannot be set up: {error}")))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "has no certificate")]
    #[case("no pem", "has no certificate")]
    #[case("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is no authority")]
    #[case("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n", "is no PEM")]
    fn an_authority_that_is_none_is_refused(#[case] pem: &str, #[case] says: &str) {
        let error = config(Some(pem)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(says), "{error}");
    }
}
