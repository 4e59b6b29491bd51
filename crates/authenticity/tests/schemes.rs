//! The schemes that share a secret, good and bad, and which of all decides.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_authenticity::{
    Flaw, Scheme, Sources, adobe_io, adobe_legacy, bearer, deciding, own,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rstest::rstest;

const BODY: &[u8] = include_bytes!("../testdata/adobe-io.json");
const OWN_V1: &str = include_str!("../testdata/adobe-io.signature-own");
const LEGACY: &str = include_str!("../testdata/adobe-io.signature-legacy");
const SECRET: &str = "0123456789abcdef";
const NEW_SECRET: &str = "fedcba9876543210";
const OWN: &str = "x-flightpulse-signature";
const OLD: &str = "x-adobe-signature";

fn signed_at() -> Timestamp {
    Timestamp::from_second(1_795_255_200).unwrap()
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    headers
}

fn sources() -> Sources {
    let json = r#"{
        "also": "another-secret-of-ours", "forwarder": "0123456789abcdef",
        "partner": {"scheme": "flightpulse", "secrets": ["fedcba9876543210", "0123456789ABCDEF"]},
        "adobe-old": {"scheme": "adobe-io-legacy", "client_id": "C1", "secrets": ["fedcba9876543210", "0123456789abcdef"]},
        "destination": {"scheme": "bearer", "secrets": ["token-0123456789", "token-9876543210"]}
    }"#;
    Sources::read(json.as_bytes()).unwrap()
}

fn own_of(value: &str, body: &[u8], after: i64) -> Result<String, Flaw> {
    let now = signed_at() + SignedDuration::from_secs(after);
    own::source(&headers(&[(OWN, value)]), body, &sources(), now).map(str::to_owned)
}

#[test]
fn what_openssl_signs_is_ours() {
    let value = own::sign(&[SECRET], signed_at(), BODY);
    assert_eq!(value, format!("t=1795255200,v1={OWN_V1}"));
    assert_eq!(own_of(&value, BODY, 0).as_deref(), Ok("forwarder"));
}

#[rstest]
#[case(0, Ok("forwarder"))]
#[case(300, Ok("forwarder"))]
#[case(-300, Ok("forwarder"))]
#[case(301, Err(Flaw::Expired(301)))]
#[case(-301, Err(Flaw::Expired(301)))]
#[case(86_400 * 365, Err(Flaw::Expired(86_400 * 365)))]
fn a_signature_lasts_five_minutes(#[case] after: i64, #[case] expected: Result<&str, Flaw>) {
    let value = own::sign(&[SECRET], signed_at(), BODY);
    assert_eq!(own_of(&value, BODY, after).as_deref(), expected.as_deref());
}

// While a secret is changed either side may be the first to have the new one.
#[rstest]
#[case(&[NEW_SECRET], Ok("partner"))]
#[case(&["0123456789ABCDEF"], Ok("partner"))]
#[case(&["nobody-knows-this-one", NEW_SECRET], Ok("partner"))]
#[case(&["nobody-knows-this-one"], Err(Flaw::NoMatch))]
#[case(&["token-0123456789"], Err(Flaw::NoMatch))]
#[case(&["x1", "x2", "x3", SECRET], Ok("forwarder"))]
#[case(&["x1", "x2", "x3", "x4", SECRET], Err(Flaw::Malformed(OWN)))]
fn either_secret_will_do(#[case] secrets: &[&str], #[case] expected: Result<&str, Flaw>) {
    let value = own::sign(secrets, signed_at(), BODY);
    assert_eq!(own_of(&value, BODY, 0).as_deref(), expected.as_deref());
}

#[rstest]
#[case("")]
#[case("t=1795255200")]
#[case("v1={}")]
#[case("t=,v1={}")]
#[case("t=-1795255200,v1={}")]
#[case("t=+1795255200,v1={}")]
#[case("t=1795255200.0,v1={}")]
#[case("t=1795255200000,v1={}")]
#[case("t=9999999999999999999999,v1={}")]
#[case("t=1795255200,t=1795255200,v1={}")]
#[case("t=1795255200,v1=")]
#[case("t=1795255200,v1={}00")]
#[case("t=1795255200,v1=zz")]
#[case("t=1795255200,v1={},v1=00")]
#[case("t=1795255200;v1={}")]
#[case("t=1795255200,v1={},")]
fn what_is_not_of_the_form_is_none(#[case] value: &str) {
    let value = value.replace("{}", OWN_V1);
    assert_eq!(own_of(&value, BODY, 0), Err(Flaw::Malformed(OWN)));
}

#[rstest]
#[case("t=1795255200,v1={}")]
#[case("v1={},t=1795255200")]
#[case("t=1795255200, v1={}")]
#[case("t=1795255200,v0=older,v1={},v2=newer")]
fn the_form_has_room(#[case] value: &str) {
    let lower = value.replace("{}", OWN_V1);
    let upper = value.replace("{}", &OWN_V1.to_uppercase());
    assert_eq!(own_of(&lower, BODY, 0).as_deref(), Ok("forwarder"));
    assert_eq!(own_of(&upper, BODY, 0).as_deref(), Ok("forwarder"));
}

// The bytes count, not what they mean.
#[test]
fn a_body_that_was_changed_is_nobodys() {
    let value = own::sign(&[SECRET], signed_at(), BODY);
    let text = str::from_utf8(BODY).unwrap();
    let others = [
        text[..text.len() - 1].to_owned(),
        format!("{text}\n"),
        format!("\u{feff}{text}"),
        text.replace(':', ": "),
        text.replace('é', "\\u00e9"),
        text.replace('é', "e\u{301}"),
        String::new(),
    ];
    for body in others {
        assert_eq!(own_of(&value, body.as_bytes(), 0), Err(Flaw::NoMatch), "{body}");
        let (legacy, sources) = (headers(&[(OLD, LEGACY)]), sources());
        let result = adobe_legacy::source(&legacy, body.as_bytes(), &sources);
        assert_eq!(result, Err(Flaw::NoMatch), "{body}");
    }
    // Nor may the time be moved.
    let moved = value.replace("1795255200", "1795255201");
    assert_eq!(own_of(&moved, BODY, 0), Err(Flaw::NoMatch));
}

#[rstest]
#[case(LEGACY, Ok(("adobe-old", Some("C1"))))]
#[case("", Err(Flaw::Malformed(OLD)))]
#[case("AAAA", Err(Flaw::Malformed(OLD)))]
#[case("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", Err(Flaw::NoMatch))]
#[case(OWN_V1, Err(Flaw::Malformed(OLD)))]
fn the_legacy_signature(#[case] value: &str, #[case] expected: Result<(&str, Option<&str>), Flaw>) {
    assert_eq!(adobe_legacy::source(&headers(&[(OLD, value)]), BODY, &sources()), expected);
}

#[rstest]
#[case("Bearer token-0123456789", Ok("destination"))]
#[case("bearer token-9876543210", Ok("destination"))]
#[case("BEARER  token-0123456789 ", Ok("destination"))]
#[case("Bearer token-012345678", Err(Flaw::NoMatch))]
#[case("Bearer token-01234567890", Err(Flaw::NoMatch))]
#[case("Bearer ", Err(Flaw::NoMatch))]
// A secret to sign with is no token.
#[case("Bearer 0123456789abcdef", Err(Flaw::NoMatch))]
#[case("Bearer", Err(Flaw::Malformed("authorization")))]
#[case("Basic token-0123456789", Err(Flaw::Malformed("authorization")))]
fn a_token(#[case] value: &str, #[case] expected: Result<&str, Flaw>) {
    assert_eq!(bearer::source(&headers(&[("authorization", value)]), &sources()), expected);
}

#[test]
fn a_header_that_is_there_twice_is_none() {
    let value = own::sign(&[SECRET], signed_at(), BODY);
    let twice = headers(&[(OWN, value.as_str()), (OWN, value.as_str())]);
    assert_eq!(own::source(&twice, BODY, &sources(), signed_at()), Err(Flaw::Malformed(OWN)));
    let twice = headers(&[(OLD, LEGACY), (OLD, LEGACY)]);
    assert_eq!(adobe_legacy::source(&twice, BODY, &sources()), Err(Flaw::Malformed(OLD)));
    let token = ("authorization", "Bearer token-0123456789");
    assert!(bearer::source(&headers(&[token, token]), &sources()).is_err());
}

#[rstest]
#[case(&[], Err(Flaw::Unsigned))]
#[case(&[("authorization", "Basic x"), ("x-other", "y")], Err(Flaw::Unsigned))]
#[case(&[("authorization", "Bearer x")], Ok(Scheme::Bearer))]
#[case(&[("authorization", "Bearer x"), (OWN, "x")], Ok(Scheme::Own))]
#[case(&[(OWN, "x"), (OLD, "x")], Ok(Scheme::AdobeLegacy))]
#[case(&[("authorization", "Bearer x"), (OLD, "x"), ("X-Adobe-Digital-Signature-2", "x")], Ok(Scheme::AdobeLegacy))]
#[case(&[("x-adobe-digital-signature-1", "x")], Err(Flaw::NoSource))]
#[case(&[("x-adobe-public-key1-path", "/x")], Err(Flaw::Unsigned))]
fn the_first_scheme_that_is_configured_decides(
    #[case] lines: &[(&str, &str)],
    #[case] expected: Result<Scheme, Flaw>,
) {
    assert_eq!(deciding(&headers(lines), &sources()), expected);
}

#[test]
fn adobes_signature_decides_over_all_where_adobe_may_send() {
    let json = r#"{"a": {"scheme": "adobe-io", "client_id": "C1"}, "b": "0123456789abcdef"}"#;
    let sources = Sources::read(json.as_bytes()).unwrap();
    let own = own::sign(&[SECRET], signed_at(), BODY);
    let both = headers(&[(OWN, own.as_str()), ("x-adobe-digital-signature-1", "forged")]);
    assert_eq!(deciding(&both, &sources), Ok(Scheme::AdobeIo));
    assert_eq!(deciding(&headers(&[(OWN, own.as_str())]), &sources), Ok(Scheme::Own));
    assert_eq!(adobe_io::source("C1", &sources), Some("a"));
    assert_eq!(adobe_io::source("C2", &sources), None);
}

proptest! {
    // Whatever is sent: an answer, and never a source for who does not know a secret.
    #[test]
    fn nothing_made_up_is_anyones(
        value in "[ -~]{0,80}|t=[0-9]{0,14},v1=[0-9a-f]{0,70}|Bearer [ -~]{0,20}|[A-Za-z0-9+/]{43}=",
        body in prop::collection::vec(any::<u8>(), 0..200),
        name in prop::sample::select(vec![OWN, OLD, "authorization", "x-adobe-digital-signature-1"]),
    ) {
        let headers = headers(&[(name, &value)]);
        let sources = sources();
        let _ = deciding(&headers, &sources);
        prop_assert!(own::source(&headers, &body, &sources, signed_at()).is_err());
        prop_assert!(adobe_legacy::source(&headers, &body, &sources).is_err());
        prop_assert!(bearer::source(&headers, &sources).is_err());
        prop_assert!(adobe_io::signatures(&headers).is_err());
        let _ = Sources::read(&body);
        let _ = Sources::read(value.as_bytes());
        let _ = adobe_io::PublicKey::from_pem(&body);
    }

    #[test]
    fn what_is_signed_is_the_signers(body in prop::collection::vec(any::<u8>(), 0..200), at in 0..i64::from(u32::MAX)) {
        let at = Timestamp::from_second(at).unwrap();
        let headers = headers(&[(OWN, &own::sign(&[SECRET], at, &body))]);
        let sources = sources();
        prop_assert_eq!(own::source(&headers, &body, &sources, at), Ok("forwarder"));
    }
}
