//! The sources: who is let in, and how a change of them becomes known.

use super::*;

const NO: &str = "The request has no signature that a configured source would make.";

// One sentence for all: whoever tries does not learn how far they got.
#[rstest]
#[case(&[])]
#[case(&[("authorization", "Basic dTpw")])]
#[case(&[("authorization", "Bearer token-0123456780")])]
#[case(&[("x-flightpulse-signature", "t=1795255200,v1=00")])]
#[case(&[("x-flightpulse-signature", "t=1795255200,v1=0000000000000000000000000000000000000000000000000000000000000000")])]
#[case(&[("x-flightpulse-signature", "t=1695255200,v1=0000000000000000000000000000000000000000000000000000000000000000")])]
#[case(&[("x-adobe-signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")])]
#[case(&[("x-adobe-digital-signature-1", "AAAA")])]
// No downgrade: a good token does not mend a bad signature.
#[case(&[("authorization", "Bearer token-0123456789"), ("x-flightpulse-signature", "t=1,v1=00")])]
#[case(&[("authorization", "Bearer token-0123456789"), ("x-adobe-signature", "AAAA")])]
#[case(&[("authorization", "Bearer token-0123456789"), ("x-adobe-digital-signature-2", "AAAA")])]
#[tokio::test]
async fn who_is_not_known_is_told_one_thing(#[case] lines: &[(&str, &str)]) {
    let parts = parts();
    let got = ask(&parts, &post(lines, "{}")).await;
    assert_eq!((got.status, got.detail().as_str()), (401, NO));
    assert_eq!(got.headers["www-authenticate"], "Bearer");
    assert_eq!((parts.queue.calls(), parts.keys.asked().len()), (0, 0));
}

#[tokio::test]
async fn a_good_signature_does_not_mend_a_bad_one_of_a_scheme_before_it() {
    let parts = parts();
    let mut asked = signed("{}");
    for name in ["x-adobe-signature", "x-adobe-digital-signature-1"] {
        asked.headers.insert(name, HeaderValue::from_static("AAAA"));
        assert_eq!(ask(&parts, &asked).await.status, 401, "{name}");
        asked.headers.remove(name);
    }
    assert_eq!(ask(&parts, &asked).await.status, 200);
    // Where nobody may send by that scheme, its headers are nothing.
    parts.secret.set(Some(r#"{"forwarder": "0123456789abcdef"}"#));
    asked.headers.insert("x-adobe-signature", HeaderValue::from_static("AAAA"));
    let later = now() + SignedDuration::from_secs(11);
    assert_eq!(ask_at(&parts, &asked, later).await.status, 401);
    let later = now() + SignedDuration::from_mins(5) + SignedDuration::from_secs(1);
    let value = own::sign(&["0123456789abcdef"], later, b"{}");
    asked.headers.insert(own::HEADER, value.parse().unwrap());
    assert_eq!(ask_at(&parts, &asked, later).await.status, 200);
}

#[tokio::test]
async fn a_destination_sends_its_token() {
    let parts = parts();
    let got = ask(&parts, &post(&[("authorization", "Bearer token-0123456789")], "[{}]")).await;
    assert_eq!((got.status, parts.queue.sent()[0].source.as_str()), (200, "destination"));
}

#[tokio::test]
async fn the_sources_are_read_once() {
    let parts = parts();
    for _ in 0..3 {
        assert_eq!(ask(&parts, &signed("{}")).await.status, 200);
    }
    assert_eq!(parts.secret.reads(), 1);
    let later = now() + SignedDuration::from_mins(5);
    assert_eq!(ask_at(&parts, &signed("{}"), later).await.status, 200);
    assert_eq!(parts.secret.reads(), 1);
}

#[tokio::test]
async fn a_new_secret_is_known_at_once_and_the_old_one_serves_beside_it() {
    let parts = parts();
    assert_eq!(ask(&parts, &signed("{}")).await.status, 200);
    parts.secret.set(Some(
        r#"{"forwarder": {"scheme": "flightpulse", "secrets": ["a-new-secret-of-ours", "0123456789abcdef"]}}"#,
    ));
    let value = own::sign(&["a-new-secret-of-ours"], now(), b"{}");
    let new = post(&[(own::HEADER, &value)], "{}");
    // Within ten seconds of a reading nothing is read again, whoever asks.
    let seconds = |seconds| now() + SignedDuration::from_secs(seconds);
    assert_eq!((ask_at(&parts, &new, seconds(10)).await.status, parts.secret.reads()), (401, 1));
    assert_eq!((ask_at(&parts, &new, seconds(11)).await.status, parts.secret.reads()), (200, 2));
    let old = ask_at(&parts, &signed("{}"), seconds(12)).await;
    assert_eq!((old.status, parts.secret.reads()), (200, 2));
}

#[tokio::test]
async fn forged_requests_cost_one_reading_in_ten_seconds() {
    let parts = parts();
    let forged = post(&[("authorization", "Bearer token-of-somebody")], "{}");
    for second in 0..=33 {
        let got = ask_at(&parts, &forged, now() + SignedDuration::from_secs(second)).await;
        assert_eq!(got.status, 401);
    }
    // At 0, 11, 22 and 33 seconds.
    assert_eq!(parts.secret.reads(), 4);
    // What no newer source would make is not doubted.
    let late = now() + SignedDuration::from_secs(60);
    let malformed = post(&[(own::HEADER, "t=1")], "{}");
    assert_eq!(ask_at(&parts, &malformed, late).await.status, 401);
    assert_eq!(ask_at(&parts, &post(&[], "{}"), late).await.status, 401);
    assert_eq!(parts.secret.reads(), 4);
}

#[rstest]
#[case(None)]
#[case(Some("{\"forwarder\": \"short\"}"))]
#[case(Some("not json: 0123456789abcdef"))]
#[tokio::test]
async fn without_sources_nothing_is_refused(#[case] secret: Option<&str>) {
    let parts = parts();
    parts.secret.set(secret);
    let got = ask(&parts, &signed("{}")).await;
    assert_eq!((got.status, &got.headers["retry-after"]), (503, &HeaderValue::from(30)));
    assert!(!got.text.contains("short") && !got.text.contains("0123456789abcdef"));
    // Once it is mended, it is known.
    parts.secret.set(Some(SOURCES));
    let later = now() + SignedDuration::from_secs(11);
    assert_eq!(ask_at(&parts, &signed("{}"), later).await.status, 200);
}

#[tokio::test]
async fn nobody_configured_is_nobody_let_in() {
    let parts = parts();
    parts.secret.set(Some("{}"));
    assert_eq!(ask(&parts, &signed("{}")).await.status, 401);
}
