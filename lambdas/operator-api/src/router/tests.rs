use super::*;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::news::{Told, ToldSchedule};
use flightpulse_store::conformance::flight;
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{FlightReader, RecordWriter};
use rstest::rstest;
use serde_json::Value;

const JANE: &str = "arn:aws:iam::000000000000:user/jane";

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

async fn operators() -> Operators<MemoryStore, MemoryBus> {
    let store = MemoryStore::default();
    let mut late = flight("SW5678");
    late.status = FlightStatus::Delayed;
    late.delay_minutes = 900;
    late.versions.schedule = Some("2026-11-21T09:00:00.000000Z#e1".to_owned().try_into().unwrap());
    let version = late.versions.schedule.clone().unwrap();
    let said = ToldSchedule { departure: late.scheduled_departure };
    late.schedule_news.told = Some(Told { version, revision: 1, said });
    store.put_flight(&late).await.unwrap();
    Operators { store, bus: MemoryBus::default() }
}

fn asked(method: Method, path: &str, body: Value) -> Asked {
    Asked {
        method,
        path: path.into(),
        query: Vec::new(),
        body: body.to_string().into_bytes(),
        identity: Some(JANE.into()),
    }
}

async fn ask(operators: &Operators<MemoryStore, MemoryBus>, asked: &Asked) -> (u16, Value) {
    let response = answer(operators, asked, now()).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

fn signed() -> Value {
    json!({"operator": "jane", "reason": "wrong broadcast"})
}

fn correction(correction: Value) -> Value {
    json!({"operator": "jane", "reason": "a typing error", "correction": correction})
}

#[tokio::test]
async fn an_operator_holds_and_releases_and_it_is_kept() {
    let operators = operators().await;
    let hold = asked(Method::POST, "/admin/notifications/hold", signed());
    let (status, body) = ask(&operators, &hold).await;
    assert_eq!((status, &body["held"], &body["changed_by"]), (200, &json!(true), &json!("jane")));
    let read = asked(Method::GET, "/admin/notifications", json!(null));
    assert_eq!(ask(&operators, &read).await.1, body);
    let release = asked(Method::POST, "/admin/notifications/release", signed());
    assert_eq!(ask(&operators, &release).await.1["held"], json!(false));

    let (_, log) = ask(&operators, &asked(Method::GET, "/admin/actions", json!(null))).await;
    assert_eq!(log["count"], 2);
    for action in log["actions"].as_array().unwrap() {
        assert_eq!((&action["identity"], &action["operator"]), (&json!(JANE), &json!("jane")));
        assert_eq!((&action["at"], &action["outcome"]), (&json!(now()), &json!("DONE")));
    }
}

#[tokio::test]
async fn a_resend_asks_for_all_that_was_told() {
    let operators = operators().await;
    let resend = asked(Method::POST, "/admin/flights/SW5678/resend", signed());
    let (status, body) = ask(&operators, &resend).await;
    assert_eq!(
        (status, &body["events"][0]["detail_type"]),
        (202, &json!("flight.resend.schedule"))
    );
    let published = operators.bus.published();
    assert_eq!(published.len(), 1);
    let detail: Value = serde_json::from_str(&published[0].detail).unwrap();
    assert_eq!((&detail["facet"], &detail["flight_id"]), (&json!("schedule"), &json!("SW5678")));
}

#[tokio::test]
async fn a_correction_is_an_event_that_wins_and_retracts() {
    let operators = operators().await;
    let right = correction(json!({"kind": "DELAY", "delay_minutes": 90, "cause": "WEATHER"}));
    let path = "/admin/flights/SW5678/correction";
    let (status, body) = ask(&operators, &asked(Method::POST, path, right)).await;
    assert_eq!((status, &body["events"][0]["detail_type"]), (202, &json!("flight.delay.major")));
    let mut detail: Value = serde_json::from_str(&operators.bus.published()[0].detail).unwrap();
    for random in ["event_id", "correlation_id"] {
        detail[random] = json!("…");
    }
    insta::assert_json_snapshot!(detail);
}

#[tokio::test]
async fn an_operator_has_the_last_word_against_a_clock_that_is_ahead() {
    let operators = operators().await;
    let id = flightpulse_domain::ids::FlightId::new("SW5678").unwrap();
    let mut flight = operators.store.flight(&id).await.unwrap().unwrap();
    flight.versions.gate = Some("2026-11-21T10:05:00.000000Z#e9".to_owned().try_into().unwrap());
    operators.store.put_flight(&flight).await.unwrap();
    let right = correction(json!({"kind": "GATE", "gate": "D15"}));
    ask(&operators, &asked(Method::POST, "/admin/flights/SW5678/correction", right)).await;
    let detail: Value = serde_json::from_str(&operators.bus.published()[0].detail).unwrap();
    assert_eq!(detail["occurred_at"], json!("2026-11-21T10:05:00.000001Z"));
}

#[tokio::test]
async fn an_action_that_the_bus_did_not_take_stays_requested() {
    let operators = operators().await;
    operators.bus.fail_containing(&["SW5678"]);
    let resend = asked(Method::POST, "/admin/flights/SW5678/resend", signed());
    assert_eq!(ask(&operators, &resend).await.0, 503);
    let (_, log) = ask(&operators, &asked(Method::GET, "/admin/actions", json!(null))).await;
    assert_eq!(log["actions"][0]["outcome"], "REQUESTED");
}

#[tokio::test]
async fn actions_come_in_pages_and_a_bad_page_is_refused() {
    let operators = operators().await;
    for _ in 0..3 {
        ask(&operators, &asked(Method::POST, "/admin/notifications/hold", signed())).await;
    }
    let mut page = asked(Method::GET, "/admin/actions", json!(null));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    page.query = vec![pair("limit", "2")];
    let (_, first) = ask(&operators, &page).await;
    page.query.push(pair("cursor", first["next"].as_str().unwrap()));
    let (_, second) = ask(&operators, &page).await;
    assert_eq!((&first["count"], &second["count"]), (&json!(2), &json!(1)));
    for (name, value) in
        [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "FLIGHT#1"), ("page", "2")]
    {
        page.query = vec![pair(name, value)];
        assert_eq!(ask(&operators, &page).await.0, 400, "{name} {value}");
    }
}

#[rstest]
#[case("/admin/notifications/hold", json!({"operator": "jane"}), 400, "reason")]
#[case("/admin/notifications/hold", json!({"operator": " ", "reason": "x"}), 400, "operator must be")]
#[case("/admin/notifications/hold", json!({"operator": "j", "reason": "x", "until": 1}), 400, "until")]
#[case("/admin/notifications/hold", json!({"operator": "j", "reason": "\u{202e}x"}), 400, "reason must be")]
#[case("/admin/notifications/hold", json!({"operator": "\u{200b}", "reason": "x"}), 400, "operator must be")]
#[case("/admin/flights/SW5678/resend", json!({"operator": "j", "reason": "x", "facet": "wing"}), 400, "wing")]
#[case("/admin/flights/SW5678/resend", json!({"operator": "j", "reason": "x", "facet": "gate"}), 409, "nothing to tell")]
#[case("/admin/flights/SW0000/resend", signed(), 404, "There is no flight SW0000.")]
#[case("/admin/flights/SW5678/correction", correction(json!({"kind": "DELAY", "delay_minutes": 2881})), 400, "0 to 2880")]
#[case("/admin/flights/SW5678/correction", correction(json!({"kind": "GATE", "gate": "evil.example"})), 400, "correction.gate must be")]
#[case("/admin/flights/SW5678/correction", correction(json!({"kind": "EXPLODED"})), 400, "EXPLODED")]
#[case("/admin/nothing", signed(), 404, "There is no POST /admin/nothing.")]
#[tokio::test]
async fn what_cannot_be_asked_is_a_problem_that_says_why(
    #[case] path: &str,
    #[case] body: Value,
    #[case] status: u16,
    #[case] says: &str,
) {
    let operators = operators().await;
    let (got, problem) = ask(&operators, &asked(Method::POST, path, body)).await;
    assert_eq!(got, status, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    assert!(operators.bus.published().is_empty());
}

#[tokio::test]
async fn nobody_gets_in_unsigned() {
    let mut unsigned = asked(Method::GET, "/admin/notifications", json!(null));
    unsigned.identity = None;
    assert_eq!(ask(&operators().await, &unsigned).await.0, 403);
}

#[tokio::test]
async fn a_flight_that_has_left_cannot_be_corrected() {
    let operators = operators().await;
    let mut gone = flight("SW1");
    gone.status = FlightStatus::Departed;
    operators.store.put_flight(&gone).await.unwrap();
    let right = correction(json!({"kind": "OPERATES"}));
    let path = "/admin/flights/SW1/correction";
    assert_eq!(ask(&operators, &asked(Method::POST, path, right)).await.0, 409);
}

#[tokio::test]
async fn the_time_of_a_cancelled_flight_cannot_be_corrected_before_it_operates() {
    let operators = operators().await;
    let mut gone = flight("SW1");
    gone.status = FlightStatus::Cancelled;
    operators.store.put_flight(&gone).await.unwrap();
    let path = "/admin/flights/SW1/correction";
    for (right, status) in
        [(json!({"kind": "GATE", "gate": "D15"}), 409), (json!({"kind": "OPERATES"}), 202)]
    {
        assert_eq!(ask(&operators, &asked(Method::POST, path, correction(right))).await.0, status);
    }
}

// Every documented route is one, and takes what the document says that it takes.
#[tokio::test]
async fn what_is_documented_is_routed() {
    use flightpulse_contracts::rest::routes::{OPERATORS, Verb};
    let operators = operators().await;
    for route in &OPERATORS {
        let method = if route.verb == Verb::Get { Method::GET } else { Method::POST };
        let body = route.body.and_then(|body| body.example).map_or(json!(null), |body| body());
        let path = route.template.replace("{flight_id}", "SW5678");
        let mut asked = asked(method, &path, body);
        asked.query = route
            .parameters
            .iter()
            .filter(|parameter| parameter.place.name() == "query")
            .map(|one| (one.name.to_owned(), one.example.unwrap().to_owned()))
            .collect();
        let (status, answer) = ask(&operators, &asked).await;
        if status == 409 {
            assert!(route.refusals.iter().any(|refusal| refusal.status == 409), "{path}");
            continue;
        }
        assert_eq!(status, route.status, "{path}: {answer}");
        assert_eq!((route.answer.again)(answer.clone()).unwrap(), answer, "{path}");
        asked.query.push(("surprise".to_owned(), String::new()));
        assert_eq!(ask(&operators, &asked).await.0, 400, "{path}");
    }
}
