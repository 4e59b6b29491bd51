//! AWS's invocation record in its three forms: metadata alone (SQS, SNS), with the whole event as a
//! string (S3, and our file), and one for each record with that record as an object (Kafka).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;

use super::DestinationError;
use crate::batch::Batch;
use crate::event::{EventRecord, KafkaEvent, Source};
use crate::invoker::Invocation;
use crate::scheduler::Condition;

/// One batch that was given up.
#[derive(Clone, Debug)]
pub struct FailureRecord {
    source: Source,
    event: KafkaEvent,
    document: Document,
}

/// The document; what is none of a form is left out of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    request_context: RequestContext,
    /// Null where the function was never called with the records.
    response_context: Option<ResponseContext>,
    version: &'static str,
    timestamp: String,
    #[serde(rename = "KafkaBatchInfo")]
    kafka_batch_info: KafkaBatchInfo,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Value>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    records_info: Option<BTreeMap<String, RecordsInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record_info: Option<RecordInfo>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsInfo {
    first_record_offset: String,
    last_record_offset: String,
    first_record_timestamp: Option<String>,
    last_record_timestamp: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct RecordInfo {
    offset: String,
    timestamp: Option<String>,
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
        let event = batch.event(source);
        let info = event.records.iter().filter_map(|(partition, records)| {
            let (first, last) = (records.first()?, records.last()?);
            let info = RecordsInfo {
                first_record_offset: first.offset.to_string(),
                last_record_offset: last.offset.to_string(),
                first_record_timestamp: rfc3339(first.timestamp),
                last_record_timestamp: rfc3339(last.timestamp),
            };
            Some((partition.clone(), info))
        });
        let document = Document {
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
                payload_size: serde_json::to_vec(&event)?.len(),
                records_info: Some(info.collect()),
                record_info: None,
            },
            payload: None,
        };
        Ok(Self { source: source.clone(), event, document })
    }

    /// The metadata alone: what a queue or an SNS topic gets.
    pub fn metadata(&self) -> Result<String, DestinationError> {
        Ok(serde_json::to_string(&self.document)?)
    }

    /// The metadata and the whole event as a string: what a bucket or a file gets.
    pub fn whole(&self) -> Result<Vec<u8>, DestinationError> {
        let payload = Some(Value::String(serde_json::to_string(&self.event)?));
        Ok(serde_json::to_vec(&Document { payload, ..self.document.clone() })?)
    }

    /// The first partition of the batch, as it is written in events.
    pub fn first_partition(&self) -> Option<&str> {
        self.event.records.keys().next().map(String::as_str)
    }

    /// For each record its key and its document, with and without the record itself.
    pub(super) fn of_each_record(&self) -> Result<Vec<Single>, DestinationError> {
        let records = self.event.records.iter();
        let all = records.flat_map(|(partition, list)| list.iter().map(move |r| (partition, r)));
        all.map(|(partition, record)| self.of_one(partition, record)).collect()
    }

    fn of_one(&self, partition: &str, record: &EventRecord) -> Result<Single, DestinationError> {
        let alone = BTreeMap::from([(partition.to_owned(), vec![record.clone()])]);
        let event = serde_json::to_value(KafkaEvent::new(&self.source, alone))?;
        let mut document = self.document.clone();
        document.kafka_batch_info = KafkaBatchInfo {
            batch_size: 1,
            payload_size: event.to_string().len(),
            records_info: None,
            record_info: Some(RecordInfo {
                offset: record.offset.to_string(),
                timestamp: rfc3339(record.timestamp),
            }),
            ..document.kafka_batch_info
        };
        let metadata = serde_json::to_vec(&document)?;
        document.payload = Some(event);
        let key = record.key.as_ref().and_then(|key| STANDARD.decode(key).ok());
        Ok(Single { key, whole: serde_json::to_vec(&document)?, metadata })
    }
}

/// The document of one record.
pub(super) struct Single {
    pub(super) key: Option<Vec<u8>>,
    pub(super) whole: Vec<u8>,
    pub(super) metadata: Vec<u8>,
}

fn rfc3339(millis: i64) -> Option<String> {
    let known = (millis >= 0).then_some(millis)?;
    jiff::Timestamp::from_millisecond(known).ok().map(|t| t.to_string())
}
