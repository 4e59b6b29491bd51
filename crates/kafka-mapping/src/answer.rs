//! What a function's answer means for the batch.
//!
//! AWS: with `ReportBatchItemFailures` the function names failed records as
//! `{"batchItemFailures":[{"itemIdentifier":{"partition":"topic-0","offset":42}}]}`
//! (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html>). Kafka's
//! identifier is an **object**; the string form that the queues and streams use is a bad
//! identifier here, and a bad identifier makes the whole batch a failure.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use crate::batch::Batch;
use crate::event::TopicPartition;
use crate::invoker::Invocation;

/// What becomes of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every record is done.
    Success,
    /// The lowest failed offset of each partition that has one. That record and all after it in
    /// the same partition are retried; the rest is done.
    Partial(BTreeMap<TopicPartition, i64>),
    /// Nothing counts as done.
    Whole(Fault),
}

/// Why a whole batch failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The function itself failed.
    #[error("function error {kind}: {detail}")]
    Function {
        /// `Handled` or `Unhandled`.
        kind: String,
        /// The start of the error's body.
        detail: String,
    },
    /// The answer is not the documented document.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// An identifier is not `{"partition": string, "offset": integer}`.
    #[error("bad itemIdentifier: {0}")]
    BadIdentifier(String),
    /// An identifier names a record that was not in the batch.
    #[error("itemIdentifier of a record that was not sent: {0}")]
    UnknownIdentifier(String),
    /// The call did not bring an answer back.
    #[error("invoke failed: {0}")]
    Invoke(String),
}

/// Judges the answer to `batch`. Without `report_batch_item_failures` (AWS's
/// `FunctionResponseTypes`) what a function returns says nothing: it has not failed, so all is done.
pub fn judge(invocation: &Invocation, batch: &Batch, report_batch_item_failures: bool) -> Verdict {
    if let Some(kind) = &invocation.function_error {
        let detail = excerpt(&String::from_utf8_lossy(&invocation.payload));
        return Verdict::Whole(Fault::Function { kind: kind.clone(), detail });
    }
    if !report_batch_item_failures {
        return Verdict::Success;
    }
    match failures(&invocation.payload, batch) {
        Ok(lowest) if lowest.is_empty() => Verdict::Success,
        Ok(lowest) => Verdict::Partial(lowest),
        Err(fault) => Verdict::Whole(fault),
    }
}

fn failures(payload: &[u8], batch: &Batch) -> Result<BTreeMap<TopicPartition, i64>, Fault> {
    let mut lowest = BTreeMap::new();
    if payload.trim_ascii().is_empty() {
        return Ok(lowest);
    }
    let answer: Value =
        serde_json::from_slice(payload).map_err(|error| Fault::Unreadable(error.to_string()))?;
    let fields = match answer {
        Value::Null => return Ok(lowest),
        Value::Object(fields) => fields,
        other => return Err(Fault::Unreadable(excerpt(&other.to_string()))),
    };
    let items = match fields.get("batchItemFailures") {
        None | Some(Value::Null) => return Ok(lowest),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(Fault::Unreadable(excerpt(&other.to_string()))),
    };
    for item in items {
        let (partition, offset) = identifier(item, batch)?;
        let known = lowest.entry(partition).or_insert(offset);
        *known = offset.min(*known);
    }
    Ok(lowest)
}

fn identifier(item: &Value, batch: &Batch) -> Result<(TopicPartition, i64), Fault> {
    let id = item.get("itemIdentifier").unwrap_or(&Value::Null);
    let (Some(name), Some(offset)) =
        (id.get("partition").and_then(Value::as_str), id.get("offset").and_then(Value::as_i64))
    else {
        return Err(Fault::BadIdentifier(excerpt(&item.to_string())));
    };
    match batch.partition_named(name) {
        Some(partition) if batch.contains(partition, offset) => Ok((partition.clone(), offset)),
        _ => Err(Fault::UnknownIdentifier(format!("{name}@{offset}"))),
    }
}

/// The first 300 characters: enough to see what went wrong, too few to fill a log.
fn excerpt(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests;
