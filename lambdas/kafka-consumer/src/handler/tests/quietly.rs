//! Events of which nobody need be told.

use super::*;
use flightpulse_domain::disruption::QuietOutcome::{NotMaterial, Superseded};
use flightpulse_domain::ids::EventId;
use flightpulse_store::conformance::ClaimsEvents;
use flightpulse_store::{EventClaim, EventClaimReader, FlightWriter};

fn id() -> FlightId {
    FlightId::new("SW5678").unwrap()
}

/// One minute after another, so that each is newer than the one before.
fn at(minute: usize, event_id: &str, minutes: i64) -> Value {
    let mut event = delay(event_id, "SW5678", minutes);
    event["timestamp"] = json!(format!("2026-11-21T09:{minute:02}:00Z"));
    event
}

async fn handle(parts: &Parts, events: &[Value]) -> Value {
    let records: Vec<_> =
        events.iter().zip(0..).map(|(one, at)| record(0, at, &one.to_string())).collect();
    parts.handle(invocation(&event(&records)), now()).await.unwrap()
}

/// The outcomes that are on the bus, by the events' ids.
fn outcomes(parts: &Parts) -> Vec<(String, Value)> {
    let all = (0..parts.bus.published().len()).map(|at| detail(parts, at));
    all.map(|one| (one["event_id"].as_str().unwrap().to_owned(), one["outcome"].clone())).collect()
}

async fn claim(parts: &Parts, event_id: &str) -> Option<EventClaim> {
    let event = EventId::new(event_id).unwrap();
    let claims = parts.flights.event_claims(&[(event.clone(), id())]).await.unwrap();
    claims.get(&event).copied()
}

async fn flight_now(parts: &Parts) -> Flight {
    parts.flights.flight(&id()).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_tells_nobody_is_done_with_and_published_with_its_outcome() {
    let parts = consumer().await;
    let answer = handle(&parts, &[at(30, "e1", 0)]).await;
    assert_eq!(answer, json!({"batchItemFailures": []}));
    assert_eq!(parts.bus.published()[0].detail_type, "flight.delay.minor");
    insta::assert_json_snapshot!(detail(&parts, 0));
    assert_eq!(claim(&parts, "e1").await, Some(EventClaim::DoneQuietly(NotMaterial)));
    let flight = flight_now(&parts).await;
    let version = flight.versions.schedule.unwrap();
    assert_eq!((version.event_id().as_str(), flight.revision), ("e1", 1));
}

#[tokio::test]
async fn a_batch_is_decided_in_its_order_and_a_flight_written_once() {
    let parts = consumer().await;
    let before = parts.flights.calls();
    // The second is older than the first, the third is to be told, the fourth is the first once more, and the fifth
    // says what the flight is like without the third.
    let events =
        [at(30, "e1", 0), at(20, "e2", 60), at(40, "e3", 90), at(30, "e1", 0), at(50, "e4", 0)];
    handle(&parts, &events).await;
    let (quiet, old) = (json!("NOT_MATERIAL"), json!("SUPERSEDED"));
    let expected =
        [("e1", &quiet), ("e2", &old), ("e3", &Value::Null), ("e1", &quiet), ("e4", &quiet)];
    let expected: Vec<_> = expected.map(|(id, is)| (id.to_owned(), is.clone())).into();
    assert_eq!(outcomes(&parts), expected);
    assert_eq!(parts.flights.calls() - before, 2, "one read, one write");
    assert_eq!(claim(&parts, "e2").await, Some(EventClaim::DoneQuietly(Superseded)));
    assert_eq!(claim(&parts, "e3").await, None);
    let flight = flight_now(&parts).await;
    assert_eq!((flight.versions.schedule.unwrap().event_id().as_str(), flight.revision), ("e4", 1));
}

#[tokio::test]
async fn more_than_one_transaction_takes_are_done_with_too() {
    let parts = consumer().await;
    let before = parts.flights.calls();
    let events: Vec<_> = (0..250).map(|nth| at(30, &format!("e{nth:03}"), 0)).collect();
    handle(&parts, &events).await;
    assert!(outcomes(&parts).iter().all(|(_, outcome)| outcome == "NOT_MATERIAL"));
    assert_eq!(parts.flights.calls() - before, 4, "one read, three writes");
    assert_eq!(flight_now(&parts).await.revision, 1);
    assert_eq!(claim(&parts, "e249").await, Some(EventClaim::DoneQuietly(NotMaterial)));
}

#[tokio::test]
async fn a_later_transaction_that_is_refused_leaves_its_events_to_their_workflows() {
    let parts = consumer().await;
    parts.flights.claim_event(&EventId::new("e150").unwrap(), &id(), "IN_PROGRESS").await;
    let events: Vec<_> = (0..250).map(|nth| at(30, &format!("e{nth:03}"), 0)).collect();
    handle(&parts, &events).await;
    let done = outcomes(&parts).iter().filter(|(_, outcome)| outcome == "NOT_MATERIAL").count();
    assert_eq!(done, 99, "those of the first transaction, which has the flight");
    assert_eq!(flight_now(&parts).await.revision, 1);
    assert_eq!(claim(&parts, "e100").await, None);
}

#[tokio::test]
async fn events_that_a_workflow_has_are_left_to_it_with_all_of_their_flight() {
    for state in ["IN_PROGRESS", "DONE"] {
        let parts = consumer().await;
        parts.flights.claim_event(&EventId::new("e2").unwrap(), &id(), state).await;
        handle(&parts, &[at(30, "e1", 0), at(31, "e2", 0)]).await;
        assert!(outcomes(&parts).iter().all(|(_, outcome)| outcome.is_null()));
        assert_eq!(claim(&parts, "e1").await, None);
        assert_eq!(flight_now(&parts).await.revision, 0);
    }
}

#[tokio::test]
async fn events_of_a_flight_that_has_changed_since_it_was_read_are_left_to_their_workflows() {
    let parts = consumer().await;
    let read = flight_now(&parts).await;
    let flights = HashMap::from([(id(), read.clone())]);
    let event = OperationsEvent::read(Some(at(30, "e1", 0).to_string().as_bytes()), now()).unwrap();
    let changed = Flight { revision: 1, ..read.clone() };
    parts.flights.write_flight(&read, &changed).await.unwrap();
    let done = quiet::complete(&parts.flights, &[(0, event)], &flights, now()).await;
    assert!(done.is_empty(), "{done:?}");
}

#[tokio::test]
async fn a_table_that_takes_no_writes_is_not_waited_for_by_each_flight() {
    let parts = consumer().await;
    let ids: Vec<_> = (0..100).map(|nth| FlightId::new(format!("SW{nth}")).unwrap()).collect();
    let flights = ids.iter().map(|id| (id.clone(), flight(id.as_str()))).collect();
    let event = |id: &FlightId| {
        let text = delay(&format!("e-{id}"), id.as_str(), 0).to_string();
        OperationsEvent::read(Some(text.as_bytes()), now()).unwrap()
    };
    let events: Vec<_> = ids.iter().map(event).enumerate().collect();
    parts.flights.fail_with(Some("throttled"));
    let before = parts.flights.calls();
    let done = quiet::complete(&parts.flights, &events, &flights, now()).await;
    assert!(done.is_empty(), "{done:?}");
    assert!(parts.flights.calls() - before <= 8, "those under way, and no other");
}

#[tokio::test]
async fn a_reinstatement_that_cannot_be_of_its_flight_is_for_the_workflow_to_refuse() {
    let parts = consumer().await;
    let event = json!({
        "event_id": "e1", "event_type": "FLIGHT_REINSTATED", "timestamp": "2026-11-21T09:30:00Z",
        "source": "operations_center",
        "payload": {"flight_id": "SW5678", "new_departure": "2027-11-21T09:30:00Z"},
    });
    handle(&parts, &[event]).await;
    assert_eq!(outcomes(&parts), [("e1".to_owned(), Value::Null)]);
}
