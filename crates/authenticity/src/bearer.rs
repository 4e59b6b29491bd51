//! A bearer token: `Authorization: Bearer <secret>`. It signs nothing: whoever reads it can send what
//! they like, so it is for senders that cannot do better, as Adobe's HTTP API destination.

use crate::sources::Source;
use crate::{Flaw, Sources, header, mac};
use http::HeaderMap;
use http::header::AUTHORIZATION;

const HEADER: &str = "authorization";

fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether the request has a token. Other kinds of `Authorization` are nothing of ours.
pub(crate) fn is_shown_in(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    values.any(|value| value.to_str().ok().and_then(token).is_some())
}

/// The name of the source whose token it is.
///
/// # Errors
/// The [`Flaw`] of the request.
pub fn source<'s>(headers: &HeaderMap, sources: &'s Sources) -> Result<&'s str, Flaw> {
    let shown = token(header(headers, HEADER)?).ok_or(Flaw::Malformed(HEADER))?;
    let owned_by = |(name, source): (&'s str, &'s Source)| match source {
        Source::Bearer(secrets) if secrets.any(|secret| mac::same(shown, secret)) => Some(name),
        _ => None,
    };
    sources.iter().find_map(owned_by).ok_or(Flaw::NoMatch)
}
