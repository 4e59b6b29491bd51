//! Who made a request: four schemes by which a source can show that it did, each over the bytes of
//! the body as they came.
//!
//! **Invariants.** No I/O and no clock: the time is handed in, and so is a key that must be fetched.
//! What is secret is compared in constant time; it can neither be printed nor is it in an error.
//! Which scheme decides is known before anything is verified ([`deciding`]), so that a weaker proof
//! put beside a stronger one changes nothing.

pub mod adobe_io;
pub mod adobe_legacy;
pub mod bearer;
mod mac;
pub mod own;
mod sources;

pub use sources::{NoSources, Sources};

use http::HeaderMap;

/// Why a request is not taken for any source's. It is for the log: a sender is not told which it was,
/// for that would help whoever tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There is no header of any scheme.
    #[error("the request has no signature of any kind")]
    Unsigned,
    /// There are headers, of schemes that no source is configured for.
    #[error("no source is configured for the kind of its signature")]
    NoSource,
    /// A header is not of its form, or there twice.
    #[error("the header {0} is missing, given twice or not of its form")]
    Malformed(&'static str),
    /// It was signed too long ago, or by a clock that is ahead: by how many seconds.
    #[error("it was signed {0} seconds away from now")]
    Expired(i64),
    /// No secret or key makes this signature of this body.
    #[error("no secret or key of a configured source makes its signature")]
    NoMatch,
    /// It is signed, and meant for another than us.
    #[error("an event in it is meant for another client id")]
    OtherRecipient,
}

impl Flaw {
    /// Whether the request may be taken once the sources are what they are by now: a secret or a
    /// client id may be newer than those that were held against it.
    #[must_use]
    pub fn may_be_of_a_newer_source(self) -> bool {
        matches!(self, Self::NoSource | Self::NoMatch | Self::OtherRecipient)
    }
}

/// A way to show who made a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Adobe I/O Events' digital signatures, with keys that Adobe publishes.
    AdobeIo,
    /// Adobe I/O Events' older signature, with the client secret.
    AdobeLegacy,
    /// Our own signature, with a time in it.
    Own,
    /// A bearer token, which signs nothing.
    Bearer,
}

impl Scheme {
    /// All schemes, in the order in which they decide.
    pub const ALL: [Self; 4] = [Self::AdobeIo, Self::AdobeLegacy, Self::Own, Self::Bearer];

    /// Its name in the configuration of a source.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AdobeIo => "adobe-io",
            Self::AdobeLegacy => "adobe-io-legacy",
            Self::Own => "flightpulse",
            Self::Bearer => "bearer",
        }
    }

    fn is_shown_in(self, headers: &HeaderMap) -> bool {
        match self {
            Self::AdobeIo => adobe_io::HEADERS.iter().any(|(name, _)| headers.contains_key(*name)),
            Self::AdobeLegacy => headers.contains_key(adobe_legacy::HEADER),
            Self::Own => headers.contains_key(own::HEADER),
            Self::Bearer => bearer::is_shown_in(headers),
        }
    }
}

/// The scheme that alone decides about a request: the first in order that the request has headers of
/// and that a source is configured for.
///
/// # Errors
/// [`Flaw::Unsigned`], [`Flaw::NoSource`]
pub fn deciding(headers: &HeaderMap, sources: &Sources) -> Result<Scheme, Flaw> {
    let mut shown = Scheme::ALL.into_iter().filter(|scheme| scheme.is_shown_in(headers)).peekable();
    if shown.peek().is_none() {
        return Err(Flaw::Unsigned);
    }
    shown.find(|scheme| sources.has(*scheme)).ok_or(Flaw::NoSource)
}

/// The one value of a header. A header that is there twice could be read by one as the first and by
/// another as the last, so it is none.
fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Flaw> {
    let mut values = headers.get_all(name).iter();
    match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(Flaw::Malformed(name)),
    }
}
