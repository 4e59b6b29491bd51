//! Adobe I/O Events' digital signatures: RSA (PKCS#1 v1.5) with SHA-256 over the body, in base64, by
//! two keys. The request says at which path of Adobe's host each key is; either signature will do.
//!
//! Adobe signs what it sends to all of its customers with the same keys, so a signature says that
//! Adobe sent it, not that it is meant for us: the events' client id does.

use crate::sources::Source;
use crate::{Flaw, Sources, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject;
use webpki::RawPublicKeyEntity;
use webpki::ring::RSA_PKCS1_2048_8192_SHA256;

/// The headers: a signature's, and that of the path of its key.
pub const HEADERS: [(&str, &str); 2] = [
    ("x-adobe-digital-signature-1", "x-adobe-public-key1-path"),
    ("x-adobe-digital-signature-2", "x-adobe-public-key2-path"),
];
/// Bytes of a signature, by keys of 2,048 to 8,192 bits. What has others need not have its key
/// fetched.
const SIGNATURE_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;

/// A signature as the request has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'a> {
    bytes: Vec<u8>,
    /// Where its key is said to be. Nothing about it has been checked.
    pub key_path: &'a str,
    /// The header that says so.
    pub path_header: &'static str,
}

impl Signature<'_> {
    /// Whether this key made it, of this body.
    #[must_use]
    pub fn is_by(&self, key: &PublicKey, body: &[u8]) -> bool {
        let key = RawPublicKeyEntity::try_from(&key.info);
        key.is_ok_and(|key| {
            key.verify_signature(RSA_PKCS1_2048_8192_SHA256, body, &self.bytes).is_ok()
        })
    }
}

/// The signatures of a request that have the form of one.
///
/// # Errors
/// The [`Flaw`] of the first that has not, when none has.
pub fn signatures(headers: &HeaderMap) -> Result<Vec<Signature<'_>>, Flaw> {
    let there = HEADERS.into_iter().filter(|(name, _)| headers.contains_key(*name));
    let (mut signatures, mut flaw) = (Vec::new(), Flaw::Unsigned);
    for (name, path) in there {
        match signature(headers, name, path) {
            Ok(signature) => signatures.push(signature),
            Err(of_this) if flaw == Flaw::Unsigned => flaw = of_this,
            Err(_) => {}
        }
    }
    if signatures.is_empty() { Err(flaw) } else { Ok(signatures) }
}

fn signature<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
    path: &'static str,
) -> Result<Signature<'a>, Flaw> {
    let bytes = STANDARD.decode(header(headers, name)?).ok();
    let bytes = bytes.filter(|bytes| SIGNATURE_BYTES.contains(&bytes.len()));
    let bytes = bytes.ok_or(Flaw::Malformed(name))?;
    Ok(Signature { bytes, key_path: header(headers, path)?, path_header: path })
}

/// The name of the source whose client id this is.
#[must_use]
pub fn source<'s>(client_id: &str, sources: &'s Sources) -> Option<&'s str> {
    sources.iter().find_map(|(name, source)| match source {
        Source::AdobeIo { client_id: ours } if ours == client_id => Some(name),
        _ => None,
    })
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    info: SubjectPublicKeyInfoDer<'static>,
}

/// What should be a public key, and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no public key in PEM")]
pub struct NoKey;

impl PublicKey {
    /// Reads a key in PEM, as in `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    /// [`NoKey`]. A key of another kind than RSA, or a short one, is a key; it verifies nothing.
    pub fn from_pem(pem: &[u8]) -> Result<Self, NoKey> {
        let info = SubjectPublicKeyInfoDer::from_pem_slice(pem).map_err(|_| NoKey)?;
        RawPublicKeyEntity::try_from(&info).map_err(|_| NoKey)?;
        Ok(Self { info })
    }
}
