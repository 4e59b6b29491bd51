//! What Adobe I/O Events sends.

use super::*;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

const KEY_1: &[u8] = include_bytes!("../../../../../crates/authenticity/testdata/test-key-1.pem");
const KEY_2: &[u8] = include_bytes!("../../../../../crates/authenticity/testdata/test-key-2.pem");
const PAIR_1: &[u8] = include_bytes!("../../../../../crates/authenticity/testdata/test-key-1.pk8");
const PAIR_2: &[u8] = include_bytes!("../../../../../crates/authenticity/testdata/test-key-2.pk8");
const BY_OPENSSL: &str =
    include_str!("../../../../../crates/authenticity/testdata/adobe-io.signature-2");
const BODY: &str = include_str!("../../../../../crates/authenticity/testdata/adobe-io.json");
const OURS: &str = "0123456789abcdef0123456789abcdef";
const PATH_1: &str = "/prod/keys/pub-key-1.pem";
const PATH_2: &str = "/prod/keys/pub-key-2.pem";

fn known() -> Parts {
    let parts = parts();
    parts.keys.set(PATH_1, Some(KEY_1));
    parts.keys.set(PATH_2, Some(KEY_2));
    parts
}

fn by(pair: &[u8], body: &str) -> String {
    let pair = RsaKeyPair::from_pkcs8(pair).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body.as_bytes(), &mut signature).unwrap();
    STANDARD.encode(signature)
}

/// A delivery that both keys have signed.
fn delivery(body: &str) -> Asked {
    let headers = [
        ("x-adobe-digital-signature-1", &*by(PAIR_1, body)),
        ("x-adobe-digital-signature-2", &*by(PAIR_2, body)),
        ("x-adobe-public-key1-path", PATH_1),
        ("x-adobe-public-key2-path", PATH_2),
    ];
    post(&headers, body)
}

fn without(mut asked: Asked, names: &[&str]) -> Asked {
    names.iter().for_each(|name| drop(asked.headers.remove(*name)));
    asked
}

fn with(mut asked: Asked, name: &'static str, value: &str) -> Asked {
    asked.headers.insert(name, value.parse().unwrap());
    asked
}

const SIGNATURE_1: &str = "x-adobe-digital-signature-1";
const SIGNATURE_2: &str = "x-adobe-digital-signature-2";
const KEY_PATH_1: &str = "x-adobe-public-key1-path";
const KEY_PATH_2: &str = "x-adobe-public-key2-path";

#[tokio::test]
async fn a_delivery_is_taken_out_of_its_envelope() {
    let parts = known();
    let got = ask(&parts, &delivery(BODY)).await;
    assert_eq!((got.status, got.body()), (200, json!({"received": 1})));
    let sent = parts.queue.sent();
    assert_eq!(sent[0].source, "adobe");
    let event = &sent[0].events[0];
    assert_eq!(event["eventType"], "commerce.purchases");
    assert_eq!((event.get("recipient_client_id"), event.get("event_id")), (None, None));
    // The first signature was good, so the second key was not asked for.
    assert_eq!(parts.keys.asked(), [PATH_1]);
}

#[tokio::test]
async fn cloud_events_come_too_and_an_id_is_given() {
    let body = json!([
        {"specversion": "1.0", "id": "E1", "type": "t", "data": {"a": 1}, "recipientclientid": OURS},
        {"event_id": "E2", "event": {"a": 2}, "recipient_client_id": OURS},
        {"event_id": "E3", "event": "odd", "recipient_client_id": OURS},
    ]);
    let parts = known();
    let got = ask(&parts, &delivery(&body.to_string())).await;
    assert_eq!((got.status, got.body()), (200, json!({"received": 3})));
    let expected = json!([{"a": 1, "_id": "E1"}, {"a": 2, "_id": "E2"}, "odd"]);
    assert_eq!(json!(parts.queue.sent()[0].events), expected);
}

#[rstest]
#[case(without(delivery(BODY), &[SIGNATURE_1]))]
#[case(without(delivery(BODY), &[SIGNATURE_2]))]
#[case(with(delivery(BODY), SIGNATURE_1, "*"))]
#[case(with(delivery(BODY), SIGNATURE_1, &by(PAIR_2, BODY)))]
#[case(with(delivery(BODY), SIGNATURE_2, BY_OPENSSL))]
#[case(with(delivery(BODY), KEY_PATH_1, "/prod/keys/not-there.pem"))]
#[case(with(delivery(BODY), KEY_PATH_1, "//evil.example/key.pem"))]
#[case(without(delivery(BODY), &[KEY_PATH_2]))]
#[tokio::test]
async fn either_signature_will_do(#[case] asked: Asked) {
    assert_eq!(ask(&known(), &asked).await.status, 200);
}

#[rstest]
#[case(without(delivery(BODY), &[KEY_PATH_1, KEY_PATH_2]))]
#[case(without(with(delivery(BODY), SIGNATURE_1, &by(PAIR_2, BODY)), &[SIGNATURE_2]))]
#[case(with(with(delivery(BODY), KEY_PATH_1, PATH_2), KEY_PATH_2, PATH_1))]
#[case(with(with(delivery(BODY), KEY_PATH_1, "/not-there"), KEY_PATH_2, "/../etc/passwd"))]
#[case(with(
    with(delivery(BODY), KEY_PATH_1, "@evil.example/k.pem"),
    KEY_PATH_2,
    "http://evil.example/k.pem"
))]
#[case(Asked { body: BODY.replace("K", "k").replace(':', ": ").into_bytes(), ..delivery(BODY) })]
#[case(Asked { body: format!("{BODY}\n").into_bytes(), ..delivery(BODY) })]
#[case(Asked { body: BODY.as_bytes()[..BODY.len() - 1].to_vec(), ..delivery(BODY) })]
#[tokio::test]
async fn what_adobe_did_not_sign_is_refused(#[case] asked: Asked) {
    let parts = known();
    let got = ask(&parts, &asked).await;
    assert_eq!((got.status, parts.queue.calls()), (401, 0));
    let at_host = |path: &String| path.starts_with("/prod/keys/") || path == "/not-there";
    assert!(parts.keys.asked().iter().all(at_host), "{:?}", parts.keys.asked());
}

// Adobe signs for all of its customers with the same keys.
#[rstest]
#[case(json!([{"event": {"_id": "1"}, "recipient_client_id": "somebody-else"}]))]
#[case(json!([{"event": {"_id": "1"}}]))]
#[case(json!([{"event": {"_id": "1"}, "recipient_client_id": OURS}, {"event": {"_id": "2"}, "recipient_client_id": "somebody-else"}]))]
#[case(json!([{"event": {"_id": "1"}, "recipient_client_id": OURS}, {"event": {"_id": "2"}}]))]
#[case(json!([{"event": {"_id": "1"}, "recipient_client_id": OURS}, null]))]
#[case(json!({"event": {"_id": "1", "recipient_client_id": OURS}}))]
#[case(json!({"events": [{"event": {"_id": "1"}}], "recipient_client_id": OURS}))]
#[tokio::test]
async fn what_is_meant_for_another_is_refused(#[case] body: Value) {
    let parts = known();
    let got = ask(&parts, &delivery(&body.to_string())).await;
    assert_eq!((got.status, parts.queue.calls()), (401, 0));
}

#[tokio::test]
async fn a_delivery_is_for_one_source() {
    let parts = known();
    parts.secret.set(Some(
        r#"{"one": {"scheme": "adobe-io", "client_id": "C1"}, "two": {"scheme": "adobe-io", "client_id": "C2"}}"#,
    ));
    let of = |id: &str| json!({"event": {"_id": "1"}, "recipient_client_id": id});
    let got = ask(&parts, &delivery(&json!([of("C2"), of("C2")]).to_string())).await;
    assert_eq!((got.status, parts.queue.sent()[0].source.as_str()), (200, "two"));
    let got = ask(&parts, &delivery(&json!([of("C1"), of("C2")]).to_string())).await;
    assert_eq!(got.status, 401);
    let got = ask(&parts, &delivery("[]")).await;
    assert_eq!((got.status, got.body()), (200, json!({"received": 0})));
}

#[tokio::test]
async fn without_keys_adobe_is_asked_to_try_again() {
    let parts = known();
    parts.keys.away(true);
    let got = ask(&parts, &delivery(BODY)).await;
    assert_eq!((got.status, got.headers.contains_key("retry-after")), (503, true));
    // Even when the other one is known to be wrong.
    let asked = with(delivery(BODY), KEY_PATH_2, "nowhere");
    assert_eq!(ask(&parts, &asked).await.status, 503);
    parts.keys.away(false);
    assert_eq!(ask(&parts, &delivery(BODY)).await.status, 200);
    // A key that is known serves through the next time.
    parts.keys.away(true);
    let later = now() + SignedDuration::from_hours(72);
    assert_eq!(ask_at(&parts, &delivery(BODY), later).await.status, 200);
}

#[rstest]
#[case("fedcba9876543210", json!({"event_id": "E1", "event": {"a": 1}, "recipient_client_id": "C1"}), Some("adobe-old"))]
#[case("fedcba9876543210", json!([{"event_id": "E1", "event": {"a": 1}, "recipient_client_id": "C2"}]), None)]
#[case("fedcba9876543210", json!([{"event_id": "E1", "event": {"a": 1}}]), None)]
#[case("a-legacy-secret-too", json!([{"event_id": "E1", "event": {"a": 1}}]), Some("adobe-older"))]
#[case("0123456789abcdef", json!([{"event_id": "E1", "event": {"a": 1}, "recipient_client_id": "C1"}]), None)]
#[tokio::test]
async fn the_legacy_signature(
    #[case] secret: &str,
    #[case] body: Value,
    #[case] source: Option<&str>,
) {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let body = body.to_string();
    let signature = STANDARD.encode(ring::hmac::sign(&key, body.as_bytes()));
    let parts = parts();
    let got = ask(&parts, &post(&[("x-adobe-signature", &signature)], &body)).await;
    assert_eq!(got.status, if source.is_some() { 200 } else { 401 });
    let sent = parts.queue.sent();
    assert_eq!(sent.first().map(|message| message.source.as_str()), source);
    if source.is_some() {
        assert_eq!(json!(sent[0].events), json!([{"a": 1, "_id": "E1"}]));
    }
}
