use super::*;
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::notice::{Nature, Subject};
use flightpulse_store::RecordWriter;
use flightpulse_store::conformance::flight;
use flightpulse_store::memory::MemoryStore;
use rstest::rstest;
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

async fn store() -> MemoryStore {
    let store = MemoryStore::default();
    store.put_flight(&flight("SW5678")).await.unwrap();
    store
}

fn delay(event_id: &str, at: &str, minutes: u32) -> FlightUpdate {
    task(json!({
        "action": "apply", "detail_type": "flight.delay.major", "event_id": event_id, "occurred_at": at,
        "detail": {"flight_id": "SW5678", "delay_minutes": minutes, "reason": "WEATHER"},
    }))
}

fn task(value: Value) -> FlightUpdate {
    serde_json::from_value(value).unwrap()
}

fn record(notice: &Notice, overtaken: bool) -> FlightUpdate {
    FlightUpdate::RecordTold { notice: notice.clone(), overtaken }
}

async fn told(store: &MemoryStore, update: FlightUpdate) -> Notice {
    match handle(store, update, now()).await.unwrap() {
        FlightUpdated::Tell { notice, .. } => *notice,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_event_entered_again_is_told_again_until_it_is_recorded() {
    let store = store().await;
    let update = || delay("e1", "2026-11-21T10:00:00Z", 90);
    let notice = told(&store, update()).await;
    assert_eq!(told(&store, update()).await, notice);
    for _ in 0..2 {
        let noted = handle(&store, record(&notice, false), now()).await;
        assert_eq!(noted.unwrap(), FlightUpdated::Noted);
    }
    assert_eq!(handle(&store, update(), now()).await.unwrap(), FlightUpdated::NotMaterial);
}

#[tokio::test]
async fn an_older_event_is_superseded() {
    let store = store().await;
    told(&store, delay("e2", "2026-11-21T11:00:00Z", 90)).await;
    let older = handle(&store, delay("e1", "2026-11-21T10:00:00Z", 30), now()).await.unwrap();
    assert_eq!(older, FlightUpdated::Superseded);
}

fn abandon(event_id: &str, at: &str) -> FlightUpdate {
    task(json!({
        "action": "abandon_telling", "flight_id": "SW5678", "event_id": event_id,
        "occurred_at": at,
    }))
}

#[tokio::test]
async fn the_same_delay_after_a_failure_is_told() {
    let store = store().await;
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    let same = || delay("e2", "2026-11-21T10:05:00Z", 90);
    assert_eq!(handle(&store, same(), now()).await.unwrap(), FlightUpdated::NotMaterial);
    handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
    // From whichever source it comes again, and also when the failed event itself does.
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
    told(&store, delay("e3", "2026-11-21T10:06:00Z", 90)).await;
}

#[tokio::test]
async fn what_some_may_have_read_is_taken_back() {
    let store = store().await;
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
    let notice = told(&store, delay("e2", "2026-11-21T10:05:00Z", 0)).await;
    assert_eq!(notice.nature, Nature::Improvement);
}

#[tokio::test]
async fn an_event_whose_answer_was_lost_is_told_though_the_same_news_came_meanwhile() {
    let store = store().await;
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    let same = delay("e2", "2026-11-21T10:05:00Z", 90);
    assert_eq!(handle(&store, same, now()).await.unwrap(), FlightUpdated::NotMaterial);
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
}

#[tokio::test]
async fn an_event_from_the_future_is_refused() {
    let future = delay("e1", "2099-01-01T00:00:00Z", 90);
    let failure = handle(&store().await, future, now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
}

#[rstest]
#[case(json!({"flight_id": "SW0", "delay_minutes": 5}), "UnknownFlight")]
#[case(json!({"flight_id": "SW5678", "delay_minutes": 2_881}), "InvalidInput")]
#[tokio::test]
async fn a_task_that_cannot_be_done_says_why(#[case] detail: Value, #[case] name: &str) {
    let update = task(json!({
        "action": "apply", "detail_type": "flight.delay.major", "event_id": "e1", "occurred_at": "2026-11-21T10:00:00Z",
        "detail": detail,
    }));
    let failure = handle(&store().await, update, now()).await.unwrap_err();
    assert_eq!(failure.error_type(), name);
}

#[tokio::test]
async fn a_table_that_is_away_is_to_be_asked_again() {
    let store = store().await;
    store.fail_with(Some("throttled"));
    let failure = handle(&store, delay("e1", "2026-11-21T10:00:00Z", 90), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "Unavailable");
}

fn event(detail_type: &str, at: &str, detail: Value) -> FlightUpdate {
    let mut detail = detail;
    detail["flight_id"] = json!("SW5678");
    task(json!({
        "action": "apply", "detail_type": detail_type, "event_id": at.replace([':', '-'], ""),
        "occurred_at": at, "detail": detail,
    }))
}

#[tokio::test]
async fn each_event_has_its_notice() {
    let store = store().await;
    let gate = json!({"new_gate": "D15", "terminal_change": true});
    let gate = event("flight.gate_change", "2026-11-21T10:00:00Z", gate);
    let answer = handle(&store, gate, now()).await.unwrap();
    assert!(matches!(answer, FlightUpdated::Tell { urgent: true, .. }), "{answer:?}");
    let gone = json!({"reason": "WEATHER", "rebooking_priority": "HIGH"});
    let gone = told(&store, event("flight.cancelled", "2026-11-21T10:01:00Z", gone)).await;
    assert!(matches!(gone.subject, Subject::Cancellation { .. }));
    let back = told(&store, event("flight.reinstated", "2026-11-21T10:02:00Z", json!({}))).await;
    insta::assert_json_snapshot!(back);
}

#[tokio::test]
async fn a_telling_that_was_overtaken_leaves_doubt() {
    let store = store().await;
    let notice = told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    handle(&store, record(&notice, true), now()).await.unwrap();
    told(&store, delay("e2", "2026-11-21T10:05:00Z", 90)).await;
}

#[tokio::test]
async fn an_operator_has_the_truth_told_again() {
    let store = store().await;
    let first = told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    handle(&store, record(&first, false), now()).await.unwrap();
    let again = || event("flight.resend.schedule", "2026-11-21T11:00:00Z", json!({}));
    let second = told(&store, again()).await;
    assert_eq!((&second.version, &second.subject), (&first.version, &first.subject));
    assert!(second.resend_id.is_some());
    let nothing = event("flight.resend.gate", "2026-11-21T11:00:00Z", json!({}));
    assert_eq!(handle(&store, nothing, now()).await.unwrap(), FlightUpdated::NotMaterial);
}

#[tokio::test]
async fn an_operators_correction_is_told_though_it_says_the_same() {
    let store = store().await;
    told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    let right = json!({"delay_minutes": 90, "retracts": true});
    let notice = told(&store, event("flight.delay.major", "2026-11-21T10:05:00Z", right)).await;
    assert_eq!(notice.nature, Nature::Retraction);
}

#[rstest]
#[case("flight.gate_change", json!({"new_gate": "evil.example"}), "a gate must be")]
#[case("flight.gate_change", json!({}), "new_gate")]
#[case("flight.cancelled", json!({"reason": "ALIENS"}), "ALIENS")]
#[case("flight.exploded", json!({}), "no workflow takes an event named flight.exploded")]
#[tokio::test]
async fn what_was_put_on_the_bus_by_hand_is_checked(
    #[case] detail_type: &str,
    #[case] detail: Value,
    #[case] says: &str,
) {
    let update = event(detail_type, "2026-11-21T10:00:00Z", detail);
    let failure = handle(&store().await, update, now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
    assert!(failure.to_string().contains(says), "{failure}");
}

// Whoever looks for what came of an event finds one word, in the execution's output or in the claim.
#[rstest::rstest]
#[case(FlightUpdated::NotMaterial, QuietOutcome::NotMaterial)]
#[case(FlightUpdated::Superseded, QuietOutcome::Superseded)]
fn a_workflow_and_the_consumer_have_one_word_for_it(
    #[case] answer: FlightUpdated,
    #[case] outcome: QuietOutcome,
) {
    assert_eq!(serde_json::to_value(answer).unwrap()["outcome"], outcome.name());
}
