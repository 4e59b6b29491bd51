//! Reconciliations in memory.

use super::MemoryStore;
use crate::keys::{self, Key};
use crate::{Page, ReconciliationLog, ReconciliationReader, StoreError, Written};
use flightpulse_domain::reconciliation::{Attempt, Discrepancy, PartReport, Run, RunId};
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
    async fn plan_run(&self, read: Option<&Run>, run: &Run) -> Result<Written, StoreError> {
        let state = |run: &Run| (run.attempt.clone(), run.ended_at);
        let mut records = self.records()?;
        if records.runs.get(run.run_id.as_str()).map(state) != read.map(state) {
            return Ok(Written::Outdated);
        }
        records.runs.insert(run.run_id.to_string(), run.clone());
        Ok(Written::Yes)
    }

    async fn end_run(&self, run: &Run) -> Result<Written, StoreError> {
        match self.records()?.runs.get_mut(run.run_id.as_str()) {
            Some(noted) if noted.attempt == run.attempt => {
                noted.clone_from(run);
                Ok(Written::Yes)
            }
            _ => Ok(Written::Outdated),
        }
    }

    async fn note_part(&self, run: &RunId, part: &PartReport) -> Result<(), StoreError> {
        let key = keys::run_part(run, &part.attempt, part.nth);
        self.records()?.run_parts.insert(key, part.clone());
        Ok(())
    }

    async fn parts(&self, run: &RunId, attempt: &Attempt) -> Result<Vec<PartReport>, StoreError> {
        let (partition, prefix) = (keys::run_partition(run), keys::parts_prefix(attempt));
        let records = self.records()?;
        let of_it = |key: &Key| key.pk == partition && key.sk.starts_with(&prefix);
        let found = records.run_parts.iter().filter(|(key, _)| of_it(key));
        Ok(found.map(|(_, part)| part.clone()).collect())
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
