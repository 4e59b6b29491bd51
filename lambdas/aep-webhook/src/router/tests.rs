use super::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_authenticity::own;
use flightpulse_booking_queue::memory::MemoryBookingQueue;
use flightpulse_key_host::memory::MemoryKeyHost;
use flightpulse_secrets::memory::MemorySecret;
use jiff::SignedDuration;
use lambda_http::http::{HeaderName, HeaderValue};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

mod adobe;
mod sources;

const SOURCES: &str = r#"{
    "forwarder": "0123456789abcdef",
    "destination": {"scheme": "bearer", "secrets": ["token-0123456789"]},
    "adobe-old": {"scheme": "adobe-io-legacy", "client_id": "C1", "secrets": ["fedcba9876543210"]},
    "adobe-older": {"scheme": "adobe-io-legacy", "secrets": ["a-legacy-secret-too"]},
    "adobe": {"scheme": "adobe-io", "client_id": "0123456789abcdef0123456789abcdef"}
}"#;
const PATH: &str = "/webhooks/aep-booking";

struct Parts {
    webhook: Webhook<MemoryBookingQueue, MemorySecret, MemoryKeyHost>,
    queue: MemoryBookingQueue,
    secret: MemorySecret,
    keys: MemoryKeyHost,
}

fn parts() -> Parts {
    let queue = MemoryBookingQueue::default();
    let (secret, keys) = (MemorySecret::new(SOURCES), MemoryKeyHost::default());
    let webhook = Webhook::new(queue.clone(), secret.clone(), keys.clone());
    Parts { webhook, queue, secret, keys }
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn post(lines: &[(&str, &str)], body: impl AsRef<[u8]>) -> Asked {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    let body = body.as_ref().to_vec();
    Asked { method: Method::POST, path: PATH.to_owned(), query: Vec::new(), headers, body }
}

/// A request that the forwarder has signed.
fn signed(body: impl AsRef<[u8]>) -> Asked {
    let value = own::sign(&["0123456789abcdef"], now(), body.as_ref());
    post(&[(own::HEADER, &value)], body)
}

struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    fn detail(&self) -> String {
        self.body()["detail"].as_str().unwrap_or_default().to_owned()
    }
}

async fn ask_at(parts: &Parts, asked: &Asked, now: Timestamp) -> Got {
    let (head, body) = respond(&parts.webhook, asked, now).await.into_parts();
    let text = String::from_utf8(body.to_vec()).unwrap();
    Got { status: head.status.as_u16(), headers: head.headers, text }
}

async fn ask(parts: &Parts, asked: &Asked) -> Got {
    ask_at(parts, asked, now()).await
}

fn get(query: &[(&str, &str)]) -> Asked {
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Asked { method: Method::GET, query: query.collect(), ..post(&[], "") }
}

#[rstest]
#[case(&[("challenge", "8f3c1e52-0a57-4d2e-9c1b-6a7d0e5b2f44")], 200)]
#[case(&[("challenge", " ~<script>\"")], 200)]
#[case(&[], 400)]
#[case(&[("challenge", "")], 400)]
#[case(&[("challenge", "a\nb")], 400)]
#[case(&[("challenge", "é")], 400)]
#[case(&[("challenge", "a"), ("challenge", "b")], 400)]
#[case(&[("challenge", "a"), ("other", "b")], 400)]
#[tokio::test]
async fn a_challenge_is_answered(#[case] query: &[(&str, &str)], #[case] status: u16) {
    let parts = parts();
    let got = ask(&parts, &get(query)).await;
    assert_eq!(got.status, status, "{}", got.text);
    if status == 200 {
        assert_eq!(got.body(), json!({"challenge": query[0].1}));
        assert_eq!(got.headers["content-type"], "application/json");
        assert_eq!(got.headers["x-content-type-options"], "nosniff");
    }
    // Nothing is needed for it.
    assert_eq!((parts.secret.reads(), parts.queue.calls()), (0, 0));
}

#[tokio::test]
async fn a_challenge_is_not_too_long() {
    let parts = parts();
    assert_eq!(ask(&parts, &get(&[("challenge", &"c".repeat(200))])).await.status, 200);
    let got = ask(&parts, &get(&[("challenge", &"c".repeat(201))])).await;
    let detail = "challenge must be 1 to 200 printable ASCII characters.";
    assert_eq!((got.status, got.detail().as_str()), (400, detail));
}

#[rstest]
#[case(Method::HEAD, PATH, 405)]
#[case(Method::PUT, PATH, 405)]
#[case(Method::DELETE, PATH, 405)]
#[case(Method::OPTIONS, PATH, 405)]
#[case(Method::POST, "/webhooks", 404)]
#[case(Method::POST, "/webhooks/aep-booking/x", 404)]
#[case(Method::GET, "/", 404)]
#[tokio::test]
async fn there_is_nothing_else(#[case] method: Method, #[case] path: &str, #[case] status: u16) {
    let asked = Asked { method, path: path.to_owned(), ..signed("{}") };
    let got = ask(&parts(), &asked).await;
    assert_eq!(got.status, status);
    assert_eq!(got.headers.get("allow").is_some_and(|allow| allow == "GET, POST"), status == 405);
}

#[rstest]
#[case(r#"{"_id": "1", "eventType": "commerce.purchases"}"#, json!([{"_id": "1", "eventType": "commerce.purchases"}]))]
#[case(r#"[{"_id": "1"}, {"_id": "2"}]"#, json!([{"_id": "1"}, {"_id": "2"}]))]
#[case(r#"{"events": [{"_id": "1"}, "odd", null]}"#, json!([{"_id": "1"}, "odd", null]))]
// Only Adobe puts its envelopes around.
#[case(r#"{"event_id": "1", "event": {}}"#, json!([{"event_id": "1", "event": {}}]))]
#[tokio::test]
async fn events_are_in_the_queue_as_they_came(#[case] body: &str, #[case] events: Value) {
    let parts = parts();
    let got = ask(&parts, &signed(body)).await;
    let count = events.as_array().unwrap().len();
    assert_eq!((got.status, got.body()), (200, json!({"received": count})));
    let sent = parts.queue.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].source.as_str(), sent[0].received_at), ("forwarder", now()));
    assert_eq!(json!(sent[0].events), events);
}

#[tokio::test]
async fn a_hundred_events_are_one_call_and_none_is_none() {
    let parts = parts();
    let event = |n: usize| json!({"_id": n.to_string(), "text": "x".repeat(1_000)});
    let body = json!({"events": (0..100).map(event).collect::<Vec<_>>()}).to_string();
    let got = ask(&parts, &signed(&body)).await;
    assert_eq!((got.body(), parts.queue.calls()), (json!({"received": 100}), 1));
    let got = ask(&parts, &signed("[]")).await;
    assert_eq!((got.body(), parts.queue.calls()), (json!({"received": 0}), 1));
}

#[rstest]
#[case("")]
#[case("null")]
#[case("17")]
#[case("\"text\"")]
#[case("{\"_id\": ")]
#[case("_id=1&x=2")]
#[tokio::test]
async fn what_is_no_event_is_a_400(#[case] body: &str) {
    let parts = parts();
    let got = ask(&parts, &signed(body)).await;
    let detail = "The body must be an event, an array of events, or {\"events\": […]}, in JSON.";
    assert_eq!((got.status, got.detail().as_str()), (400, detail));
    // But only to someone who may send: whether it is JSON is looked at last.
    let got = ask(&parts, &post(&[], body)).await;
    assert_eq!((got.status, parts.queue.calls()), (401, 0));
}

#[tokio::test]
async fn too_much_is_a_413() {
    let parts = parts();
    let got = ask(&parts, &signed(vec![b' '; 4_194_305])).await;
    let detail = "The body may have at most 4194304 bytes. Send fewer events at once.";
    assert_eq!((got.status, got.detail().as_str()), (413, detail));
    let large = json!([{"_id": "1"}, {"_id": "2", "text": "x".repeat(205_000)}]).to_string();
    let got = ask(&parts, &signed(&large)).await;
    let detail =
        "The events cannot be kept: event 1 has 205021 bytes: a message has at most 204800.";
    assert_eq!((got.status, got.detail().as_str()), (413, detail));
    // All or none.
    let got = ask(&parts, &signed(format!("[{}1]", "1,".repeat(5_000)))).await;
    let detail = "The body may have at most 5000 events. Send fewer at once.";
    assert_eq!((got.status, got.detail().as_str()), (413, detail));
    assert_eq!(parts.queue.calls(), 0);
    let full = json!(vec![json!({"text": "x".repeat(824)}); 5_000]).to_string();
    assert_eq!(full.len(), 4_180_001);
    let got = ask(&parts, &signed(&full)).await;
    assert_eq!(got.body(), json!({"received": 5_000}), "{}", got.status);
    // 200 messages of 21 KB, ten a call.
    assert_eq!((parts.queue.sent().len(), parts.queue.calls()), (200, 20));
}

#[tokio::test]
async fn a_queue_that_is_away_is_a_503_that_can_be_tried_again() {
    let parts = parts();
    parts.queue.fail(true);
    let got = ask(&parts, &signed("{}")).await;
    assert_eq!((got.status, &got.headers["retry-after"]), (503, &HeaderValue::from(30)));
    assert_eq!(got.detail(), "The events cannot be kept just now. Send them again in a moment.");
    parts.queue.fail(false);
    parts.queue.refuse(1);
    let got = ask(&parts, &signed("{}")).await;
    assert_eq!((got.status, parts.queue.calls()), (200, 3));
    parts.queue.refuse(usize::MAX);
    assert_eq!(ask(&parts, &signed("{}")).await.status, 503);
}

#[tokio::test]
async fn a_query_is_not_overheard() {
    let asked = Asked { query: vec![("dry_run".into(), "1".into())], ..signed("{}") };
    let parts = parts();
    let got = ask(&parts, &asked).await;
    assert_eq!(got.status, 400);
    assert_eq!(got.detail(), "dry_run is no parameter here: this takes none.");
    assert!(parts.queue.sent().is_empty());
}

// AWS's own sample of a proxy event, with what is ours in its places.
#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn an_event_of_api_gateway_is_understood(#[case] in_base64: bool) {
    let event = include_str!("../../../../sample-data/aws-events/api-gateway-rust-runtime.json");
    let mut event: Value = serde_json::from_str(event).unwrap();
    let body = "{\"_id\":\"é😀\",\r\n \"eventType\": \"commerce.purchases\"}";
    let signature = own::sign(&["0123456789abcdef"], now(), body.as_bytes());
    event["path"] = PATH.into();
    event["resource"] = PATH.into();
    event["queryStringParameters"] = Value::Null;
    event["multiValueQueryStringParameters"] = Value::Null;
    event["multiValueHeaders"]["X-FlightPulse-Signature"] = json!([signature]);
    event["isBase64Encoded"] = in_base64.into();
    event["body"] = if in_base64 { STANDARD.encode(body).into() } else { body.into() };
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let asked = Asked::from(&request);
    assert_eq!((asked.path.as_str(), asked.body.as_slice()), (PATH, body.as_bytes()));
    let parts = parts();
    let got = ask(&parts, &asked).await;
    assert_eq!((got.status, got.body()), (200, json!({"received": 1})));
    assert_eq!(parts.queue.sent()[0].events[0]["_id"], "é😀");
    // Given twice, it is none.
    event["multiValueHeaders"]["X-FlightPulse-Signature"] = json!([signature, signature]);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    assert_eq!(ask(&parts, &Asked::from(&request)).await.status, 401);
}

fn any_header() -> impl Strategy<Value = (&'static str, String)> {
    let names = vec![
        "x-flightpulse-signature",
        "x-adobe-signature",
        "x-adobe-digital-signature-1",
        "x-adobe-digital-signature-2",
        "x-adobe-public-key1-path",
        "x-adobe-public-key2-path",
        "authorization",
    ];
    let value = "[ -~]{0,60}|t=[0-9]{1,12},v1=[0-9a-f]{64}|[A-Za-z0-9+/]{344}|/[a-z./-]{0,30}|Bearer [a-z0-9-]{0,20}";
    (prop::sample::select(names), value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    // Whatever is sent there is an answer, which is none of ours having failed, and nothing is taken.
    #[test]
    fn nothing_that_is_made_up_breaks_anything_or_gets_in(
        lines in prop::collection::vec(any_header(), 0..5),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            "[\\[\\]{}\",:a-z0-9 ]{0,200}".prop_map(String::into_bytes),
        ],
        own_signature in any::<bool>(),
    ) {
        let mut headers: Vec<_> = lines.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let signature = own::sign(&["0123456789abcdef"], now(), &body);
        if own_signature {
            headers.push(("x-flightpulse-signature", &signature));
        }
        let parts = parts();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let got = runtime.block_on(ask(&parts, &post(&headers, &body)));
        prop_assert!([200, 400, 401].contains(&got.status), "{}", got.status);
        prop_assert!(own_signature || got.status == 401);
        prop_assert_eq!(got.status == 200 && got.body() != json!({"received": 0}), !parts.queue.sent().is_empty());
    }
}

// The window is of the own signature alone, and a repeat within it is taken: the worker knows it.
#[tokio::test]
async fn a_repeat_is_taken_within_five_minutes() {
    let parts = parts();
    let asked = signed("{\"_id\": \"1\"}");
    for (after, status) in [(0, 200), (60, 200), (300, 200), (301, 401)] {
        let got = ask_at(&parts, &asked, now() + SignedDuration::from_secs(after)).await;
        assert_eq!(got.status, status, "{after}");
    }
    assert_eq!(parts.queue.sent().len(), 3);
}
