//! The port to how far histories have been read.

use crate::{StoreError, Written};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// How far a history has been read for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// Nothing that happened earlier is looked for again, UTC.
    pub watermark: Timestamp,
    /// When that was noted, UTC.
    pub noted_at: Timestamp,
}

/// Notes how far histories have been read. A history's name says all that tells it from others.
pub trait Watermarks: Send + Sync {
    /// How far a history has been read; none when nothing of it was.
    fn watermark(
        &self,
        history: &str,
    ) -> impl Future<Output = Result<Option<Watermark>, StoreError>> + Send;

    /// Notes how far it has been read by now. Refused when somebody else has noted something since
    /// `read` was read.
    fn note_watermark(
        &self,
        history: &str,
        read: Option<&Watermark>,
        now: &Watermark,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;
}
