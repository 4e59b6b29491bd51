//! The detail of `reconciliation.requested`: a file of an export to be held against the table.

use flightpulse_domain::ids::{CorrelationId, EventId};
use flightpulse_domain::reconciliation::RunId;
use serde::{Deserialize, Serialize};

/// The detail of `reconciliation.requested`. Bucket and object stand as in the `Object Created` of
/// S3, which asks for the same.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReconciliationRequested {
    /// The version of the detail.
    pub schema_version: u32,
    /// The request.
    pub event_id: EventId,
    /// What ties together everything that the request set off.
    pub correlation_id: CorrelationId,
    /// The run that is to be made again; a new one when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// The bucket.
    pub bucket: BucketOfExport,
    /// The file.
    pub object: ObjectOfExport,
}

/// A bucket of exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct BucketOfExport {
    /// Its name.
    pub name: String,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ObjectOfExport {
    /// Its key, as it is.
    pub key: String,
}
