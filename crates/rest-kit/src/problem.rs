//! Errors as RFC 9457 problem details.

use flightpulse_contracts::rest::problems::{ProblemKind, ProblemView};
use lambda_http::http::StatusCode;
use lambda_http::http::header::{ALLOW, HeaderName, HeaderValue};
use lambda_http::{Body, Response};
use serde::Serialize;

/// A problem: what a client gets instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    body: ProblemView,
    // What the path takes, where it does not take the request's method.
    allow: Option<&'static str>,
}

impl Problem {
    /// There is nothing under this id or path.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, detail)
    }

    /// The path is there, the method is not. `allow` has the methods that it takes, as in
    /// `GET, HEAD`.
    #[must_use]
    pub fn method_not_allowed(allow: &'static str, detail: impl Into<String>) -> Self {
        Self { allow: Some(allow), ..Self::new(ProblemKind::MethodNotAllowed, detail) }
    }

    /// The request says something that it cannot say.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Invalid, detail)
    }

    /// The request does not show that it comes from a source that is known.
    #[must_use]
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Unauthorized, detail)
    }

    /// Whoever asks is not known.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// What is asked for does not go with how things stand.
    #[must_use]
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Conflict, detail)
    }

    /// The body is larger than is taken.
    #[must_use]
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::TooLarge, detail)
    }

    /// Something that the API needs did not answer.
    #[must_use]
    pub fn unavailable() -> Self {
        let detail = "The data cannot be read just now. Try again in a moment.";
        Self::new(ProblemKind::Unavailable, detail)
    }

    /// A defect of ours. The detail says nothing of it; the log does.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "The request could not be answered. It has been logged.";
        Self::new(ProblemKind::Internal, detail)
    }

    fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { body: kind.with(detail), allow: None }
    }

    /// What is wrong with this request.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.body.detail
    }

    /// The problem as an HTTP response.
    #[must_use]
    pub fn response(&self) -> Response<Body> {
        let status = self.body.status.unwrap_or(500);
        let mut response = json_response(status, "application/problem+json", &self.body);
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

/// A response with this value as its JSON body, that nobody may keep.
#[must_use]
pub fn json_response(status: u16, content_type: &str, body: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_string(body).unwrap_or_default();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        ("content-type", content_type),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    for (name, value) in headers {
        set(&mut response, name, value);
    }
    response
}

/// Sets a header of a response, in place of what was there. A value that cannot be one is left
/// out.
pub fn set(response: &mut Response<Body>, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
