//! Whether the API answers.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// That the API answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Health")]
pub struct HealthView {
    /// `healthy`.
    #[schemars(extend("const" = "healthy"))]
    pub status: String,
    /// When it was asked, UTC.
    pub timestamp: Timestamp,
    /// The part that answers.
    pub service: String,
}
