//! Who sent a request: headers, bodies, the configured sources, keys.

use crate::now;
use flightpulse_authenticity::adobe_io::{PublicKey, signatures as of_adobe};
use flightpulse_authenticity::{Sources, adobe_legacy, bearer, deciding, own};
use flightpulse_key_host::KeyPath;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::SignedDuration;
use serde_json::Value;

const SECRET: &str = "a secret that only we know";
const TOKEN: &str = "a-token-that-only-we-know";
const SOURCES: &str = r#"{
    "own": {"scheme": "flightpulse", "secrets": ["a-secret-that-only-we-know"]},
    "destination": {"scheme": "bearer", "secrets": ["a-token-that-only-we-know"]},
    "adobe": {"scheme": "adobe-io", "client_id": "0123456789abcdef"},
    "old": {"scheme": "adobe-io-legacy", "secrets": ["a-client-secret-of-adobes"]}
}"#;

/// Reads a request: lines of headers, an empty one, the body. The body is tried as sources and as a key
/// too.
pub fn signatures(input: &[u8]) {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((input, [].as_slice()), |at| (&input[..at], &input[at + 2..]));
    let headers = headers(head);
    if let Ok(sources) = Sources::read(SOURCES.as_bytes()) {
        request(&headers, body, &sources);
        signed(body, &sources);
    }
    configured(body);
    key(&headers, body);
}

fn headers(head: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n').take(16) {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    headers
}

/// A request is taken for a source's only with what the source alone can make.
fn request(headers: &HeaderMap, body: &[u8], sources: &Sources) {
    let scheme = deciding(headers, sources);
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let changed = [body, b"x"].concat();
    if own::source(headers, body, sources, now()).is_ok() {
        assert!(scheme.is_ok(), "{headers:?}");
        assert!(own::source(headers, &changed, sources, now()).is_err(), "another body");
        let later = now() + (own::WINDOW + own::WINDOW + SignedDuration::from_secs(1));
        assert!(own::source(headers, body, sources, later).is_err(), "a recorded request");
        let shown = text(own::HEADER).unwrap_or_default().to_ascii_lowercase();
        let around = (-300..=300).map(SignedDuration::from_secs);
        let made = around.filter_map(|away| {
            let made = own::sign(&[OWN_SECRET], now().checked_add(away).ok()?, body);
            Some(made.rsplit_once("v1=")?.1.to_owned())
        });
        assert!(made.into_iter().any(|made| shown.contains(&made)), "nobody signed {shown}");
    }
    if bearer::source(headers, sources).is_ok() {
        let shown = text("authorization").unwrap_or_default();
        assert_eq!(shown.split_once(' ').map(|(_, token)| token.trim()), Some(TOKEN));
    }
    if adobe_legacy::source(headers, body, sources).is_ok() {
        assert!(adobe_legacy::source(headers, &changed, sources).is_err(), "another body");
    }
}

const OWN_SECRET: &str = "a-secret-that-only-we-know";

/// What we sign is ours, for five minutes, and nothing else is.
fn signed(body: &[u8], sources: &Sources) {
    let with = |secrets: &[&str], body: &[u8]| {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(&own::sign(secrets, now(), body)) {
            headers.insert(own::HEADER, value);
        }
        headers
    };
    let at = |headers: &HeaderMap, seconds: i64| {
        let time = now() + SignedDuration::from_secs(seconds);
        own::source(headers, body, sources, time).ok()
    };
    let good = with(&[OWN_SECRET], body);
    assert_eq!([-300, 0, 300].map(|away| at(&good, away)), [Some("own"); 3]);
    assert_eq!([-301, 301].map(|away| at(&good, away)), [None; 2]);
    assert_eq!(at(&with(&[SECRET, OWN_SECRET], body), 0), Some("own"));
    assert_eq!(at(&with(&[SECRET], body), 0), None);
    assert_eq!(at(&with(&[OWN_SECRET], &[body, b"x"].concat()), 0), None);
}

/// What is wrong with sources is said without a word of what is secret.
fn configured(json: &[u8]) {
    let Err(why) = Sources::read(json) else { return };
    let Ok(Value::Object(sources)) = serde_json::from_slice(json) else { return };
    let why = why.to_string();
    let quoted = |text: &str| text.len() >= 16 && why.contains(text);
    for (name, source) in &sources {
        let secrets = source["secrets"].as_array().into_iter().flatten().chain([source]);
        for secret in secrets.filter_map(Value::as_str) {
            assert!(!quoted(secret) || name.contains(secret) || !is_secret(secret), "{why}");
        }
    }
}

/// A text that no sentence of ours has in it.
fn is_secret(text: &str) -> bool {
    !text.contains(' ')
}

/// A key verifies nothing that it did not sign, and a path leads to its host only.
fn key(headers: &HeaderMap, pem: &[u8]) {
    let found = of_adobe(headers).unwrap_or_default();
    if let Ok(key) = PublicKey::from_pem(pem) {
        assert!(!found.iter().any(|signature| signature.is_by(&key, b"never signed")));
    }
    for signature in &found {
        if let Ok(path) = KeyPath::new(signature.key_path) {
            let uri = format!("https://host.example{}", path.as_str()).parse::<http::Uri>();
            let led = uri
                .ok()
                .map(|uri| (uri.host() == Some("host.example"), uri.path() == path.as_str()));
            assert_eq!(led, Some((true, true)), "{path:?}");
        }
    }
}
