//! The sources that may send, as one secret says them: a JSON object in which each key is a source's
//! name.
//!
//! ```json
//! {
//!   "forwarder": "a secret of our own scheme",
//!   "partner": {"scheme": "flightpulse", "secrets": ["the new secret", "the old secret"]},
//!   "destination": {"scheme": "bearer", "secrets": ["a token"]},
//!   "adobe": {"scheme": "adobe-io", "client_id": "0123456789abcdef"},
//!   "adobe-old": {"scheme": "adobe-io-legacy", "client_id": "0123456789abcdef", "secrets": ["…"]}
//! }
//! ```

use crate::Scheme;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most secrets that a source may have at once: the new and the old, while one is changed.
const MAX_SECRETS: usize = 2;
/// Bytes of a secret; fewer could be guessed.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 16..=1_024;
const MAX_NAME: usize = 64;
const MAX_CLIENT_ID: usize = 128;

/// Why there are no sources. It names the source and never quotes what is configured for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSources {
    /// The whole is not what it must be.
    #[error("the sources are no JSON object with a name for each")]
    Form,
    /// One of them is not.
    #[error("the source {name} {why}")]
    Source {
        /// Its name, where it can be shown.
        name: String,
        /// What it must be.
        why: &'static str,
    },
}

pub(crate) enum Source {
    Own(Secrets),
    Bearer(Secrets),
    AdobeIo { client_id: String },
    AdobeLegacy { client_id: Option<String>, secrets: Secrets },
}

impl Source {
    fn scheme(&self) -> Scheme {
        match self {
            Self::Own(_) => Scheme::Own,
            Self::Bearer(_) => Scheme::Bearer,
            Self::AdobeIo { .. } => Scheme::AdobeIo,
            Self::AdobeLegacy { .. } => Scheme::AdobeLegacy,
        }
    }

    fn read(value: Value) -> Result<Self, &'static str> {
        let mut fields = match value {
            Value::String(secret) => return Ok(Self::Own(Secrets::new(vec![secret])?)),
            Value::Object(fields) => fields,
            _ => return Err("is neither a secret nor an object"),
        };
        let Some(Value::String(scheme)) = fields.remove("scheme") else {
            return Err("has no scheme");
        };
        let source = match Scheme::ALL.into_iter().find(|known| known.name() == scheme) {
            Some(Scheme::Own) => Self::Own(Secrets::of(&mut fields)?),
            Some(Scheme::Bearer) => Self::Bearer(Secrets::of(&mut fields)?),
            Some(Scheme::AdobeIo) => {
                let client_id = client_id(&mut fields)?;
                Self::AdobeIo { client_id: client_id.ok_or("has no client_id")? }
            }
            Some(Scheme::AdobeLegacy) => Self::AdobeLegacy {
                client_id: client_id(&mut fields)?,
                secrets: Secrets::of(&mut fields)?,
            },
            None => {
                return Err(
                    "has a scheme that is none of flightpulse, bearer, adobe-io, adobe-io-legacy",
                );
            }
        };
        // A field with its name misspelt must not look as if it were heard.
        if fields.is_empty() {
            Ok(source)
        } else {
            Err("has a field that its scheme does not have")
        }
    }
}

fn client_id(fields: &mut Map<String, Value>) -> Result<Option<String>, &'static str> {
    match fields.remove("client_id") {
        None => Ok(None),
        Some(Value::String(id)) if is_visible(&id) && id.len() <= MAX_CLIENT_ID => Ok(Some(id)),
        Some(_) => Err("has a client_id that is none"),
    }
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    fn new(secrets: Vec<String>) -> Result<Self, &'static str> {
        if !(1..=MAX_SECRETS).contains(&secrets.len()) {
            return Err("must have one secret, or two while one is changed");
        }
        // A space or a new line at the end is the likeliest error of all, and the hardest to see.
        let good = |secret: &String| SECRET_BYTES.contains(&secret.len()) && is_visible(secret);
        match secrets.iter().all(good) {
            true => Ok(Self(secrets)),
            false => Err("has a secret that is not 16 to 1024 visible ASCII characters"),
        }
    }

    fn of(fields: &mut Map<String, Value>) -> Result<Self, &'static str> {
        let Some(Value::Array(values)) = fields.remove("secrets") else {
            return Err("has no list of secrets");
        };
        let text = |value| if let Value::String(text) = value { Some(text) } else { None };
        let texts: Option<Vec<_>> = values.into_iter().map(text).collect();
        Self::new(texts.ok_or("has a secret that is no text")?)
    }

    pub(crate) fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|secret| is(secret))
    }
}

/// The sources that may send.
pub struct Sources(BTreeMap<String, Source>);

impl Sources {
    /// Reads the secret.
    ///
    /// # Errors
    /// [`NoSources`]: with one source unreadable there are none, so that it is noticed.
    pub fn read(json: &[u8]) -> Result<Self, NoSources> {
        let sources: Map<String, Value> =
            serde_json::from_slice(json).map_err(|_| NoSources::Form)?;
        let read = |(name, value): (String, Value)| {
            let is_name = is_visible(&name) && name.len() <= MAX_NAME;
            let source = match is_name {
                true => Source::read(value),
                false => Err("must have a name of 1 to 64 visible ASCII characters"),
            };
            let shown = if is_name { name.clone() } else { "without a proper name".to_owned() };
            source
                .map(|source| (name, source))
                .map_err(|why| NoSources::Source { name: shown, why })
        };
        sources.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn has(&self, scheme: Scheme) -> bool {
        self.0.values().any(|source| source.scheme() == scheme)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.0.iter().map(|(name, source)| (name.as_str(), source))
    }
}
