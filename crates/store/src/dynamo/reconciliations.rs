//! Reconciliations in DynamoDB.

use super::found::Found;
use super::item::{self, Item};
use super::lists::readable;
use super::{DynamoStore, conditional_put, number, text};
use crate::keys::{self, DISCREPANCY_PREFIX, Key, RUN_PREFIX, RUNS_PARTITION};
use crate::reconciliations::{DISCREPANCY_RETENTION_SECONDS, RUN_RETENTION_SECONDS};
use crate::{Page, ReconciliationLog, ReconciliationReader, StoreError, Written};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use flightpulse_domain::reconciliation::{Attempt, Discrepancy, PartReport, Run, RunId};
use jiff::Timestamp;

impl ReconciliationReader for DynamoStore {
    async fn run(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        self.get(&keys::run(id.as_str())).await?.map(|found| found.read()).transpose()
    }

    async fn runs(&self, after: Option<&str>, limit: usize) -> Result<Page<Run>, StoreError> {
        let query = self.under(RUNS_PARTITION, RUN_PREFIX, after).scan_index_forward(false);
        let (items, last) = self.page(query, limit).await?;
        Ok(Page { items: readable(items, Found::read), next: rest_of(last.as_ref(), RUN_PREFIX) })
    }
}

impl ReconciliationLog for DynamoStore {
    async fn plan_run(&self, read: Option<&Run>, run: &Run) -> Result<Written, StoreError> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(run_item(run)?));
        let put = match read {
            None => put.condition_expression("attribute_not_exists(PK)"),
            Some(read) => {
                let put =
                    put.expression_attribute_values(":attempt", text(read.attempt.to_string()));
                match read.ended_at {
                    None => put.condition_expression(
                        "attempt = :attempt AND attribute_not_exists(ended_at)",
                    ),
                    Some(at) => put
                        .condition_expression("attempt = :attempt AND ended_at = :ended_at")
                        .expression_attribute_values(":ended_at", text(at.to_string())),
                }
            }
        };
        conditional_put(put).await
    }

    async fn end_run(&self, run: &Run) -> Result<Written, StoreError> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(run_item(run)?));
        let put = put
            .condition_expression("attempt = :attempt")
            .expression_attribute_values(":attempt", text(run.attempt.to_string()));
        conditional_put(put).await
    }

    async fn note_part(&self, run: &RunId, part: &PartReport) -> Result<(), StoreError> {
        let item = item::write(&keys::run_part(run, &part.attempt, part.nth), part)?;
        self.put(expiring(item, part.ended_at, DISCREPANCY_RETENTION_SECONDS)).await
    }

    async fn parts(&self, run: &RunId, attempt: &Attempt) -> Result<Vec<PartReport>, StoreError> {
        let (partition, prefix) = (keys::run_partition(run), keys::parts_prefix(attempt));
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let page = self.all_of(&partition, &prefix, after.as_deref()).await?;
            parts.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(parts);
            }
        }
    }

    async fn discrepancies(
        &self,
        run: &RunId,
        shard: u32,
        after: Option<&str>,
    ) -> Result<Page<Discrepancy>, StoreError> {
        self.all_of(&keys::discrepancies_partition(run, shard), DISCREPANCY_PREFIX, after).await
    }
}

/// A run's item.
fn run_item(run: &Run) -> Result<Item, StoreError> {
    let item = item::write(&keys::run(run.run_id.as_str()), run)?;
    Ok(expiring(item, run.started_at, RUN_RETENTION_SECONDS))
}

/// A discrepancy's item.
pub(super) fn discrepancy(found: &Discrepancy) -> Result<Item, StoreError> {
    let item = item::write(&keys::discrepancy(found), found)?;
    Ok(expiring(item, found.at, DISCREPANCY_RETENTION_SECONDS))
}

fn expiring(mut item: Item, from: Timestamp, seconds: i64) -> Item {
    item.insert("expires_at".to_owned(), number(from.as_second() + seconds));
    item
}

/// What follows the prefix in an item's sort key: where a query goes on.
fn rest_of(last: Option<&Found>, prefix: &str) -> Option<String> {
    last?.key().ok()?.sk.strip_prefix(prefix).map(str::to_owned)
}

impl DynamoStore {
    /// A query of the items of a partition whose sort keys begin with a text.
    fn under(&self, partition: &str, prefix: &str, after: Option<&str>) -> QueryFluentBuilder {
        let after =
            after.map(|rest| Key { pk: partition.to_owned(), sk: format!("{prefix}{rest}") });
        self.query()
            .consistent_read(true)
            .key_condition_expression("PK = :partition AND begins_with(SK, :prefix)")
            .expression_attribute_values(":partition", text(partition))
            .expression_attribute_values(":prefix", text(prefix))
            .set_exclusive_start_key(after.as_ref().map(item::key))
    }

    /// As many of them as come in one call. All must be readable.
    async fn all_of<T: serde::de::DeserializeOwned>(
        &self,
        partition: &str,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Page<T>, StoreError> {
        let (items, last) = self.found(self.under(partition, prefix, after)).await?;
        let items = items.iter().map(Found::read).collect::<Result<_, _>>()?;
        Ok(Page { items, next: rest_of(last.as_ref(), prefix) })
    }
}
