//! The four ways in which a sender shows who it is, as senders make them: written from their
//! descriptions, not with the code that verifies them.
//!
//! <https://developer.adobe.com/events/docs/guides/>

use crate::stop::Stop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

/// How a source shows who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scheme {
    /// FlightPulse's own: HMAC-SHA256 over a time and the body
    Flightpulse,
    /// A bearer token, which signs nothing
    Bearer,
    /// Adobe I/O Events: RSA-SHA256 over the body, each event in an envelope
    AdobeIo,
    /// Adobe I/O Events, legacy: HMAC-SHA256 over the body
    AdobeIoLegacy,
}

impl Scheme {
    /// Its name in the configuration of a source.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Flightpulse => "flightpulse",
            Self::Bearer => "bearer",
            Self::AdobeIo => "adobe-io",
            Self::AdobeIoLegacy => "adobe-io-legacy",
        }
    }

    /// The scheme of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::value_variants().iter().copied().find(|scheme| scheme.name() == name)
    }

    /// Whether its events are in the envelope of Adobe I/O Events.
    fn has_envelopes(self) -> bool {
        matches!(self, Self::AdobeIo | Self::AdobeIoLegacy)
    }
}

/// What a sender shows who it is with.
enum Proof {
    Secret(String),
    Key { pair: Box<RsaKeyPair>, path: String },
}

/// Signs requests.
pub(super) struct Signer {
    pub(super) scheme: Scheme,
    proof: Proof,
    client_id: Option<String>,
}

/// The headers of a request.
pub(super) type Headers = Vec<(&'static str, String)>;

impl Signer {
    /// By a secret.
    pub(super) fn secret(scheme: Scheme, secret: String, client_id: Option<String>) -> Self {
        Self { scheme, proof: Proof::Secret(secret), client_id }
    }

    /// By an RSA key, in PEM (PKCS#8), whose public half is at this path of Adobe's host.
    pub(super) fn key(pem: &[u8], path: String, client_id: String) -> Result<Self, Stop> {
        let none = |error: &dyn std::fmt::Display| {
            Stop::Usage(format!("--private-key is no RSA key in PEM (PKCS#8): {error}"))
        };
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem).map_err(|error| none(&error))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|error| none(&error))?;
        let proof = Proof::Key { pair: Box::new(pair), path };
        Ok(Self { scheme: Scheme::AdobeIo, proof, client_id: Some(client_id) })
    }

    /// The event as this scheme's sender sends it.
    pub(super) fn wrapped(&self, event: Value) -> Value {
        if !self.scheme.has_envelopes() {
            return event;
        }
        // The same event comes again under the same id.
        let name = event.to_string();
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let mut envelope = json!({"event_id": id, "event": event});
        if let Some(client_id) = &self.client_id {
            envelope["recipient_client_id"] = json!(client_id);
        }
        envelope
    }

    /// The headers that show who sends this body at this time.
    pub(super) fn headers(&self, body: &[u8], now: Timestamp) -> Result<Headers, Stop> {
        Ok(match (&self.proof, self.scheme) {
            (Proof::Key { pair, path }, _) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let signed =
                    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut signature);
                signed.map_err(|_| Stop::CannotRun("the key does not sign".into()))?;
                vec![
                    ("x-adobe-digital-signature-1", STANDARD.encode(signature)),
                    ("x-adobe-public-key1-path", path.clone()),
                ]
            }
            (Proof::Secret(secret), Scheme::Bearer) => {
                vec![("authorization", format!("Bearer {secret}"))]
            }
            (Proof::Secret(secret), Scheme::AdobeIoLegacy) => {
                vec![("x-adobe-signature", STANDARD.encode(mac(secret, &[body])?))]
            }
            (Proof::Secret(secret), _) => {
                let time = now.as_second().to_string();
                let mac = mac(secret, &[time.as_bytes(), b".", body])?;
                let value = format!("t={time},v1={}", hex::encode(mac));
                vec![("x-flightpulse-signature", value)]
            }
        })
    }

    /// The headers of somebody who has another secret, or none of Adobe's keys.
    pub(super) fn forged(&self, body: &[u8], now: Timestamp) -> Result<Headers, Stop> {
        let other = "what-nobody-has-for-a-secret".to_owned();
        match &self.proof {
            Proof::Secret(_) => Self::secret(self.scheme, other, None).headers(body, now),
            // A signature of the same key, of something else.
            Proof::Key { .. } => self.headers(b"[]", now),
        }
    }
}

fn mac(secret: &str, parts: &[&[u8]]) -> Result<Vec<u8>, Stop> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mut mac = mac.map_err(|error| Stop::CannotRun(error.to_string()))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = include_bytes!("../../../sample-data/aep/keys/private-local-1.pem");

    fn header(signer: &Signer, body: &[u8]) -> String {
        let now = Timestamp::from_second(1_795_255_200).unwrap();
        signer.headers(body, now).unwrap()[0].1.clone()
    }

    // Made with openssl 3.0: `printf 1795255200.{} | openssl dgst -sha256 -hmac 0123456789abcdef`.
    #[test]
    fn signatures_are_those_of_openssl() {
        let signer = |scheme| Signer::secret(scheme, "0123456789abcdef".into(), None);
        assert_eq!(header(&signer(Scheme::Flightpulse), b"{}"), OWN);
        assert_eq!(header(&signer(Scheme::AdobeIoLegacy), b"{}"), LEGACY);
        assert_eq!(header(&signer(Scheme::Bearer), b"{}"), "Bearer 0123456789abcdef");
        let key = Signer::key(KEY, "/k.pem".into(), "C1".into()).unwrap();
        assert_eq!(header(&key, b"{}"), RSA);
    }

    #[test]
    fn adobes_events_are_in_envelopes_and_the_same_again_has_the_same_id() {
        let key = Signer::key(KEY, "/k.pem".into(), "C1".into()).unwrap();
        let one = key.wrapped(json!({"a": 1}));
        assert_eq!(one["event"], json!({"a": 1}));
        assert_eq!(one["recipient_client_id"], "C1");
        assert_eq!(one, key.wrapped(json!({"a": 1})));
        assert_ne!(one["event_id"], key.wrapped(json!({"a": 2}))["event_id"]);
        let bearer = Signer::secret(Scheme::Bearer, "x".into(), None);
        assert_eq!(bearer.wrapped(json!({"a": 1})), json!({"a": 1}));
    }

    const OWN: &str =
        "t=1795255200,v1=f5a259f1d33c55cc73ff3720cc85aa7dacd0bd63b647f7a111c4abfbd1c36aa5";
    const LEGACY: &str = "+R4+nwXMLfZKwcJvitzN/9qNHkp6jFChoI7q2sbd/sU=";
    const RSA: &str = "aoHQV2/BRfnhLiLitjm2j9+EG3vywl+9WE8sA+NfRS0C6ILZLVTma/+27bo5bd/vKO5psEXflCsAZY/DjkPqhEpOaLpEFFYh4Ky9R2fkDSj00Pa5eLLm9oK8ZiAH8ZUQ13w+j0wLj+O3r4alpwVXVx22fLt99jZjkOT52pEpMqeRYH+5qlXZYs87tQi6+Sqw4th7TL7V9OeUuxA7bp4pKG6McUoYdTGQtzzDodQTgGIEkH5OF1WDCWIlK33CyS+xJcDHbg7iAk6/HGgxA18ZDVf6R8e1l38RSRGVFALZGItAdUfLt44ZoVgY1NUtsXi/7K/r8U9CSfdqYGYhIJzYJQ==";
}
