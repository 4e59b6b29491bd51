//! The port to the text writer, over Bedrock Converse and in memory.

pub mod bedrock;
pub mod memory;

use flightpulse_domain::message::Draft;
use flightpulse_domain::message::prompt::Prompt;
use std::future::Future;

/// Why no text came. The caller uses its template for each of them; they are told apart for the
/// metric and the log line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The writer did not answer within the time that it was given.
    #[error("the model did not answer in time")]
    TimedOut,
    /// The writer has too much to do.
    #[error("the model is throttled: {0}")]
    Throttled(String),
    /// The writer failed or is not to be reached.
    #[error("the model failed: {0}")]
    Failed(String),
    /// What came is not what was asked for.
    #[error("the model's answer is not what was asked for: {0}")]
    Unusable(String),
}

impl WriteError {
    /// A word for the log line.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TimedOut => "timed_out",
            Self::Throttled(_) => "throttled",
            Self::Failed(_) => "failed",
            Self::Unusable(_) => "unusable",
        }
    }
}

/// What was written, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The prose, unchecked.
    pub draft: Draft,
    /// Tokens of the prompt.
    pub input_tokens: i64,
    /// Tokens of the answer.
    pub output_tokens: i64,
}

/// Writes texts.
pub trait TextWriter: Send + Sync {
    /// Writes the texts that a prompt asks for, within the writer's time budget.
    fn write(&self, prompt: &Prompt) -> impl Future<Output = Result<Writing, WriteError>> + Send;
}
