//! What runs and their attempts are called.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A run's id: its time and a hash of the execution, so that ids are in the order of time.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct RunId(String);

/// Why a text is no run's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a run's id is its time and eight hexadecimal digits, like 20261130T201500Z-3f2a9c1b")]
pub struct NoRunId;

impl RunId {
    /// What every id matches, as a regular expression for documents.
    pub const PATTERN: &'static str = "^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$";

    /// The id of a run that an execution makes, by a hash of our own. The workflow chooses one of the same
    /// form itself.
    #[must_use]
    pub fn of(execution: &str, started_at: Timestamp) -> Self {
        Self(format!("{}-{}", started_at.strftime("%Y%m%dT%H%M%SZ"), hash(execution)))
    }

    /// Takes a text as an id.
    ///
    /// # Errors
    /// [`NoRunId`] when it is none.
    pub fn new(text: impl Into<String>) -> Result<Self, NoRunId> {
        let text = text.into();
        let is_id = text.len() == 25
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 => byte == b'T',
                15 => byte == b'Z',
                16 => byte == b'-',
                17.. => is_of_a_hash(byte),
                _ => byte.is_ascii_digit(),
            });
        if is_id { Ok(Self(text)) } else { Err(NoRunId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RunId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RunId {
    type Error = NoRunId;
    fn try_from(text: String) -> Result<Self, NoRunId> {
        Self::new(text)
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

/// One attempt at a run: one execution of the workflow. A run that is made again has another; a
/// request to do so that is delivered twice makes two at once, of which the later one counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Attempt(String);

/// Why a text names no attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an attempt is eight hexadecimal digits, like 3f2a9c1b")]
pub struct NoAttempt;

impl Attempt {
    /// The attempt that an execution is.
    #[must_use]
    pub fn of(execution: &str) -> Self {
        Self(hash(execution))
    }
}

impl std::fmt::Display for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Attempt {
    type Error = NoAttempt;
    fn try_from(text: String) -> Result<Self, NoAttempt> {
        let is_one = text.len() == 8 && text.bytes().all(is_of_a_hash);
        if is_one { Ok(Self(text)) } else { Err(NoAttempt) }
    }
}

impl From<Attempt> for String {
    fn from(attempt: Attempt) -> Self {
        attempt.0
    }
}

/// Eight hexadecimal digits that tell executions apart.
fn hash(execution: &str) -> String {
    let hash = uuid::Uuid::new_v5(&crate::notification::NAMESPACE, execution.as_bytes());
    hash.simple().to_string()[..8].to_owned()
}

fn is_of_a_hash(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}
