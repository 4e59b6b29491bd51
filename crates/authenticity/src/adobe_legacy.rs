//! Adobe I/O Events' older signature: `x-adobe-signature`, base64 of the HMAC-SHA256 of the body
//! under the client secret. There is no time in it.

use crate::sources::Source;
use crate::{Flaw, Sources, header, mac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

/// The header.
pub const HEADER: &str = "x-adobe-signature";

/// The name of the source that signed, and the client id that its events must be meant for, where it
/// names one.
///
/// # Errors
/// The [`Flaw`] of the request.
pub fn source<'s>(
    headers: &HeaderMap,
    body: &[u8],
    sources: &'s Sources,
) -> Result<(&'s str, Option<&'s str>), Flaw> {
    let bytes = STANDARD.decode(header(headers, HEADER)?).ok();
    let shown = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(Flaw::Malformed(HEADER))?;
    let made_by = |(name, source): (&'s str, &'s Source)| match source {
        Source::AdobeLegacy { client_id, secrets }
            if secrets.any(|secret| mac::is(&shown, secret.as_bytes(), &[body])) =>
        {
            Some((name, client_id.as_deref()))
        }
        _ => None,
    };
    sources.iter().find_map(made_by).ok_or(Flaw::NoMatch)
}
