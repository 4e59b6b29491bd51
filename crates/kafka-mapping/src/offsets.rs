//! How far each assigned partition is: done, committed, end of the log.

use std::collections::BTreeMap;

use crate::event::TopicPartition;

/// The progress of one partition. Offsets are those of the next record, as Kafka commits them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Everything before it is done: the function succeeded, or the destination has it.
    pub done: Option<i64>,
    /// What the group's coordinator has confirmed.
    pub committed: Option<i64>,
    /// The end of the partition's log as last heard.
    pub high: Option<i64>,
}

impl Progress {
    /// Records after the committed offset; none until both ends are known.
    pub fn lag(&self) -> Option<i64> {
        Some((self.high? - self.committed?).max(0))
    }
}

/// The progress of the partitions that this member owns.
#[derive(Clone, Debug, Default)]
pub struct Offsets {
    partitions: BTreeMap<TopicPartition, Progress>,
}

impl Offsets {
    /// A partition is ours from now on.
    pub fn assign(&mut self, partition: TopicPartition) {
        self.partitions.insert(partition, Progress::default());
    }

    /// A partition is no longer ours: nothing more of it is committed.
    pub fn revoke(&mut self, partition: &TopicPartition) {
        self.partitions.remove(partition);
    }

    /// Everything before `next` is done. Progress never goes back.
    pub fn done(&mut self, partition: &TopicPartition, next: i64) {
        if let Some(progress) = self.partitions.get_mut(partition) {
            progress.done = progress.done.max(Some(next));
        }
    }

    /// What is done and not yet committed.
    pub fn uncommitted(&self) -> Vec<(TopicPartition, i64)> {
        let ahead = |(tp, p): (&TopicPartition, &Progress)| {
            p.done.filter(|_| p.done > p.committed).map(|next| (tp.clone(), next))
        };
        self.partitions.iter().filter_map(ahead).collect()
    }

    /// The coordinator confirmed these offsets (or told of them at the start).
    pub fn committed(&mut self, offsets: &[(TopicPartition, i64)]) {
        for (partition, next) in offsets {
            if let Some(progress) = self.partitions.get_mut(partition) {
                progress.committed = progress.committed.max(Some(*next));
            }
        }
    }

    /// The end of a partition's log.
    pub fn high(&mut self, partition: &TopicPartition, high: i64) {
        if let Some(progress) = self.partitions.get_mut(partition) {
            progress.high = progress.high.max(Some(high));
        }
    }

    /// All owned partitions with their progress.
    pub fn iter(&self) -> impl Iterator<Item = (&TopicPartition, &Progress)> {
        self.partitions.iter()
    }
}

#[cfg(test)]
mod tests;
