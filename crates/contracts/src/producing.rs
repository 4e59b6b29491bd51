//! What the producer function is asked and answers: records for the topic of flight operations.
//!
//! It is for whoever cannot reach the brokers: they are in a network, and the function is in it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most records of one request.
pub const MAX_RECORDS: usize = 500;

/// The most bytes of one request, as JSON: well within Lambda's 6 MB for a call that is waited for.
pub const MAX_REQUEST_BYTES: usize = 5_000_000;

/// The most bytes of one record: key, value and headers. Brokers take about 1 MB by default.
pub const MAX_RECORD_BYTES: usize = 900_000;

/// A request: records to write, those of one key in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Produce {
    /// At least one, at most [`MAX_RECORDS`].
    pub records: Vec<RecordToWrite>,
}

/// A record to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordToWrite {
    /// Its key; without one it goes to any partition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its value, in base64: a record may be any bytes, what a faulty sender would write too.
    /// None is a record without a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_base64: Option<String>,
    /// Its headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

/// The answer: what became of each record, in the order of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produced {
    /// The topic.
    pub topic: String,
    /// One for each record.
    pub records: Vec<Outcome>,
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// All replicas that are in step have it.
    Written {
        /// Its partition.
        partition: i32,
        /// Its offset there.
        offset: i64,
    },
    /// It is not known to be written.
    Failed {
        /// What the caller can do about it.
        error: RecordError,
        /// What happened, in words.
        message: String,
    },
}

/// Why a record was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordError {
    /// The brokers did not answer: try again later. It may have been written all the same.
    Unavailable,
    /// The brokers, or the function, refuse it: trying again does not help.
    Refused,
}

impl std::fmt::Display for RecordError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unavailable => "Unavailable",
            Self::Refused => "Refused",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_like_this() {
        let answer = Produced {
            topic: "flight-operations".into(),
            records: vec![
                Outcome::Written { partition: 2, offset: 17 },
                Outcome::Failed { error: RecordError::Refused, message: "too large".into() },
            ],
        };
        let text = r#"{"topic":"flight-operations","records":[{"partition":2,"offset":17},{"error":"Refused","message":"too large"}]}"#;
        assert_eq!(serde_json::to_string(&answer).unwrap(), text);
        assert_eq!(serde_json::from_str::<Produced>(text).unwrap(), answer);
    }

    #[test]
    fn a_field_that_is_not_known_is_refused() {
        let misspelt = r#"{"records":[{"key":"SW1","value":"e30="}]}"#;
        let error = serde_json::from_str::<Produce>(misspelt).unwrap_err();
        assert!(error.to_string().contains("unknown field `value`"), "{error}");
    }
}
