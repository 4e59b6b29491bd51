//! Errors as RFC 9457 problem details.

use flightpulse_contracts::rest::problems::{ProblemKind, ProblemView};
use lambda_http::http::StatusCode;
use lambda_http::http::header::{ALLOW, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::{Body, Response};
use serde::Serialize;

/// A problem: what a client gets instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    body: ProblemView,
    // What the path takes, where it does not take the request's method.
    allow: Option<&'static str>,
    // After how many seconds it is worth another try, where that is known.
    retry_after: Option<u16>,
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

    /// The same, where what is asked for is not to read. After `seconds` it is worth another try.
    #[must_use]
    pub fn try_again(seconds: u16, detail: impl Into<String>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(ProblemKind::Unavailable, detail) }
    }

    /// A defect of ours. The detail says nothing of it; the log does.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "The request could not be answered. It has been logged.";
        Self::new(ProblemKind::Internal, detail)
    }

    fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { body: kind.with(detail), allow: None, retry_after: None }
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
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // A 401 must name a way to show who one is (RFC 9110, section 15.5.2). Of ours this is the
        // one that has a registered name.
        if status == ProblemKind::Unauthorized.status() {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_when_to_try_again_and_how_to_show_who_one_is() {
        let response = Problem::try_again(30, "The queue does not answer.").response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[RETRY_AFTER], "30");
        let response = Problem::unauthorized("No.").response();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
        let response = Problem::unavailable().response();
        assert!(!response.headers().contains_key(RETRY_AFTER));
        assert!(!response.headers().contains_key(WWW_AUTHENTICATE));
    }
}
