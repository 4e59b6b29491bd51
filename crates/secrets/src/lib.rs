//! The port to one secret.
//!
//! **Invariants.** Nothing here can be printed, so a secret is in no log; an error names the secret
//! and never its value.

mod kept;
pub mod memory;
pub mod secrets_manager;

pub use kept::{Kept, Secret};

use std::future::Future;

/// Why a secret could not be read. Either way the caller has none.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Throttled, unreachable or failing: ask again later.
    #[error("the secret could not be read: {0}")]
    Unavailable(String),
    /// It is not there, is no text, or may not be read: a defect of the deployment.
    #[error("the secret is not to be had: {0}")]
    Refused(String),
}

/// Reads a secret, as its newest version stands.
pub trait SecretReader: Send + Sync {
    /// The secret's text.
    fn read(&self) -> impl Future<Output = Result<String, SecretError>> + Send;
}
