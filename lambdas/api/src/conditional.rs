//! Conditional requests (RFC 9110, section 13): what a client has already is not sent again.

use crate::answer::Answer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flightpulse_contracts::rest::routes::parameters::MAX_IF_NONE_MATCH;
use flightpulse_rest_kit::problem::{Problem, set};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use sha2::{Digest, Sha256};

/// What `If-None-Match` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It is not given.
    None,
    /// `*`: the client has something.
    Any,
    /// The client has answers with these ETags, without their quotation marks.
    Tags(Vec<Vec<u8>>),
}

impl Condition {
    /// Reads the header's value; none when it is not given.
    ///
    /// # Errors
    /// A 400 that says what is allowed.
    pub(crate) fn read(value: Option<&[u8]>) -> Result<Self, Problem> {
        let Some(value) = value else {
            return Ok(Self::None);
        };
        let read = || {
            if value.len() > MAX_IF_NONE_MATCH {
                return None;
            }
            match value.trim_ascii() {
                b"*" => Some(Self::Any),
                list => tags(list).map(Self::Tags),
            }
        };
        read().ok_or_else(|| {
            Problem::invalid(format!(
                "If-None-Match must be * or a list of ETags in quotation marks, as in \"abc\", \"def\", of {MAX_IF_NONE_MATCH} bytes at most."
            ))
        })
    }

    /// Whether the client has this already. ETags are compared weakly, as `If-None-Match` asks.
    fn has(&self, etag: &str) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag == etag.trim_matches('"').as_bytes()),
        }
    }

    /// The response with an answer, or without it when the client has it. `private` is what only
    /// the client itself may keep.
    pub(crate) fn response(&self, answer: Answer, private: bool) -> Response<Body> {
        let etag = etag(&answer.body);
        let kept = if private { "private, no-cache" } else { "no-cache" };
        if self.has(&etag) {
            let mut response = Response::new(Body::Empty);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            set(&mut response, "etag", &etag);
            set(&mut response, "cache-control", kept);
            return response;
        }
        let mut response = plain(answer);
        set(&mut response, "etag", &etag);
        set(&mut response, "cache-control", kept);
        response
    }
}

/// The response with an answer that nobody may keep.
pub(crate) fn plain(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    set(&mut response, "content-type", answer.content_type);
    set(&mut response, "cache-control", "no-store");
    set(&mut response, "x-content-type-options", "nosniff");
    if let Some(policy) = answer.content_security_policy {
        set(&mut response, "content-security-policy", &policy);
        set(&mut response, "referrer-policy", "no-referrer");
    }
    response
}

// Strong: of the bytes of the body. 128 bits are enough that no two bodies share one.
fn etag(body: &str) -> String {
    let hash = Sha256::digest(body.as_bytes());
    let (half, _) = hash.split_at(16);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(half))
}

// `#entity-tag` of RFC 9110, sections 5.6.1 and 8.8.3: tags between commas, of which some may have
// nothing between them.
fn tags(mut rest: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut tags = Vec::new();
    let blank = |rest: &[u8]| rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    loop {
        rest = rest.get(blank(rest)..)?;
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after;
            continue;
        }
        if rest.is_empty() {
            return Some(tags).filter(|tags| !tags.is_empty());
        }
        rest = rest.strip_prefix(b"W/").unwrap_or(rest).strip_prefix(b"\"")?;
        let is_in_tag = |byte: &u8| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..);
        let length = rest.iter().take_while(|byte| is_in_tag(byte)).count();
        let (tag, after) = rest.split_at_checked(length)?;
        tags.push(tag.to_vec());
        rest = after.strip_prefix(b"\"")?;
        rest = rest.get(blank(rest)..)?;
        if !rest.is_empty() && !rest.starts_with(b",") {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn read(value: &str) -> Option<Condition> {
        Condition::read(Some(value.as_bytes())).ok()
    }

    #[rstest]
    #[case("*", true)]
    #[case(r#""abc""#, true)]
    #[case(r#"W/"abc""#, true)]
    #[case(r#""x", "abc""#, true)]
    #[case(r#", "x" ,,	W/"abc" , "#, true)]
    #[case(r#""ab c""#, false)]
    #[case(r#""""#, false)]
    #[case(r#""x""#, false)]
    #[case(r#""ABC""#, false)]
    fn tags_are_compared(#[case] value: &str, #[case] has: bool) {
        // A tag has no blank in it: such a header is refused.
        let found = read(value);
        assert_eq!(found.is_none(), value.contains("b c"));
        assert_eq!(found.is_some_and(|condition| condition.has("\"abc\"")), has);
    }

    #[rstest]
    #[case("")]
    #[case(",")]
    #[case("abc")]
    #[case(r#""abc"#)]
    #[case(r#""abc" "def""#)]
    #[case(r#"w/"abc""#)]
    #[case(r#"*, "abc""#)]
    #[case(r#""abc", *"#)]
    fn what_is_no_list_of_tags_is_refused(#[case] value: &str) {
        let problem = Condition::read(Some(value.as_bytes())).unwrap_err();
        assert!(problem.detail().starts_with("If-None-Match must be * or a list"));
    }

    #[test]
    fn one_that_is_too_long_is_refused() {
        let long = format!("\"{}\"", "x".repeat(MAX_IF_NONE_MATCH - 2));
        assert!(read(&long).is_some() && read(&format!("{long} ")).is_none());
    }

    #[test]
    fn an_etag_is_that_of_its_body() {
        assert_eq!(etag("a"), etag("a"));
        assert_ne!(etag("a"), etag("b"));
        assert_eq!(etag("").len(), 24);
    }
}
