//! What a result does to the records: done, again, or given up.

use std::collections::BTreeMap;

use super::{Condition, Now, Outcome, Scheduler, Settled, Task, Unit};
use crate::answer::Verdict;
use crate::batch::{Batch, Slice};
use crate::event::TopicPartition;

impl Scheduler {
    /// Takes the result of a job.
    pub fn finish(&mut self, id: u64, outcome: Outcome, now: Now) -> Settled {
        let Some(mut unit) = self.in_flight.remove(&id) else {
            return Settled::default();
        };
        for partition in
            unit.batch.slices.keys().chain(unit.rest.iter().flat_map(|r| r.slices.keys()))
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
                    let (full, empty) =
                        rest.slices.into_iter().partition(|(_, s)| !s.records.is_empty());
                    settled.done = ends(&Batch { slices: empty });
                    let batch = Batch { slices: full };
                    self.wait(Unit {
                        batch,
                        task: Task::Invoke,
                        due: now.instant,
                        tries: 0,
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
            if moved > 0 {
                settled.done.push((partition.clone(), failed));
            }
            let mut again = Unit {
                batch: Batch { slices: BTreeMap::from([(partition, slice)]) },
                ..unit.clone()
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
        self.busy.extend(unit.batch.slices.keys().chain(rest).cloned());
        if !unit.batch.slices.is_empty() || unit.rest.is_some() {
            self.waiting.push(unit);
        }
    }
}

fn ends(batch: &Batch) -> Vec<(TopicPartition, i64)> {
    batch.slices.iter().map(|(partition, slice)| (partition.clone(), slice.end)).collect()
}
