//! Errors as RFC 9457 problem details.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use serde::Serialize;

/// A problem: what a client gets instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    // A link that names the kind of problem.
    #[serde(rename = "type")]
    kind: &'static str,
    // The kind in words; the same for every problem of the kind.
    title: &'static str,
    status: u16,
    // What is wrong with this request.
    detail: String,
}

impl Problem {
    /// There is nothing under this id or path.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new("/problems/not-found", "Not found", StatusCode::NOT_FOUND, detail)
    }

    /// The path is there, the method is not.
    #[must_use]
    pub fn method_not_allowed(detail: impl Into<String>) -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new("/problems/method-not-allowed", "Method not allowed", status, detail)
    }

    /// The request says something that it cannot say.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new("/problems/invalid", "Invalid request", StatusCode::BAD_REQUEST, detail)
    }

    /// Whoever asks is not known.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new("/problems/forbidden", "Forbidden", StatusCode::FORBIDDEN, detail)
    }

    /// What is asked for does not go with how things stand.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new("/problems/conflict", "Conflict", StatusCode::CONFLICT, detail)
    }

    /// Something that the API needs did not answer.
    #[must_use]
    pub fn unavailable() -> Self {
        let detail = "The data cannot be read just now. Try again in a moment.";
        Self::new("/problems/unavailable", "Unavailable", StatusCode::SERVICE_UNAVAILABLE, detail)
    }

    /// A defect of ours. The detail says nothing of it; the log does.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "The request could not be answered. It has been logged.";
        Self::new("/problems/internal", "Internal error", StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    fn new(
        kind: &'static str,
        title: &'static str,
        status: StatusCode,
        detail: impl Into<String>,
    ) -> Self {
        Self { kind, title, status: status.as_u16(), detail: detail.into() }
    }

    /// The problem as an HTTP response.
    #[must_use]
    pub fn response(&self) -> Response<Body> {
        json_response(self.status, "application/problem+json", self)
    }
}

/// A response with this value as its JSON body.
#[must_use]
pub fn json_response(status: u16, content_type: &str, body: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_string(body).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-type", content_type),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    response
}
