//! What the mapping tells others about itself: a small JSON file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::files::write_atomic;

/// The mapping's phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not yet a member of the consumer group.
    #[default]
    Starting,
    /// A member of the group; its partitions may still be none if other members hold them.
    Ready,
    /// Ended in good order.
    Stopped,
}

/// One assigned partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionStatus {
    /// The topic's name.
    pub topic: String,
    /// The partition's number.
    pub partition: i32,
    /// The offset of the next record, as confirmed by the group's coordinator.
    pub committed: Option<i64>,
    /// The end of the log as last heard; at most about a second old.
    pub high_watermark: Option<i64>,
    /// `high_watermark - committed`.
    pub lag: Option<i64>,
}

/// The last thing that went wrong; it stays after recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastError {
    /// When, RFC 3339.
    pub at: String,
    /// What.
    pub message: String,
}

/// The whole file. Counters run from the start of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The mapping's phase.
    pub state: State,
    /// The process that wrote the file.
    pub pid: u32,
    /// The function's name.
    pub function: String,
    /// The topic's name.
    pub topic: String,
    /// The consumer group.
    pub group: String,
    /// `host:port`, several parted by commas.
    pub bootstrap_servers: String,
    /// Whether any broker is connected.
    pub brokers_connected: bool,
    /// The partitions that this member owns.
    pub assigned: Vec<PartitionStatus>,
    /// The sum of the known lags.
    pub lag: i64,
    /// Invocations under way.
    pub in_flight: usize,
    /// Invocations that brought an answer or an error, retries included.
    pub batches: u64,
    /// Records done: the function succeeded with them.
    pub records: u64,
    /// Records that the filters held back. They are done without an invocation.
    pub filtered_records: u64,
    /// Batches sent again, whole or in halves.
    pub retries: u64,
    /// Records handed to the on-failure destination.
    pub failed_records: u64,
    /// Records given up with no destination to take them.
    pub discarded_records: u64,
    /// The last thing that went wrong.
    pub last_error: Option<LastError>,
}

impl Status {
    /// Notes an error.
    pub fn error(&mut self, message: impl Into<String>) {
        let at = jiff::Timestamp::now().to_string();
        self.last_error = Some(LastError { at, message: message.into() });
    }

    /// Replaces the file in one step.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        write_atomic(path, &json)
    }
}
