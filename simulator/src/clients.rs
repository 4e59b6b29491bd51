//! Plain HTTP: FlightPulse's own API, and the local cloud's counts.

use crate::terminal;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads flights by the REST API.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    base: String,
    http: reqwest::Client,
}

impl Api {
    /// The API at this address.
    pub(crate) fn new(base: String) -> Self {
        Self { base, http: reqwest::Client::new() }
    }

    /// What `GET /flights/{id}` answers.
    pub(crate) async fn flight(&self, id: &str) -> anyhow::Result<Value> {
        let url = format!("{}/flights/{id}", self.base);
        let answer = self.http.get(&url).timeout(TIMEOUT).send().await;
        let answer = answer.with_context(|| format!("the API does not answer: GET {url}"))?;
        let status = answer.status();
        let body = answer.text().await.unwrap_or_default();
        anyhow::ensure!(status.is_success(), "GET {url} answered {status}: {body}");
        serde_json::from_str(&body).with_context(|| format!("GET {url} answered no JSON: {body}"))
    }
}

/// What an answer says of why it is none: our problems have a detail (RFC 9457); what API Gateway says
/// itself is a message.
pub(crate) fn said(body: &str) -> String {
    let read: Option<Value> = serde_json::from_str(body).ok();
    let said = |name: &str| read.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let said = ["detail", "message", "Message"].into_iter().find_map(said);
    let why = said.unwrap_or_else(|| body.chars().take(300).collect());
    terminal::printable(if why.trim().is_empty() { "it says no more" } else { &why })
}

/// What the model was used for so far, as the local cloud counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ModelUse {
    /// Calls.
    pub(crate) calls: u64,
    /// Tokens of all requests.
    pub(crate) input_tokens: u64,
    /// Tokens of all answers.
    pub(crate) output_tokens: u64,
}

impl ModelUse {
    /// The counts at this moment; none where nobody counts.
    pub(crate) async fn read(endpoint: Option<&str>) -> Option<Self> {
        let url = format!("{}/_flightpulse/bedrock", endpoint?);
        let answer = reqwest::Client::new().get(url).timeout(TIMEOUT).send().await.ok()?;
        answer.error_for_status().ok()?.json().await.ok()
    }

    /// What was used since `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            calls: self.calls.saturating_sub(before.calls),
            input_tokens: self.input_tokens.saturating_sub(before.input_tokens),
            output_tokens: self.output_tokens.saturating_sub(before.output_tokens),
        }
    }
}
