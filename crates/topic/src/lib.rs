//! The port to the topic of flight operations, over Kafka and in memory.
//!
//! **Invariants.** A topic answers for each record by itself, in the order given. Records of one
//! key are in one partition, in the order given. What is answered as written is on all replicas
//! that are in step (`acks=all`). A record that is not answered as written may be there all the
//! same, and twice when it was tried again: whoever reads knows an event by its id.

pub mod kafka;
pub mod memory;
mod partition;

use std::collections::BTreeMap;
use std::future::Future;

/// A record to append.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRecord {
    /// Decides the partition; without one any will do.
    pub key: Option<Vec<u8>>,
    /// Its bytes; none is a record without a value.
    pub value: Option<Vec<u8>>,
    /// Its headers.
    pub headers: BTreeMap<String, Vec<u8>>,
}

impl NewRecord {
    /// Its bytes: key, value, and names and values of headers.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len());
        let parts = [&self.key, &self.value].into_iter().flatten().map(Vec::len);
        parts.chain(headers).sum()
    }
}

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its partition.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
}

/// Why a record was not written, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The brokers did not answer in time: try again later.
    #[error("the brokers did not take the record: {0}")]
    Unavailable(String),
    /// The brokers refuse it, or us: trying again does not help.
    #[error("the record is refused: {0}")]
    Refused(String),
}

/// Takes records.
pub trait Topic: Send + Sync {
    /// Appends records, and answers for each in the order given. After a record that could not be
    /// written no later one of its partition is tried, so that none overtakes it.
    fn append(
        &self,
        records: &[NewRecord],
    ) -> impl Future<Output = Vec<Result<Place, AppendError>>> + Send;
}
