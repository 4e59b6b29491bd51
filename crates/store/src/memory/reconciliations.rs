//! Reconciliations in memory.

use super::MemoryStore;
use crate::keys;
use crate::{Page, ReconciliationLog, ReconciliationReader, StoreError};
use flightpulse_domain::reconciliation::{Discrepancy, PartReport, Run, RunId};
use std::ops::Bound;

impl ReconciliationReader for MemoryStore {
    async fn run(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        Ok(self.records()?.runs.get(id.as_str()).cloned())
    }

    async fn runs(&self, after: Option<&str>, limit: usize) -> Result<Page<Run>, StoreError> {
        let records = self.records()?;
        let end = after.map_or(Bound::Unbounded, Bound::Excluded);
        let older = records.runs.range::<str, _>((Bound::Unbounded, end)).rev();
        let mut items: Vec<_> = older.take(limit + 1).map(|(_, run)| run.clone()).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = more.then(|| items.last().map(|run| run.run_id.to_string())).flatten();
        Ok(Page { items, next })
    }
}

impl ReconciliationLog for MemoryStore {
    async fn note_run(&self, run: &Run) -> Result<(), StoreError> {
        self.records()?.runs.insert(run.run_id.to_string(), run.clone());
        Ok(())
    }

    async fn note_part(&self, run: &RunId, part: &PartReport) -> Result<(), StoreError> {
        self.records()?.run_parts.insert((run.clone(), part.nth), part.clone());
        Ok(())
    }

    async fn parts(&self, run: &RunId) -> Result<Vec<PartReport>, StoreError> {
        let records = self.records()?;
        let of_run = records.run_parts.iter().filter(|((of, _), _)| of == run);
        Ok(of_run.map(|(_, part)| part.clone()).collect())
    }

    async fn discrepancies(
        &self,
        run: &RunId,
        shard: u32,
        _after: Option<&str>,
    ) -> Result<Page<Discrepancy>, StoreError> {
        let records = self.records()?;
        let partition = keys::discrepancies_partition(run, shard);
        let found = records.discrepancies.iter().filter(|(key, _)| key.pk == partition);
        Ok(Page { items: found.map(|(_, found)| found.clone()).collect(), next: None })
    }
}
