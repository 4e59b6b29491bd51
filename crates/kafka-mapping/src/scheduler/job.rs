//! The work that the scheduler hands out, and its results.

use std::time::Instant;

use crate::answer::{Fault, Verdict};
use crate::batch::Batch;
use crate::event::TopicPartition;

/// The time, given by the caller.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// For windows and pauses.
    pub instant: Instant,
    /// Milliseconds since the epoch, for the age of records.
    pub millis: i64,
}

impl Now {
    /// The machine's clocks.
    pub fn read() -> Self {
        Self { instant: Instant::now(), millis: jiff::Timestamp::now().as_millisecond() }
    }
}

/// Why records are given up. `RetryAttemptsExhausted` and `MaximumPayloadSizeExceeded` are named
/// in AWS's invocation record; the third name is ours, the documentation gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Condition {
    /// The function failed once more often than retries are allowed.
    RetryAttemptsExhausted,
    /// One record alone exceeds the payload of an invoke.
    MaximumPayloadSizeExceeded,
    /// The record is older than the mapping sends.
    RecordAgeExceeded,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Invoke the function with the batch.
    Invoke,
    /// Hand the batch to the on-failure destination.
    GiveUp(Condition),
}

/// A piece of work handed out; its result comes back by `id`.
#[derive(Clone, Debug)]
pub struct Job {
    /// Names the job in `finish`.
    pub id: u64,
    /// What to do.
    pub task: Task,
    /// With these records.
    pub batch: Batch,
    /// The invocations these records have had.
    pub attempts: u32,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered (or failed).
    Answered(Verdict),
    /// The call did not reach the function: tried again, but not counted as a retry. (AWS says of
    /// its stream mappings that retries do not cover throttles and service errors.)
    NotReached(Fault),
    /// The destination took the records, or there is none.
    GivenUp,
    /// The destination failed; nothing is lost, it is tried again.
    NotGivenUp,
}

/// What `finish` settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Offsets that may be committed.
    pub done: Vec<(TopicPartition, i64)>,
    /// Records that succeeded.
    pub succeeded: usize,
}
