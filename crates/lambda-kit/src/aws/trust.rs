//! Which authorities a function trusts: those of the system's bundle, which is read once.
//!
//! By itself the TLS library reads the bundle and then each file of the folder beside it. One tool writes both, so that they
//! mostly have the same certificates, but the folder is a millisecond of a cold start (decision 207). What somebody put
//! into the folder alone is not trusted.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::ffi::OsString;
use std::path::Path;

/// TLS that trusts the authorities of the system's bundle; where there is none, or `SSL_CERT_FILE` or `SSL_CERT_DIR` says
/// whom to trust, those that the TLS library finds by itself.
pub(super) fn context() -> TlsContext {
    let said = is_said(|name| std::env::var_os(name));
    let file = (!said).then(openssl_probe::probe).and_then(|found| found.cert_file);
    let Some(pem) = file.as_deref().and_then(bundle) else {
        return TlsContext::default();
    };
    let trusted = TrustStore::empty().with_pem_certificate(pem);
    TlsContext::builder().with_trust_store(trusted).build().unwrap_or_default()
}

/// Whether a variable says whom to trust, whatever it says: what is not there, or has several folders, is for the TLS library
/// to judge.
fn is_said(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().any(|name| variable(name).is_some())
}

/// A bundle's certificates that can be read, as PEM; none when there is no such file, or no such certificate in it.
///
/// Which cannot be read are left out, as the TLS library leaves them out of what it finds by itself: one that is handed to
/// it would end the function.
fn bundle(file: &Path) -> Option<Vec<u8>> {
    let text = std::fs::read_to_string(file).ok()?;
    let readable: Vec<_> = sections(&text).filter(|pem| is_authority(pem)).collect();
    (!readable.is_empty()).then(|| readable.join("\n").into_bytes())
}

/// The certificates in a text, without what is said between them.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    text.split_inclusive(END).filter_map(|section| section.rfind(BEGIN).map(|at| &section[at..]))
}

fn is_authority(pem: &str) -> bool {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .is_ok_and(|certificate| webpki::anchor_from_trusted_cert(&certificate).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const AUTHORITY: &str = include_str!("authority.pem");
    const NONE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const NO_PEM: &str = "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n";

    fn of(text: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bundle.pem");
        std::fs::write(&file, text).unwrap();
        bundle(&file).map(|pem| String::from_utf8(pem).unwrap())
    }

    #[rstest]
    #[case::one(AUTHORITY.to_owned(), 1)]
    #[case::two(format!("# first\n{AUTHORITY}\n# second\n{AUTHORITY}"), 2)]
    #[case::beside_what_is_none(format!("{NONE}{AUTHORITY}{NO_PEM}"), 1)]
    #[case::after_one_that_is_cut_off(format!("-----BEGIN CERTIFICATE-----\nMIIB\n{AUTHORITY}"), 1)]
    #[case::of_windows(AUTHORITY.replace('\n', "\r\n"), 1)]
    fn what_can_be_read_is_trusted(#[case] text: String, #[case] authorities: usize) {
        let pem = of(&text).unwrap();
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        let read = read.unwrap();
        assert_eq!(read.len(), authorities);
        let expected = CertificateDer::from_pem_slice(AUTHORITY.as_bytes()).unwrap();
        assert!(read.iter().all(|certificate| *certificate == expected));
    }

    #[rstest]
    #[case::empty("")]
    #[case::no_certificate("# nobody")]
    #[case::no_authority(NONE)]
    #[case::no_pem(NO_PEM)]
    #[case::cut_off(&AUTHORITY[..200])]
    fn a_bundle_without_any_is_none(#[case] text: &str) {
        assert_eq!(of(text), None);
    }

    #[rstest]
    #[case::nothing(&[], false)]
    #[case::another(&[("SSL_CERT", "/etc/ssl/cert.pem")], false)]
    #[case::a_file_that_is_not_there(&[("SSL_CERT_FILE", "/nowhere/bundle.pem")], true)]
    #[case::no_file(&[("SSL_CERT_FILE", "")], true)]
    #[case::folders(&[("SSL_CERT_DIR", "/opt/a:/opt/b")], true)]
    fn what_a_variable_says_counts(#[case] variables: &[(&str, &str)], #[case] said: bool) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        assert_eq!(is_said(variable), said);
    }

    #[test]
    fn a_bundle_that_is_not_there_is_none() {
        assert_eq!(bundle(Path::new("/nowhere/bundle.pem")), None);
    }
}
