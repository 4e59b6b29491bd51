//! The topic in memory: for unit tests of what writes to it.

use crate::{AppendError, NewRecord, Place, Topic, partition};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A value whose records fail, and how.
type Failing = (Vec<u8>, AppendError);

/// The topic in memory. Its clones share what was written.
#[derive(Clone)]
pub struct MemoryTopic {
    partitions: Arc<Mutex<Vec<Vec<NewRecord>>>>,
    failing: Arc<Mutex<Option<Failing>>>,
}

impl MemoryTopic {
    /// A topic with this many partitions.
    #[must_use]
    pub fn new(partitions: usize) -> Self {
        let partitions = vec![Vec::new(); partitions.max(1)];
        Self { partitions: Arc::new(Mutex::new(partitions)), failing: Arc::default() }
    }

    /// Makes each record with this value fail.
    pub fn fail(&self, value: &[u8], error: AppendError) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((value.to_vec(), error));
    }

    /// The records of each partition, in order.
    #[must_use]
    pub fn records(&self) -> Vec<Vec<NewRecord>> {
        self.partitions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Topic for MemoryTopic {
    async fn append(&self, records: &[NewRecord]) -> Vec<Result<Place, AppendError>> {
        let failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut partitions = self.partitions.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, mut broken) = (partitions.len(), BTreeSet::new());
        let mut append = |record: &NewRecord| {
            let index = record.key.as_deref().map_or(0, |key| partition::of(key, count));
            let fails = failing.as_ref().filter(|(value, _)| record.value.as_ref() == Some(value));
            if let Some((_, error)) = fails {
                broken.insert(index);
                return Err(error.clone());
            }
            match partitions.get_mut(index).filter(|_| !broken.contains(&index)) {
                Some(partition) => {
                    partition.push(record.clone());
                    let at = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
                    let partition_number = i32::try_from(index).unwrap_or(i32::MAX);
                    Ok(Place { partition: partition_number, offset: at(partition.len() - 1) })
                }
                None => Err(AppendError::Unavailable("one before it was not written".into())),
            }
        };
        records.iter().map(&mut append).collect()
    }
}
