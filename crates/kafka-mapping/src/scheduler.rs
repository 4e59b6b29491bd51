//! The mapping's decisions, without I/O or clock: which records go out together, what an answer
//! does to them, when they go again.
//!
//! Two promises, held by property tests: within a partition records go out in offset order and
//! never in two batches at once; and an offset is given up for commit only when every record
//! before it has succeeded or reached the destination.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use crate::answer::{Fault, Verdict};
use crate::batch::{Batch, Limits, Measured, Slice, envelope_bytes, slice_bytes};
use crate::event::{EventRecord, Source, TopicPartition};
use crate::retry::RetryPolicy;

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
        Self {
            instant: Instant::now(),
            millis: jiff::Timestamp::now().as_millisecond(),
        }
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

#[derive(Debug)]
struct Lane {
    epoch: u64,
    queue: VecDeque<(Measured, Instant)>,
    /// What the queue adds to an event, in bytes.
    bytes: usize,
    paused: bool,
}

#[derive(Clone, Debug)]
struct Unit {
    batch: Batch,
    /// Invocations so far.
    attempts: u32,
    /// Failures of the function with the unit's first record.
    failures: u32,
    /// Failures of any kind in a row; sets the pause.
    tries: u32,
    due: Instant,
    task: Task,
    /// Records of the same slices that are still to be invoked once this task is done.
    rest: Option<Batch>,
}

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
        let lane = Lane {
            epoch: self.next_id,
            queue: VecDeque::new(),
            bytes: 0,
            paused: false,
        };
        self.lanes.insert(partition, lane);
    }

    /// A partition is no longer ours: what is queued or waiting of it is forgotten (the new owner
    /// reads it again), and what is under way will not be committed.
    pub fn revoke(&mut self, partition: &TopicPartition) {
        self.lanes.remove(partition);
        for unit in &mut self.waiting {
            let here = unit.batch.slices.remove(partition).is_some();
            let rest = unit
                .rest
                .as_mut()
                .and_then(|rest| rest.slices.remove(partition))
                .is_some();
            if here || rest {
                self.busy.remove(partition);
            }
        }
        self.waiting.retain(|unit| {
            !unit.batch.slices.is_empty()
                || unit.rest.as_ref().is_some_and(|r| !r.slices.is_empty())
        });
    }

    /// A record was fetched. One of a partition that is not ours is dropped.
    pub fn push(&mut self, record: EventRecord, now: Now) {
        if let Some(lane) = self.lanes.get_mut(&record.topic_partition()) {
            let record = Measured::new(record);
            lane.bytes += record.bytes + 1;
            lane.queue.push_back((record, now.instant));
        }
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
        let unit = Unit {
            batch,
            attempts: 0,
            failures: 0,
            tries: 0,
            due: now.instant,
            task: Task::Invoke,
            rest: None,
        };
        Some(self.dispatch(unit, now))
    }

    /// When `next` may have something without anything else happening.
    pub fn wake_at(&self) -> Option<Instant> {
        if self.in_flight.len() >= self.max_concurrency {
            return None;
        }
        let heads = self.idle().filter_map(|(_, lane)| lane.queue.front());
        let windows = heads.map(|(_, arrived)| *arrived + self.limits.window);
        windows
            .chain(self.waiting.iter().map(|unit| unit.due))
            .min()
    }

    /// Takes the result of a job.
    pub fn finish(&mut self, id: u64, outcome: Outcome, now: Now) -> Settled {
        let Some(mut unit) = self.in_flight.remove(&id) else {
            return Settled::default();
        };
        for partition in unit
            .batch
            .slices
            .keys()
            .chain(unit.rest.iter().flat_map(|r| r.slices.keys()))
        {
            self.busy.remove(partition);
        }
        let lanes = &self.lanes;
        let current = |tp: &TopicPartition, slice: &mut Slice| {
            lanes.get(tp).is_some_and(|lane| lane.epoch == slice.epoch)
        };
        unit.batch.slices.retain(current);
        if let Some(rest) = &mut unit.rest {
            rest.slices.retain(current);
        }
        let mut settled = Settled::default();
        match outcome {
            Outcome::Answered(Verdict::Success) => {
                settled.succeeded = unit.batch.len();
                settled.done = ends(&unit.batch);
            }
            Outcome::Answered(Verdict::Partial(lowest)) => {
                self.partial(unit, &lowest, &mut settled, now);
            }
            Outcome::Answered(Verdict::Whole(_)) => self.again(unit, true, now),
            Outcome::NotReached(_) => {
                unit.attempts -= 1;
                self.again(unit, false, now);
            }
            Outcome::NotGivenUp => self.again(unit, false, now),
            Outcome::GivenUp => match unit.rest.take() {
                Some(rest) => {
                    let (full, empty) = rest
                        .slices
                        .into_iter()
                        .partition(|(_, s)| !s.records.is_empty());
                    settled.done = ends(&Batch { slices: empty });
                    let batch = Batch { slices: full };
                    self.wait(Unit {
                        batch,
                        task: Task::Invoke,
                        due: now.instant,
                        ..unit
                    });
                }
                None => settled.done = ends(&unit.batch),
            },
        }
        settled
    }

    fn partial(
        &mut self,
        unit: Unit,
        lowest: &BTreeMap<TopicPartition, i64>,
        settled: &mut Settled,
        now: Now,
    ) {
        for (partition, mut slice) in unit.batch.slices {
            let Some(&failed) = lowest.get(&partition) else {
                settled.succeeded += slice.records.len();
                settled.done.push((partition, slice.end));
                continue;
            };
            let before = slice.records.len();
            slice.records.retain(|r| r.record.offset >= failed);
            let moved = before - slice.records.len();
            settled.succeeded += moved;
            if moved > 0 {
                settled.done.push((partition.clone(), failed));
            }
            let mut again = Unit {
                batch: Batch {
                    slices: BTreeMap::from([(partition, slice)]),
                },
                rest: None,
                ..unit.clone_counts()
            };
            if moved > 0 {
                // Another record is first now: it has failed this once.
                (again.failures, again.tries) = (0, 0);
            }
            self.again(again, true, now);
        }
    }

    /// Puts a unit back, later; or gives it up when its retries are used.
    fn again(&mut self, mut unit: Unit, counted: bool, now: Now) {
        unit.failures += u32::from(counted);
        unit.tries += 1;
        if counted && self.retry.exhausted(unit.failures) {
            unit.task = Task::GiveUp(Condition::RetryAttemptsExhausted);
            unit.due = now.instant;
        } else {
            unit.due = now.instant + self.retry.pause(unit.tries);
        }
        self.wait(unit);
    }

    fn wait(&mut self, unit: Unit) {
        let rest = unit.rest.iter().flat_map(|rest| rest.slices.keys());
        self.busy
            .extend(unit.batch.slices.keys().chain(rest).cloned());
        if !unit.batch.slices.is_empty() || unit.rest.is_some() {
            self.waiting.push(unit);
        }
    }

    /// Hands a unit out, having set aside what must not be invoked any more.
    fn dispatch(&mut self, mut unit: Unit, now: Now) -> Job {
        if unit.task == Task::Invoke {
            self.set_aside(&mut unit, now);
        }
        unit.attempts += u32::from(unit.task == Task::Invoke);
        self.next_id += 1;
        let id = self.next_id;
        let job = Job {
            id,
            task: unit.task.clone(),
            batch: unit.batch.clone(),
            attempts: unit.attempts,
        };
        self.in_flight.insert(id, unit);
        job
    }

    fn set_aside(&self, unit: &mut Unit, now: Now) {
        if unit.batch.len() == 1
            && unit.batch.payload_bytes(&self.source) > self.limits.max_payload_bytes
        {
            unit.task = Task::GiveUp(Condition::MaximumPayloadSizeExceeded);
            return;
        }
        let old = |r: &Measured| self.retry.too_old(r.record.timestamp, now.millis);
        if !unit
            .batch
            .slices
            .values()
            .any(|slice| slice.records.iter().any(old))
        {
            return;
        }
        let (mut aged, mut rest) = (Batch::default(), Batch::default());
        for (partition, slice) in std::mem::take(&mut unit.batch.slices) {
            let (epoch, end) = (slice.epoch, slice.end);
            let (gone, kept): (Vec<_>, Vec<_>) = slice.records.into_iter().partition(old);
            if !gone.is_empty() {
                aged.slices.insert(
                    partition.clone(),
                    Slice {
                        epoch,
                        end,
                        records: gone,
                    },
                );
            }
            rest.slices.insert(
                partition,
                Slice {
                    epoch,
                    end,
                    records: kept,
                },
            );
        }
        (unit.batch, unit.rest) = (aged, Some(rest));
        unit.task = Task::GiveUp(Condition::RecordAgeExceeded);
    }

    fn idle(&self) -> impl Iterator<Item = (&TopicPartition, &Lane)> {
        self.lanes
            .iter()
            .filter(|(partition, _)| !self.busy.contains(*partition))
    }

    /// Whether the idle partitions hold a batch that should go now.
    fn full(&self, now: Now) -> bool {
        let (mut count, mut bytes, mut over) = (0, envelope_bytes(&self.source), false);
        for (partition, lane) in self.idle() {
            let Some((_, arrived)) = lane.queue.front() else {
                continue;
            };
            over |= *arrived + self.limits.window <= now.instant;
            count += lane.queue.len();
            bytes += slice_bytes(partition) + lane.bytes;
        }
        over || count >= self.limits.max_records || bytes >= self.limits.max_payload_bytes
    }

    /// Takes a batch from the idle partitions, the longest waiting first.
    fn cut(&mut self) -> Batch {
        let mut order: Vec<(Instant, TopicPartition)> = self
            .idle()
            .filter_map(|(tp, lane)| Some((lane.queue.front()?.1, tp.clone())))
            .collect();
        order.sort();
        let mut batch = Batch::default();
        let mut left = self.limits.max_records.max(1);
        let mut bytes = envelope_bytes(&self.source);
        for (_, partition) in order {
            let Some(lane) = self.lanes.get_mut(&partition) else {
                continue;
            };
            let mut records = Vec::new();
            bytes += slice_bytes(&partition);
            while let Some((head, _)) = lane.queue.front() {
                let alone = batch.slices.is_empty() && records.is_empty();
                let fits = bytes + head.bytes < self.limits.max_payload_bytes;
                if left == 0 || !(fits || alone) {
                    break;
                }
                (left, bytes) = (left - 1, bytes + head.bytes + 1);
                lane.bytes -= head.bytes + 1;
                records.extend(lane.queue.pop_front().map(|(record, _)| record));
            }
            if let Some(last) = records.last() {
                let (epoch, end) = (lane.epoch, last.record.offset + 1);
                batch.slices.insert(
                    partition,
                    Slice {
                        epoch,
                        end,
                        records,
                    },
                );
            }
        }
        batch
    }
}

impl Unit {
    /// The unit's counters without its records.
    fn clone_counts(&self) -> Self {
        Self {
            batch: Batch::default(),
            rest: None,
            task: self.task.clone(),
            ..*self
        }
    }
}

fn ends(batch: &Batch) -> Vec<(TopicPartition, i64)> {
    batch
        .slices
        .iter()
        .map(|(partition, slice)| (partition.clone(), slice.end))
        .collect()
}
