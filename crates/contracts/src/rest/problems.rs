//! Errors as RFC 9457 problem details.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a client gets instead of an answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemView {
    /// The kind of problem; `about:blank` where API Gateway answers on its own.
    #[serde(rename = "type")]
    #[schemars(extend("format" = "uri-reference"))]
    pub kind: String,
    /// The kind in words; the same for every problem of the kind.
    pub title: String,
    /// The status of the answer. API Gateway leaves it out where it differs from case to case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u16", range(min = 400, max = 599))]
    pub status: Option<u16>,
    /// What is wrong with this request.
    pub detail: String,
}

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request says something that it cannot say.
    Invalid,
    /// The request does not show that it comes from a source that is known.
    Unauthorized,
    /// Whoever asks is not known, or may not.
    Forbidden,
    /// There is nothing under this id or path.
    NotFound,
    /// The path is there, the method is not.
    MethodNotAllowed,
    /// What is asked for does not go with how things stand.
    Conflict,
    /// The body is larger than is taken.
    TooLarge,
    /// A defect of ours.
    Internal,
    /// Something that the API needs did not answer.
    Unavailable,
}

impl ProblemKind {
    /// All kinds, by status.
    pub const ALL: [Self; 9] = [
        Self::Invalid,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The kind of our own problems with this status; none where API Gateway answers.
    #[must_use]
    pub fn of(status: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.status() == status)
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// The kind's `type`.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Invalid => "/problems/invalid",
            Self::Unauthorized => "/problems/unauthorized",
            Self::Forbidden => "/problems/forbidden",
            Self::NotFound => "/problems/not-found",
            Self::MethodNotAllowed => "/problems/method-not-allowed",
            Self::Conflict => "/problems/conflict",
            Self::TooLarge => "/problems/too-large",
            Self::Internal => "/problems/internal",
            Self::Unavailable => "/problems/unavailable",
        }
    }

    /// The kind's `title`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Invalid => "Invalid request",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::Conflict => "Conflict",
            Self::TooLarge => "Body too large",
            Self::Internal => "Internal error",
            Self::Unavailable => "Unavailable",
        }
    }

    /// A problem of this kind. `detail` says what is wrong with this request.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> ProblemView {
        ProblemView {
            kind: self.uri().to_owned(),
            title: self.title().to_owned(),
            status: Some(self.status()),
            detail: detail.into(),
        }
    }
}
