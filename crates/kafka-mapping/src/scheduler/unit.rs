//! What waits for its turn: records of a partition, and batches with what stands behind them.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use super::Task;
use crate::batch::{Batch, Measured};
use crate::event::TopicPartition;

#[derive(Debug)]
pub(super) struct Queued {
    pub(super) record: Measured,
    pub(super) arrived: Instant,
    /// What may be committed once the record is done: the offset after it and after the records
    /// behind it that the filters hold back.
    pub(super) next: i64,
}

#[derive(Debug)]
pub(super) struct Lane {
    pub(super) epoch: u64,
    pub(super) queue: VecDeque<Queued>,
    /// What the queue adds to an event, in bytes.
    pub(super) bytes: usize,
    pub(super) paused: bool,
    /// What may be committed once the batch under way is done: records held back came after it.
    pub(super) skipped: Option<i64>,
}

/// Records that go when those before them are done.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub(super) batch: Batch,
    pub(super) attempts: u32,
    pub(super) failures: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) batch: Batch,
    /// Invocations so far.
    pub(super) attempts: u32,
    /// Failures of the function with the unit's first record.
    pub(super) failures: u32,
    /// Failures of any kind in a row; sets the pause.
    pub(super) tries: u32,
    pub(super) due: Instant,
    pub(super) task: Task,
    /// What follows this task, the next at the end: records beside those that are too old, and
    /// second halves of a split partition. A batch that is invoked with something behind it has
    /// one partition.
    pub(super) rest: Vec<Rest>,
}

impl Unit {
    pub(super) fn of(batch: Batch, due: Instant) -> Self {
        let (task, rest) = (Task::Invoke, Vec::new());
        Self { batch, attempts: 0, failures: 0, tries: 0, due, task, rest }
    }

    pub(super) fn batches(&mut self) -> impl Iterator<Item = &mut Batch> {
        std::iter::once(&mut self.batch).chain(self.rest.iter_mut().map(|rest| &mut rest.batch))
    }

    pub(super) fn partitions(&self) -> BTreeSet<TopicPartition> {
        let behind = self.rest.iter().flat_map(|rest| rest.batch.slices.keys());
        self.batch.slices.keys().chain(behind).cloned().collect()
    }
}
