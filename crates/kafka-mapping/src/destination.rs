//! Where records go that are given up.
//!
//! The document is the invocation record that AWS sends to an S3 destination: the metadata and
//! the whole event as a string (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html>).

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use futures::future::BoxFuture;
use serde::Serialize;
use thiserror::Error;

use crate::batch::Batch;
use crate::event::Source;
use crate::invoker::Invocation;
use crate::scheduler::Condition;

/// One batch that was given up.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureRecord {
    request_context: RequestContext,
    /// Null where the function was never called with the records.
    response_context: Option<ResponseContext>,
    version: &'static str,
    timestamp: String,
    #[serde(rename = "KafkaBatchInfo")]
    kafka_batch_info: KafkaBatchInfo,
    payload: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    request_id: Option<String>,
    function_arn: String,
    condition: Condition,
    approximate_invoke_count: u32,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseContext {
    status_code: i32,
    executed_version: Option<String>,
    function_error: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct KafkaBatchInfo {
    batch_size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_source_arn: Option<String>,
    bootstrap_servers: String,
    payload_size: usize,
    records_info: BTreeMap<String, RecordsInfo>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsInfo {
    first_record_offset: String,
    last_record_offset: String,
    first_record_timestamp: Option<String>,
    last_record_timestamp: Option<String>,
}

impl FailureRecord {
    /// The document of a batch. `last` is the last answer of the function, where there was one.
    pub fn new(
        condition: Condition,
        batch: &Batch,
        source: &Source,
        function: &str,
        attempts: u32,
        last: Option<&Invocation>,
    ) -> Result<Self, DestinationError> {
        let payload = serde_json::to_string(&batch.event(source))?;
        let info = batch.slices.iter().filter_map(|(partition, slice)| {
            let (first, last) = (slice.records.first()?, slice.records.last()?);
            let info = RecordsInfo {
                first_record_offset: first.record.offset.to_string(),
                last_record_offset: last.record.offset.to_string(),
                first_record_timestamp: rfc3339(first.record.timestamp),
                last_record_timestamp: rfc3339(last.record.timestamp),
            };
            Some((partition.to_string(), info))
        });
        Ok(Self {
            request_context: RequestContext {
                request_id: last.and_then(|l| l.request_id.clone()),
                function_arn: function.to_owned(),
                condition,
                approximate_invoke_count: attempts,
            },
            response_context: last.map(|l| ResponseContext {
                status_code: l.status_code,
                executed_version: l.executed_version.clone(),
                function_error: l.function_error.clone(),
            }),
            version: "1.0",
            timestamp: jiff::Timestamp::now().to_string(),
            kafka_batch_info: KafkaBatchInfo {
                batch_size: batch.len(),
                event_source_arn: source.event_source_arn.clone(),
                bootstrap_servers: source.bootstrap_servers.clone(),
                payload_size: payload.len(),
                records_info: info.collect(),
            },
            payload,
        })
    }
}

fn rfc3339(millis: i64) -> Option<String> {
    let known = (millis >= 0).then_some(millis)?;
    jiff::Timestamp::from_millisecond(known).ok().map(|t| t.to_string())
}

/// Why a destination did not take a document. The mapping tries again.
#[derive(Debug, Error)]
pub enum DestinationError {
    /// The document could not be written as JSON.
    #[error("failure record: {0}")]
    Document(#[from] serde_json::Error),
    /// The place could not be written to.
    #[error("failure destination: {0}")]
    Write(#[from] std::io::Error),
}

/// Takes what is given up. `Ok` means that it is durable there.
pub trait Destination: Send + Sync + 'static {
    /// Delivers one document.
    fn deliver(&self, record: FailureRecord) -> BoxFuture<'_, Result<(), DestinationError>>;
}

/// A file of JSON lines, one document a line, readable by its owner only: it holds whole records.
#[derive(Clone, Debug)]
pub struct JsonLinesFile(pub PathBuf);

impl Destination for JsonLinesFile {
    fn deliver(&self, record: FailureRecord) -> BoxFuture<'_, Result<(), DestinationError>> {
        let path = self.0.clone();
        let write = move || {
            let mut line = serde_json::to_vec(&record)?;
            line.push(b'\n');
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
            file.write_all(&line)?;
            Ok(file.sync_data()?)
        };
        Box::pin(async move {
            tokio::task::spawn_blocking(write)
                .await
                .unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
        })
    }
}

#[cfg(test)]
mod tests;
