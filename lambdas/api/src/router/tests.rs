use super::*;
use flightpulse_contracts::rest::routes::READS;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::ids::PassengerId;
use flightpulse_secrets::memory::MemorySecret;
use flightpulse_store::conformance::{booking, claim, flight, passenger};
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{NotificationClaims, ReconciliationLog, RecordWriter};
use jiff::SignedDuration;
use lambda_http::http::HeaderMap;
use rstest::rstest;
use serde_json::Value;

mod lists;
mod operations;
mod reconciliations;

const JANE: &str = "arn:aws:iam::000000000000:user/jane";
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

type Parts = (Api<MemoryStore, MemorySecret>, MemorySecret);

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn empty() -> Parts {
    let secret = MemorySecret::new(KEY);
    (Api::new(MemoryStore::default(), secret.clone()), secret)
}

/// The sample flight with one booking of its passenger, who was told.
async fn parts() -> Parts {
    let (api, secret) = empty();
    api.store.put_flight(&flight("SW5678")).await.unwrap();
    api.store.put_booking(&booking("B001", "P001", "SW5678")).await.unwrap();
    api.store.put_passenger(&passenger("P001")).await.unwrap();
    let mut told = claim("N1", "SW5678", "B001");
    told.passenger_id = PassengerId::new("P001").unwrap();
    api.store.mark_sent(&[told], "exec", now()).await.unwrap();
    api.store.plan_run(None, &reconciliations::run(1)).await.unwrap();
    (api, secret)
}

/// A signed GET of a path with its query.
fn get(target: &str) -> Asked {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    Asked {
        method: Method::GET,
        path: path.to_owned(),
        query: pairs.map(pair).collect(),
        if_none_match: None,
        identity: Some(JANE.to_owned()),
    }
}

struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

async fn ask(api: &Api<MemoryStore, MemorySecret>, asked: &Asked) -> Got {
    let response = respond(api, asked, now()).await;
    let (head, body) = response.into_parts();
    let text = String::from_utf8(body.to_vec()).unwrap();
    Got { status: head.status.as_u16(), headers: head.headers, text }
}

#[rstest]
#[case("health", "/health")]
#[case("flight", "/flights/SW5678")]
#[case("flights", "/flights?status=SCHEDULED")]
#[case("bookings_of_a_flight", "/flights/SW5678/bookings")]
#[case("notifications_of_a_flight", "/flights/SW5678/notifications")]
#[case("booking", "/bookings/B001")]
#[case("notifications_of_a_booking", "/bookings/B001/notifications")]
#[case("passenger", "/passengers/P001")]
#[case("bookings_of_a_passenger", "/passengers/P001/bookings")]
#[tokio::test]
async fn an_answer_reads_like_this(#[case] name: &str, #[case] target: &str) {
    let got = ask(&parts().await.0, &get(target)).await;
    assert_eq!((got.status, got.header("content-type")), (200, "application/json"));
    insta::assert_json_snapshot!(name, got.body());
}

// What is documented is what is answered: every route, asked as its example says.
#[tokio::test]
async fn every_route_answers_as_documented() {
    let (api, _) = parts().await;
    for (read, route) in &READS {
        let mut asked = get(route.template);
        // The sample airline has no run, so the documents have none that works.
        let run = reconciliations::run(1).run_id;
        asked.path = asked.path.replace("{reconciliation_id}", run.as_str());
        for parameter in route.parameters {
            let Some(example) = parameter.example else { continue };
            asked.path = asked.path.replace(&format!("{{{}}}", parameter.name), example);
            if parameter.place.name() == "query" {
                asked.query.push((parameter.name.to_owned(), example.to_owned()));
            }
        }
        let got = ask(&api, &asked).await;
        assert_eq!(got.status, route.status, "{read:?}: {}", got.text);
        assert!(got.header("content-type").starts_with(route.answer.media_type), "{read:?}");
        assert_eq!(got.headers.contains_key("etag"), route.conditional, "{read:?}");
        if route.answer.media_type == "application/json" {
            assert_eq!((route.answer.again)(got.body()).unwrap(), got.body(), "{read:?}");
        }
        // And to nobody, where it is signed.
        asked.identity = None;
        assert_eq!(ask(&api, &asked).await.status == 403, route.signed, "{read:?}");
        // And with no other parameter.
        asked.identity = Some(JANE.to_owned());
        asked.query.push(("surprise".to_owned(), "1".to_owned()));
        let got = ask(&api, &asked).await;
        assert_eq!(got.status, 400, "{read:?}");
        assert!(got.text.contains("surprise is no parameter here: this takes"), "{}", got.text);
    }
}

#[rstest]
#[case("/flights/SW0000", "There is no flight SW0000.")]
#[case("/flights/SW0000/bookings", "There is no flight SW0000.")]
#[case("/flights/SW0000/notifications", "There is no flight SW0000.")]
#[case("/flights/SW0000/operations", "There is no flight SW0000.")]
#[case("/passengers/P000", "There is no passenger P000.")]
#[case("/passengers/P000/bookings", "There is no passenger P000.")]
#[case("/bookings/B000", "There is no booking B000.")]
#[case("/bookings/B000/notifications", "There is no booking B000.")]
// What cannot be an id is the id of nothing.
#[case("/flights/SW%200", "There is no flight SW 0.")]
#[case("/flights/SW5678%2Fbookings", "There is no flight SW5678/bookings.")]
#[case("/bookings/%FF", "There is no booking %FF.")]
#[case("/passengers/P%23METADATA", "There is no passenger P#METADATA.")]
#[case("/flights//bookings", "There is no flight .")]
#[case("/", "There is nothing at /.")]
#[case("/flight/SW5678", "There is nothing at /flight/SW5678.")]
#[case("/flights/SW5678/bookings/B001", "There is nothing at /flights/SW5678/bookings/B001.")]
#[tokio::test]
async fn what_is_not_there_is_a_404_that_says_so(#[case] path: &str, #[case] detail: &str) {
    let got = ask(&parts().await.0, &get(path)).await;
    assert_eq!((got.status, got.header("content-type")), (404, "application/problem+json"));
    assert_eq!((&got.body()["detail"], got.header("cache-control")), (&detail.into(), "no-store"));
}

#[rstest]
#[case("/flights/%53W5678")]
#[case("/flights/SW5678/")]
#[tokio::test]
async fn a_path_may_be_encoded_and_end_with_a_slash(#[case] path: &str) {
    let got = ask(&parts().await.0, &get(path)).await;
    assert_eq!((got.status, &got.body()["flight_id"]), (200, &"SW5678".into()));
}

#[rstest]
fn other_methods_are_refused_by_name(
    #[values(Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS)]
    method: Method,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let got = ask(&parts().await.0, &Asked { method, ..get("/flights/SW5678") }).await;
        assert_eq!((got.status, got.header("allow")), (405, "GET, HEAD"));
        assert_eq!(got.body()["detail"], "/flights/SW5678 takes GET and HEAD only.");
    });
}

#[rstest]
#[case("/flights/SW5678", 200)]
#[case("/flights/SW0000", 404)]
#[tokio::test]
async fn head_is_get_without_a_body(#[case] path: &str, #[case] status: u16) {
    let (api, _) = parts().await;
    let head = ask(&api, &Asked { method: Method::HEAD, ..get(path) }).await;
    let full = ask(&api, &get(path)).await;
    assert_eq!((head.status, head.text.as_str(), full.status), (status, "", status));
    assert_eq!(head.headers, full.headers);
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let (api, _) = parts().await;
    let first = ask(&api, &get("/passengers/P001")).await;
    let etag = first.header("etag");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    for known in [etag.to_owned(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let if_none_match = Some(known.clone().into_bytes());
        let got = ask(&api, &Asked { if_none_match, ..get("/passengers/P001") }).await;
        assert_eq!((got.status, got.text.as_str()), (304, ""), "{known}");
        assert_eq!((got.header("etag"), got.header("cache-control")), (etag, "private, no-cache"));
    }
    let if_none_match = Some(etag.to_owned().into_bytes());
    let mut changed = passenger("P001");
    changed.first_name = "Ada".to_owned();
    api.store.put_passenger(&changed).await.unwrap();
    let got = ask(&api, &Asked { if_none_match, ..get("/passengers/P001") }).await;
    assert_eq!(got.status, 200);
    assert_ne!(got.header("etag"), etag);
}

#[tokio::test]
async fn a_condition_is_about_what_is_there() {
    let (api, _) = parts().await;
    let any = |target| Asked { if_none_match: Some(b"*".to_vec()), ..get(target) };
    assert_eq!(ask(&api, &any("/flights/SW0000")).await.status, 404);
    // Health is never the same twice.
    assert_eq!(ask(&api, &any("/health")).await.status, 200);
    let bad = Asked { if_none_match: Some(b"abc".to_vec()), ..get("/flights/SW5678") };
    let got = ask(&api, &bad).await;
    assert_eq!(got.status, 400);
    assert!(got.text.contains("If-None-Match must be * or a list of ETags"), "{}", got.text);
}

#[tokio::test]
async fn a_public_answer_may_be_kept_and_asked_for_again() {
    let got = ask(&parts().await.0, &get("/flights/SW5678")).await;
    assert_eq!(got.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn a_table_that_is_away_is_a_503_that_gives_nothing_away() {
    let (api, _) = parts().await;
    api.store.fail_with(Some("secret internals"));
    for target in ["/flights/SW5678", "/flights?status=DELAYED", "/passengers/P001/bookings"] {
        let got = ask(&api, &get(target)).await;
        assert_eq!((got.status, got.header("content-type")), (503, "application/problem+json"));
        assert!(!got.text.contains("secret"), "{}", got.text);
    }
}

#[tokio::test]
async fn the_page_may_load_nothing() {
    let got = ask(&empty().0, &Asked { identity: None, ..get("/docs") }).await;
    assert_eq!((got.status, got.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = got.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(got.text.contains("/flights/{flight_id}/notifications"));
}

#[tokio::test]
async fn the_document_is_the_committed_one() {
    let got = ask(&empty().0, &Asked { identity: None, ..get("/openapi.json") }).await;
    assert_eq!(got.body()["openapi"], "3.1.0");
    // With six of operators and one of a webhook.
    assert_eq!(got.body()["paths"].as_object().unwrap().len(), READS.len() + 7);
}

// AWS's own sample of a proxy event, with what is ours in its places.
#[tokio::test]
async fn an_event_of_api_gateway_is_understood() {
    let event = include_str!("../../../../sample-data/aws-events/api-gateway-rust-runtime.json");
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["httpMethod"] = "GET".into();
    event["path"] = "/flights/SW5678/bookings".into();
    event["requestContext"]["identity"]["userArn"] = JANE.into();
    event["multiValueHeaders"]["If-None-Match"] = serde_json::json!(["\"abc\""]);
    event["multiValueQueryStringParameters"] = serde_json::json!({"limit": ["1", "2"]});
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let asked = Asked::from(&request);
    assert_eq!((&asked.method, asked.path.as_str()), (&Method::GET, "/flights/SW5678/bookings"));
    assert_eq!(asked.identity.as_deref(), Some(JANE));
    assert_eq!(asked.if_none_match.as_deref(), Some(b"\"abc\"".as_slice()));
    // Given twice, it must be seen twice.
    let got = ask(&parts().await.0, &asked).await;
    assert_eq!((got.status, &got.body()["detail"]), (400, &"limit must be given once.".into()));
}
