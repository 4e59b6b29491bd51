//! The API itself: whether it answers, and what it is.

use crate::answer::Answer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_contracts::rest::health::HealthView;
use flightpulse_rest_kit::problem::Problem;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

const DOCUMENT: &str = include_str!("../../../docs/openapi.json");
const PAGE: &str = include_str!("../../../docs/api.html");

pub(crate) fn health(now: Timestamp) -> Result<Answer, Problem> {
    let (status, service) = ("healthy".to_owned(), "flightpulse-api".to_owned());
    Answer::json(&HealthView { status, timestamp: now, service })
}

/// The OpenAPI document.
pub(crate) fn openapi() -> Answer {
    let body = DOCUMENT.to_owned();
    Answer { content_type: "application/json", body, content_security_policy: None }
}

/// The document as a page. It may load nothing at all, and use its own style alone.
pub(crate) fn page() -> Answer {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        STANDARD.encode(Sha256::digest(style(PAGE)))
    );
    Answer {
        content_type: "text/html; charset=utf-8",
        body: PAGE.to_owned(),
        content_security_policy: Some(policy),
    }
}

fn style(page: &str) -> &str {
    let (_, rest) = page.split_once("<style>").unwrap_or_default();
    rest.split_once("</style>").map(|(style, _)| style).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_needs_nothing_but_its_style() {
        assert!(style(PAGE).len() > 200);
        // One style, no script, nothing from elsewhere.
        assert_eq!(PAGE.matches("<style").count(), 1);
        for forbidden in ["<script", "style=", "src=", "@import", "url(", "<link", "javascript:"] {
            assert!(!PAGE.contains(forbidden), "{forbidden}");
        }
    }
}
