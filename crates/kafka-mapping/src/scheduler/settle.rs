//! What a result does to the records: done, again, or given up.

use std::collections::BTreeMap;

use super::{Condition, Now, Outcome, Rest, Scheduler, Settled, Task, Unit};
use crate::answer::Verdict;
use crate::batch::Batch;
use crate::event::TopicPartition;

impl Scheduler {
    /// Takes the result of a job.
    pub fn finish(&mut self, id: u64, outcome: Outcome, now: Now) -> Settled {
        let Some(mut unit) = self.in_flight.remove(&id) else {
            return Settled::default();
        };
        let partitions = unit.partitions();
        self.busy.retain(|partition| !partitions.contains(partition));
        let lanes = &self.lanes;
        unit.batches().for_each(|batch| {
            let current = |tp: &TopicPartition| lanes.get(tp).map(|lane| lane.epoch);
            batch.slices.retain(|tp, slice| current(tp) == Some(slice.epoch));
        });
        let mut settled = Settled::default();
        match outcome {
            Outcome::Answered(Verdict::Success) => {
                settled.succeeded = unit.batch.len();
                settled.done = ends(&unit.batch);
                self.go_on(unit, &mut settled, now);
            }
            Outcome::Answered(Verdict::Partial(lowest)) => {
                self.partial(unit, &lowest, &mut settled, now);
            }
            Outcome::Answered(Verdict::Whole(_)) => self.failed(unit, now),
            Outcome::NotReached(_) => {
                unit.attempts -= 1;
                self.again(unit, false, now);
            }
            Outcome::NotGivenUp => self.again(unit, false, now),
            Outcome::GivenUp => {
                // Younger records stand between those that were too old: nothing before them is
                // done yet.
                if unit.task != Task::GiveUp(Condition::RecordAgeExceeded) {
                    settled.done = ends(&unit.batch);
                }
                self.go_on(unit, &mut settled, now);
            }
        }
        for partition in partitions.difference(&self.busy) {
            let skipped = self.lanes.get_mut(partition).and_then(|lane| lane.skipped.take());
            settled.done.extend(skipped.map(|next| (partition.clone(), next)));
        }
        settled
    }

    /// Sends what stands behind a task that is done.
    fn go_on(&mut self, mut unit: Unit, settled: &mut Settled, now: Now) {
        while let Some(Rest { batch, attempts, failures }) = unit.rest.pop() {
            let (full, empty) =
                batch.slices.into_iter().partition(|(_, slice)| !slice.records.is_empty());
            settled.done.extend(ends(&Batch { slices: empty }));
            let batch = Batch { slices: full };
            if !batch.slices.is_empty() {
                let next = Unit::of(batch, now.instant);
                self.wait(Unit { attempts, failures, rest: unit.rest, ..next });
                return;
            }
        }
    }

    fn partial(
        &mut self,
        mut unit: Unit,
        lowest: &BTreeMap<TopicPartition, i64>,
        settled: &mut Settled,
        now: Now,
    ) {
        for (partition, mut slice) in std::mem::take(&mut unit.batch.slices) {
            let Some(&failed) = lowest.get(&partition) else {
                settled.succeeded += slice.records.len();
                settled.done.push((partition, slice.end));
                continue;
            };
            let before = slice.records.len();
            slice.records.retain(|r| r.record.offset >= failed);
            let moved = before - slice.records.len();
            settled.succeeded += moved;
            let batch = Batch { slices: BTreeMap::from([(partition.clone(), slice)]) };
            let again = Unit { batch, ..unit.clone() };
            if moved > 0 {
                settled.done.push((partition, failed));
                // Another record is first now: it has failed this once.
                self.again(Unit { failures: 0, tries: 0, ..again }, true, now);
            } else {
                self.failed(again, now);
            }
        }
    }

    /// A batch of which nothing succeeded: split, where that is asked for and can be done.
    fn failed(&mut self, unit: Unit, now: Now) {
        if !self.retry.bisect_on_error || unit.batch.len() < 2 {
            self.again(unit, true, now);
            return;
        }
        let (first, second) = unit.batch.halves();
        let (attempts, failures) = (unit.attempts, 0);
        let half = |batch| Unit { attempts, ..Unit::of(batch, now.instant) };
        if unit.batch.slices.len() > 1 {
            // No partition is in both: neither half waits for the other.
            self.wait(half(first));
            self.wait(half(second));
        } else {
            let mut rest = unit.rest;
            rest.push(Rest { batch: second, attempts, failures });
            self.wait(Unit { rest, ..half(first) });
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
        let partitions = unit.partitions();
        if !partitions.is_empty() {
            self.busy.extend(partitions);
            self.waiting.push(unit);
        }
    }
}

fn ends(batch: &Batch) -> Vec<(TopicPartition, i64)> {
    batch.slices.iter().map(|(partition, slice)| (partition.clone(), slice.end)).collect()
}
