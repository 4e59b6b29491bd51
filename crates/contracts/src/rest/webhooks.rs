//! What webhooks answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// That whoever registers the webhook reached us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Challenge {
    /// What was sent.
    pub challenge: String,
}

/// That events were taken: they are in the queue, and will not be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Received {
    /// How many.
    pub received: usize,
}
