//! The port to files of exports and to the reports on them, over S3 and in memory.
//!
//! **Invariants.** A file is read as it was when it was first looked at, or not at all: one that was
//! replaced meanwhile is another file. It is read by ranges, each a call of its own, so that no
//! connection is held open while what was read is worked off.

mod key;
pub mod memory;
pub mod s3;

pub use key::decoded_key;

use bytes::Bytes;
use flightpulse_domain::reconciliation::Delivered;
use std::future::Future;
use std::ops::Range;

/// A file, as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its content, by S3's tag of it.
    pub etag: String,
}

/// Why a file could not be read or written; the variants are what a caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It is not there: nothing can be read of it.
    #[error("{0} is not there: it was deleted, or never was")]
    Gone(String),
    /// It is another file by now: what was read of it is of no use.
    #[error("{0} was replaced while it was read")]
    Changed(String),
    /// The deployment does not allow it: the same call succeeds once someone has mended that.
    #[error("the bucket does not let us: {0}")]
    NotAllowed(String),
    /// Throttled, unreachable or failing: ask again later.
    #[error("the bucket did not answer: {0}")]
    Unavailable(String),
}

impl ExportError {
    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Reads files of exports.
pub trait ExportReader: Send + Sync {
    /// Looks at a file.
    fn look(
        &self,
        bucket: &str,
        key: &str,
    ) -> impl Future<Output = Result<StoredFile, ExportError>> + Send;

    /// A range of a file's bytes, within its size; none of it is left out.
    fn bytes(
        &self,
        file: &StoredFile,
        range: Range<u64>,
    ) -> impl Future<Output = Result<Bytes, ExportError>> + Send;

    /// The files whose keys begin with a text, up to `limit`; the folder of one export has some
    /// hundreds.
    fn list(
        &self,
        bucket: &str,
        prefix: &str,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Delivered>, ExportError>> + Send;
}

/// Writes reports, and rows that were rejected.
pub trait ReportWriter: Send + Sync {
    /// Puts a file into the bucket of exports, in place of one that was there.
    fn put(
        &self,
        key: &str,
        content_type: &str,
        content: Vec<u8>,
    ) -> impl Future<Output = Result<(), ExportError>> + Send;
}
