//! The port to a history of booking events that is asked by time, over Adobe's Query Service and in
//! memory.
//!
//! **Invariant.** What is answered is all that the history has of a span, or it is said that it is too
//! much: never a part that could be taken for the whole.

#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
pub mod memory;
pub mod postgres;

use jiff::Timestamp;
use serde_json::Value;
use std::future::Future;
use std::time::Duration;

/// What a history has of a span of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// All of it, in the order of time: XDM events, or what stands in their place.
    Events(Vec<Value>),
    /// More than is read at once: ask for less time.
    TooMany,
    /// What would take longer to read than a query may: ask for less time, in a new session. This one
    /// may have the query under way still.
    TooSlow,
}

/// How long a query may take. Query Service gives up after ten minutes itself.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(240);

/// Why a history did not answer; the variants are what a caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// Unreachable, overloaded or too slow: ask again later.
    #[error("the history did not answer: {0}")]
    Unavailable(String),
    /// It does not let us in, is not who it should be, or has no such table: someone must look.
    #[error("the history is not to be had: {0}")]
    Refused(String),
}

/// A history that answers.
pub trait BookingHistory: Send + Sync {
    /// What it has from a moment on and before another, UTC.
    fn events(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<Found, HistoryError>> + Send;
}

/// Opens a history with what it asks of whoever reads it.
pub trait OpensHistory: Send + Sync {
    /// The history, once it is open.
    type History: BookingHistory;

    /// Signs in. `secret` is what Secrets Manager has for it.
    fn open(
        &self,
        secret: &str,
    ) -> impl Future<Output = Result<Self::History, HistoryError>> + Send;
}
