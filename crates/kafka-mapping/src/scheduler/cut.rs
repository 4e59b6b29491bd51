//! Which records go out together, and which not at all.

use std::time::Instant;

use super::{Condition, Job, Lane, Now, Rest, Scheduler, Task, Unit};
use crate::batch::{Batch, Measured, Slice, envelope_bytes, slice_bytes};
use crate::event::TopicPartition;

impl Scheduler {
    /// Hands a unit out, having set aside what must not be invoked any more.
    pub(super) fn dispatch(&mut self, mut unit: Unit, now: Now) -> Job {
        if unit.task == Task::Invoke {
            self.set_aside(&mut unit, now);
        }
        unit.attempts += u32::from(unit.task == Task::Invoke);
        self.next_id += 1;
        let id = self.next_id;
        let job =
            Job { id, task: unit.task.clone(), batch: unit.batch.clone(), attempts: unit.attempts };
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
        if !unit.batch.slices.values().any(|slice| slice.records.iter().any(old)) {
            return;
        }
        let (mut aged, mut rest) = (Batch::default(), Batch::default());
        for (partition, slice) in std::mem::take(&mut unit.batch.slices) {
            let (epoch, end) = (slice.epoch, slice.end);
            let (gone, kept): (Vec<_>, Vec<_>) = slice.records.into_iter().partition(old);
            if !gone.is_empty() {
                aged.slices.insert(partition.clone(), Slice { epoch, end, records: gone });
            }
            rest.slices.insert(partition, Slice { epoch, end, records: kept });
        }
        unit.batch = aged;
        unit.rest.push(Rest { batch: rest, attempts: unit.attempts, failures: unit.failures });
        unit.task = Task::GiveUp(Condition::RecordAgeExceeded);
    }

    pub(super) fn idle(&self) -> impl Iterator<Item = (&TopicPartition, &Lane)> {
        self.lanes.iter().filter(|(partition, _)| !self.busy.contains(*partition))
    }

    /// Whether the idle partitions hold a batch that should go now.
    pub(super) fn full(&self, now: Now) -> bool {
        let (mut count, mut bytes, mut over) = (0, envelope_bytes(&self.source), false);
        for (partition, lane) in self.idle() {
            let Some(head) = lane.queue.front() else {
                continue;
            };
            over |= head.arrived + self.limits.window <= now.instant;
            count += lane.queue.len();
            bytes += slice_bytes(partition) + lane.bytes;
        }
        over || count >= self.limits.max_records || bytes >= self.limits.max_payload_bytes
    }

    /// Takes a batch from the idle partitions, the longest waiting first.
    pub(super) fn cut(&mut self) -> Batch {
        let mut order: Vec<(Instant, TopicPartition)> = self
            .idle()
            .filter_map(|(tp, lane)| Some((lane.queue.front()?.arrived, tp.clone())))
            .collect();
        order.sort();
        let mut batch = Batch::default();
        let mut left = self.limits.max_records.max(1);
        let mut bytes = envelope_bytes(&self.source);
        for (_, partition) in order {
            let Some(lane) = self.lanes.get_mut(&partition) else {
                continue;
            };
            let (mut records, mut end) = (Vec::new(), 0);
            bytes += slice_bytes(&partition);
            while let Some(head) = lane.queue.front() {
                let alone = batch.slices.is_empty() && records.is_empty();
                let fits = bytes + head.record.bytes < self.limits.max_payload_bytes;
                if left == 0 || !(fits || alone) {
                    break;
                }
                (left, bytes) = (left - 1, bytes + head.record.bytes + 1);
                (lane.bytes, end) = (lane.bytes - head.record.bytes - 1, head.next);
                records.extend(lane.queue.pop_front().map(|head| head.record));
            }
            if !records.is_empty() {
                batch.slices.insert(partition, Slice { epoch: lane.epoch, end, records });
            }
        }
        batch
    }
}
