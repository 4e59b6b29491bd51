//! How far histories have been read, in memory.

use super::MemoryStore;
use crate::{StoreError, Watermark, Watermarks, Written, keys};

impl Watermarks for MemoryStore {
    async fn watermark(&self, history: &str) -> Result<Option<Watermark>, StoreError> {
        Ok(self.records()?.watermarks.get(&keys::watermark(history)).copied())
    }

    async fn note_watermark(
        &self,
        history: &str,
        read: Option<&Watermark>,
        now: &Watermark,
    ) -> Result<Written, StoreError> {
        let mut records = self.records()?;
        let key = keys::watermark(history);
        if records.watermarks.get(&key) != read {
            return Ok(Written::Outdated);
        }
        records.watermarks.insert(key, *now);
        Ok(Written::Yes)
    }
}
