//! What may stand in the secret, and that an error quotes nothing of it.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_authenticity::Sources;
use rstest::rstest;

const HIDDEN: &str = "hidden-0123456789abcdef";

#[rstest]
#[case("{}")]
#[case(r#"{"forwarder": "hidden-0123456789abcdef"}"#)]
#[case(r#"{"a": {"scheme": "flightpulse", "secrets": ["hidden-0123456789abcdef", "hidden-fedcba9876543210"]}}"#)]
#[case(r#"{"a": {"scheme": "bearer", "secrets": ["hidden-0123456789abcdef"]}}"#)]
#[case(r#"{"a": {"scheme": "adobe-io", "client_id": "0123456789abcdef"}}"#)]
#[case(r#"{"a": {"scheme": "adobe-io-legacy", "secrets": ["hidden-0123456789abcdef"]}}"#)]
#[case(r#"{"a": {"scheme": "adobe-io-legacy", "client_id": "c", "secrets": ["hidden-0123456789abcdef"]}, "b": "hidden-0123456789abcdef"}"#)]
fn sources_are_read(#[case] json: &str) {
    assert!(Sources::read(json.as_bytes()).is_ok());
}

#[rstest]
#[case("", "the sources are no JSON object with a name for each")]
#[case(r#""hidden-0123456789abcdef""#, "the sources are no JSON object with a name for each")]
#[case(r#"["hidden-0123456789abcdef"]"#, "the sources are no JSON object with a name for each")]
#[case(r#"{"a": "hidden-0123456789abcdef"#, "the sources are no JSON object with a name for each")]
#[case(r#"{"a": 1}"#, "the source a is neither a secret nor an object")]
#[case(r#"{"a": null}"#, "the source a is neither a secret nor an object")]
#[case(r#"{"a": ["hidden-0123456789abcdef"]}"#, "the source a is neither a secret nor an object")]
#[case(
    r#"{"a": "hidden"}"#,
    "the source a has a secret that is not 16 to 1024 visible ASCII characters"
)]
#[case(
    r#"{"a": "hidden-0123456789abcdef\n"}"#,
    "the source a has a secret that is not 16 to 1024 visible ASCII characters"
)]
#[case(r#"{"a": {}}"#, "the source a has no scheme")]
#[case(r#"{"a": {"secrets": ["hidden-0123456789abcdef"]}}"#, "the source a has no scheme")]
#[case(
    r#"{"a": {"scheme": "hidden-0123456789abcdef"}}"#,
    "the source a has a scheme that is none of flightpulse, bearer, adobe-io, adobe-io-legacy"
)]
#[case(r#"{"a": {"scheme": "bearer"}}"#, "the source a has no list of secrets")]
#[case(
    r#"{"a": {"scheme": "bearer", "secrets": "hidden-0123456789abcdef"}}"#,
    "the source a has no list of secrets"
)]
#[case(
    r#"{"a": {"scheme": "bearer", "secrets": []}}"#,
    "the source a must have one secret, or two while one is changed"
)]
#[case(r#"{"a": {"scheme": "bearer", "secrets": ["hidden-0123456789abcde1", "hidden-0123456789abcde2", "hidden-0123456789abcde3"]}}"#, "the source a must have one secret, or two while one is changed")]
#[case(
    r#"{"a": {"scheme": "bearer", "secrets": [16]}}"#,
    "the source a has a secret that is no text"
)]
#[case(r#"{"a": {"scheme": "bearer", "secret": "hidden-0123456789abcdef", "secrets": ["hidden-0123456789abcdef"]}}"#, "the source a has a field that its scheme does not have")]
#[case(r#"{"a": {"scheme": "adobe-io"}}"#, "the source a has no client_id")]
#[case(
    r#"{"a": {"scheme": "adobe-io", "client_id": ""}}"#,
    "the source a has a client_id that is none"
)]
#[case(
    r#"{"a": {"scheme": "adobe-io", "client_id": "c", "secrets": ["hidden-0123456789abcdef"]}}"#,
    "the source a has a field that its scheme does not have"
)]
#[case(
    r#"{"a\nb": "hidden-0123456789abcdef"}"#,
    "the source without a proper name must have a name of 1 to 64 visible ASCII characters"
)]
#[case(
    r#"{"good": "hidden-0123456789abcdef", "a": 1}"#,
    "the source a is neither a secret nor an object"
)]
fn what_is_wrong_is_said_and_not_quoted(#[case] json: &str, #[case] expected: &str) {
    let error = Sources::read(json.as_bytes()).err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some(expected));
    assert!(!expected.contains("hidden") && HIDDEN.starts_with("hidden"));
}
