//! How a function fails: with a fixed `errorType` that a workflow's Retry and Catch name.

use lambda_runtime::Diagnostic;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a function could not do its work; the variants are what its caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Something it needs did not answer: try again later.
    #[error("{0}")]
    Unavailable(String),
    /// It was asked for what cannot be: trying again does not help.
    #[error("{0}")]
    InvalidInput(String),
    /// The flight is not in the table: it can be tried again once it is.
    #[error("{0}")]
    UnknownFlight(String),
    /// The item changed under our hands every time: try again.
    #[error("{0}")]
    Contended(String),
    /// An operator holds it: try again until it is released.
    #[error("{0}")]
    Held(String),
    /// A defect of ours or of the deployment: someone must look.
    #[error("{0}")]
    Defect(String),
}

impl Failure {
    /// Every name that [`Failure::error_type`] gives.
    pub const ERROR_TYPES: [&str; 6] =
        ["Unavailable", "InvalidInput", "UnknownFlight", "Contended", "Held", "Defect"];

    /// Reads a task's input.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] that says what is wrong with it.
    pub fn input<T: DeserializeOwned>(payload: Value) -> Result<T, Self> {
        serde_json::from_value(payload).map_err(|error| {
            Self::InvalidInput(format!("the input is not what it must be: {error}"))
        })
    }

    /// A failed call of something that the function needs: worth another try when the failure is
    /// transient, a defect otherwise.
    #[must_use]
    pub fn of_call(error: &impl std::fmt::Display, is_transient: bool) -> Self {
        let text = error.to_string();
        if is_transient { Self::Unavailable(text) } else { Self::Defect(text) }
    }

    /// The name under which a state machine knows the failure.
    #[must_use]
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "Unavailable",
            Self::InvalidInput(_) => "InvalidInput",
            Self::UnknownFlight(_) => "UnknownFlight",
            Self::Contended(_) => "Contended",
            Self::Held(_) => "Held",
            Self::Defect(_) => "Defect",
        }
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: failure.error_type().to_owned(), error_message: failure.to_string() }
    }
}

impl From<crate::env::Missing> for Failure {
    fn from(missing: crate::env::Missing) -> Self {
        Self::Defect(missing.to_string())
    }
}
