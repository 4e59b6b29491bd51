//! The port to a host that publishes public keys, over HTTPS and in memory.
//!
//! **Invariant.** A request names the path of a key, and whoever forges one names what they like: a
//! path can only ever lead to the one host that is configured, and no answer leads to another.

pub mod https;
pub mod memory;

use std::future::Future;

/// The path of a key on its host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(String);

/// What cannot be the path of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no path of a key: /, then letters, digits, '.', '_' and '-', without '..' or '//'")]
pub struct NoPath;

impl KeyPath {
    /// The most characters of a path.
    pub const MAX: usize = 200;

    /// The path of this text.
    ///
    /// # Errors
    /// [`NoPath`] for whatever could name another host, climb, carry a query or be read in two ways.
    pub fn new(text: &str) -> Result<Self, NoPath> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
        let path = text.starts_with('/')
            && (2..=Self::MAX).contains(&text.len())
            && text.bytes().all(plain)
            && !text.contains("..")
            && !text.contains("//");
        if path { Ok(Self(text.to_owned())) } else { Err(NoPath) }
    }

    /// The path, with the slash before it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The host says that there is none at this path.
    #[error("the host has no key there: it answered {0}")]
    NotThere(u16),
    /// The host did not say: ask again later.
    #[error("the host of keys did not answer: {0}")]
    Unavailable(String),
}

/// A host that publishes keys.
pub trait KeyHost: Send + Sync {
    /// What is at a path, in at most two seconds. Nobody has looked at it.
    fn fetch(&self, path: &KeyPath) -> impl Future<Output = Result<Vec<u8>, KeyError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("/prod/keys/pub-key-3fVHWz1V1q.pem", true)]
    #[case("/k", true)]
    #[case("/a.b_c-d/E9", true)]
    #[case("/", false)]
    #[case("", false)]
    #[case("prod/keys/key.pem", false)]
    // Other hosts.
    #[case("//evil.example/key.pem", false)]
    #[case("https://evil.example/key.pem", false)]
    #[case("@evil.example/key.pem", false)]
    #[case("/@evil.example", false)]
    #[case(".evil.example/key.pem", false)]
    #[case(":8080/key.pem", false)]
    #[case("/\\evil.example", false)]
    // Climbing, queries, encodings, ends of lines.
    #[case("/keys/../secret", false)]
    #[case("/keys/..", false)]
    #[case("/keys/%2e%2e/secret", false)]
    #[case("/keys//key.pem", false)]
    #[case("/key.pem?x=1", false)]
    #[case("/key.pem#x", false)]
    #[case("/key.pem\r\nhost: evil.example", false)]
    #[case("/key.pem ", false)]
    #[case("/schlüssel.pem", false)]
    fn a_path_leads_to_the_host_alone(#[case] text: &str, #[case] is_path: bool) {
        assert_eq!(KeyPath::new(text).is_ok(), is_path);
    }

    #[test]
    fn a_path_is_not_too_long() {
        assert!(KeyPath::new(&format!("/{}", "k".repeat(199))).is_ok());
        assert_eq!(KeyPath::new(&format!("/{}", "k".repeat(200))), Err(NoPath));
    }

    proptest! {
        // Whatever passes, a parser of addresses finds the configured host and this path in it.
        #[test]
        fn what_passes_is_the_path_of_the_address(text in "[/]?[ -~]{0,40}|/[a-z/._-]{0,20}") {
            if let Ok(path) = KeyPath::new(&text) {
                let address: http::Uri = format!("https://keys.example{text}").parse().unwrap();
                prop_assert_eq!(address.host(), Some("keys.example"));
                prop_assert_eq!(address.path_and_query().unwrap().as_str(), path.as_str());
            }
        }
    }
}
