//! The mapping's decisions, without I/O or clock: which records go out together, what an answer
//! does to them, when they go again.
//!
//! Two promises, held by property tests: within a partition records go out in offset order and
//! never in two batches at once; and an offset is given up for commit only when every record
//! before it has succeeded or reached the destination.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use crate::batch::{Limits, Measured};
use crate::event::{EventRecord, Source, TopicPartition};
use crate::retry::RetryPolicy;

mod cut;
mod job;
mod settle;
mod unit;

pub use job::{Condition, Job, Now, Outcome, Settled, Task};
use unit::{Lane, Queued, Rest, Unit};

/// The state of one mapping.
#[derive(Debug)]
pub struct Scheduler {
    limits: Limits,
    retry: RetryPolicy,
    source: Source,
    max_concurrency: usize,
    lanes: BTreeMap<TopicPartition, Lane>,
    /// Partitions with a batch under way or waiting to go again. It outlives a rebalance, so
    /// that a partition that comes back does not meet its own older batch.
    busy: BTreeSet<TopicPartition>,
    waiting: Vec<Unit>,
    in_flight: HashMap<u64, Unit>,
    next_id: u64,
}

impl Scheduler {
    /// A mapping without partitions.
    pub fn new(limits: Limits, retry: RetryPolicy, source: Source, max_concurrency: usize) -> Self {
        Self {
            limits,
            retry,
            source,
            max_concurrency: max_concurrency.max(1),
            lanes: BTreeMap::new(),
            busy: BTreeSet::new(),
            waiting: Vec::new(),
            in_flight: HashMap::new(),
            next_id: 0,
        }
    }

    /// Jobs handed out and not finished.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// A partition is ours from now on.
    pub fn assign(&mut self, partition: TopicPartition) {
        self.next_id += 1;
        let (epoch, queue) = (self.next_id, VecDeque::new());
        let lane = Lane { epoch, queue, bytes: 0, paused: false, skipped: None };
        self.lanes.insert(partition, lane);
    }

    /// A partition is no longer ours: what is queued or waiting of it is forgotten (the new owner
    /// reads it again), and what is under way will not be committed.
    pub fn revoke(&mut self, partition: &TopicPartition) {
        self.lanes.remove(partition);
        for unit in &mut self.waiting {
            let removed = unit.batches().filter_map(|batch| batch.slices.remove(partition)).count();
            if removed > 0 {
                self.busy.remove(partition);
            }
        }
        self.waiting.retain(|unit| !unit.partitions().is_empty());
    }

    /// A record was fetched. One of a partition that is not ours is dropped.
    pub fn push(&mut self, record: EventRecord, now: Now) {
        if let Some(lane) = self.lanes.get_mut(&record.topic_partition()) {
            let record = Measured::new(record);
            lane.bytes += record.bytes + 1;
            let next = record.record.offset + 1;
            lane.queue.push_back(Queued { record, arrived: now.instant, next });
        }
    }

    /// A record was fetched that the filters hold back: it is done once all before it are. Gives
    /// what may be committed at once.
    pub fn skip(&mut self, partition: &TopicPartition, offset: i64) -> Option<i64> {
        let busy = self.busy.contains(partition);
        let lane = self.lanes.get_mut(partition)?;
        let next = offset + 1;
        match lane.queue.back_mut() {
            Some(last) => last.next = next,
            None if busy => lane.skipped = Some(next),
            None => return Some(next),
        }
        None
    }

    /// Partitions to stop fetching and to fetch again, so that memory stays bounded while a
    /// function is slow or fails.
    pub fn flow(&mut self) -> (Vec<TopicPartition>, Vec<TopicPartition>) {
        let high = (self.limits.max_records * 4).max(64);
        let (mut pause, mut resume) = (Vec::new(), Vec::new());
        for (partition, lane) in &mut self.lanes {
            let (count, bytes) = (lane.queue.len(), lane.bytes);
            let full = self.limits.max_payload_bytes * 2;
            if !lane.paused && (count > high || bytes > full) {
                lane.paused = true;
                pause.push(partition.clone());
            } else if lane.paused && count <= high / 2 && bytes <= full / 2 {
                lane.paused = false;
                resume.push(partition.clone());
            }
        }
        (pause, resume)
    }

    /// The next job that is due, if any.
    pub fn next(&mut self, now: Now) -> Option<Job> {
        if self.in_flight.len() >= self.max_concurrency {
            return None;
        }
        let due = (0..self.waiting.len())
            .filter(|&i| self.waiting[i].due <= now.instant)
            .min_by_key(|&i| self.waiting[i].due);
        if let Some(index) = due {
            let unit = self.waiting.swap_remove(index);
            return Some(self.dispatch(unit, now));
        }
        let batch = self.full(now).then(|| self.cut())?;
        self.busy.extend(batch.slices.keys().cloned());
        let unit = Unit::of(batch, now.instant);
        Some(self.dispatch(unit, now))
    }

    /// When `next` may have something without anything else happening.
    pub fn wake_at(&self) -> Option<Instant> {
        if self.in_flight.len() >= self.max_concurrency {
            return None;
        }
        let heads = self.idle().filter_map(|(_, lane)| lane.queue.front());
        let windows = heads.map(|head| head.arrived + self.limits.window);
        windows.chain(self.waiting.iter().map(|unit| unit.due)).min()
    }
}

#[cfg(test)]
mod tests;
