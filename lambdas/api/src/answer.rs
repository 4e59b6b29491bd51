//! What a route answers, before it becomes an HTTP response.

use flightpulse_rest_kit::problem::Problem;
use serde::Serialize;

/// An answer with status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its media type.
    pub content_type: &'static str,
    /// Its body.
    pub body: String,
    /// The policy for what a page may load; for pages alone.
    pub content_security_policy: Option<String>,
}

impl Answer {
    /// An answer with this value as JSON.
    ///
    /// # Errors
    /// A problem when the value has no form in JSON: a defect.
    pub fn json(value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(value).map_err(|error| {
            tracing::error!(%error, "the answer could not be written");
            Problem::internal()
        })?;
        let content_type = "application/json";
        Ok(Self { content_type, body, content_security_policy: None })
    }
}
