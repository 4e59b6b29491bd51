//! Genuine events in the shape of SQS, over stores in memory.

use super::*;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::reservation::Totals;
use flightpulse_store::OperationsReader;
use flightpulse_store::memory::MemoryStore;
use serde_json::json;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn worker() -> Worker<MemoryStore, MemoryDeadLetters> {
    Worker { store: MemoryStore::default(), dead_letters: MemoryDeadLetters::default(), clock: now }
}

fn event(pnr: &str, kind: &str, second: u32) -> Value {
    json!({
        "_id": format!("{pnr}-{kind}-{second}"), "eventType": kind,
        "timestamp": format!("2026-11-30T10:00:{second:02}Z"),
        "commerce": {"order": {"purchaseID": pnr, "priceTotal": 300, "currencyCode": "INR"}},
        "productListItems": [{
            "SKU": "F", "quantity": 2, "priceTotal": 300.5,
            "_tlpairways": {
                "flightNumber": "TL123", "origin": "DEL", "destination": "BOM",
                "departureDate": "2026-12-15", "cabinClass": "economy"
            }
        }],
        "_tlpairways": {
            "booking": {"pnr": pnr, "passengerCount": 2, "contactEmail": "user@example.com"}
        }
    })
}

fn purchase(pnr: &str) -> Value {
    event(pnr, xdm::PURCHASES, 1)
}

fn batch(messages: &[&[Value]]) -> Value {
    let record = |(at, events): (usize, &&[Value])| {
        let body = json!({
            "source": "forwarder", "received_at": "2026-11-30T23:59:58Z", "events": events
        });
        json!({
            "messageId": format!("m{at}"), "receiptHandle": "h", "body": body.to_string(),
            "attributes": {"ApproximateReceiveCount": "1"}, "eventSource": "aws:sqs"
        })
    };
    json!({"Records": messages.iter().enumerate().map(record).collect::<Vec<_>>()})
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

async fn totals(worker: &Worker<MemoryStore, MemoryDeadLetters>) -> Totals {
    let id = FlightId::new("TL123-2026-12-15-DEL").unwrap();
    let mut found = worker.store.totals(std::slice::from_ref(&id)).await.unwrap();
    found.remove(&id).unwrap_or_default()
}

#[tokio::test]
async fn a_batch_is_read_at_once_and_each_reservation_written_once() {
    let worker = worker();
    let events = [purchase("AAA111"), purchase("BBB222"), event("AAA111", xdm::ORDER_CANCELLED, 9)];
    let answer = worker.handle(batch(&[&events[..2], &events[2..]])).await.unwrap();
    assert!(ids(&answer).is_empty());
    assert_eq!(worker.store.calls(), 3, "one read and a transaction for each reservation");
    let totals = totals(&worker).await;
    assert_eq!((totals.reservations, totals.all_passengers()), (1, 2));
}

#[tokio::test]
async fn what_comes_again_writes_nothing() {
    let worker = worker();
    let events = batch(&[&[purchase("AAA111"), purchase("BBB222")]]);
    worker.handle(events.clone()).await.unwrap();
    let before = (worker.store.calls(), totals(&worker).await);
    worker.handle(events).await.unwrap();
    // The reading, and that of this test.
    assert_eq!(worker.store.calls(), before.0 + 2);
    assert_eq!(totals(&worker).await, before.1);
}

#[tokio::test]
async fn poison_goes_to_the_dead_letters_and_its_neighbours_proceed() {
    let worker = worker();
    let mut poison = purchase("CCC333");
    poison["_tlpairways"]["booking"]["pnr"] = Value::Null;
    let other = json!({"eventType": "web.webpagedetails.pageViews"});
    let events = [purchase("AAA111"), poison.clone(), other, json!(7)];
    let answer = worker.handle(batch(&[&events])).await.unwrap();
    assert!(ids(&answer).is_empty());
    assert_eq!(totals(&worker).await.reservations, 1);
    let kept = worker.dead_letters.kept();
    assert_eq!(kept.len(), 2);
    assert_eq!(
        kept[0].reason,
        "tenant.booking.pnr is missing; it must be text of A-Z a-z 0-9 . _ : -"
    );
    assert_eq!(serde_json::from_slice::<Value>(kept[0].bytes.as_ref().unwrap()).unwrap(), poison);
    let origin =
        Origin::BookingEvent { source: "forwarder".into(), message_id: "m0".into(), nth: 1 };
    assert_eq!(kept[0].origin, origin);
}

#[tokio::test]
async fn a_message_that_is_none_of_ours_is_kept_as_it_is() {
    let worker = worker();
    let mut messages = batch(&[&[purchase("AAA111")]]);
    messages["Records"][0]["body"] = json!("by hand");
    let answer = worker.handle(messages).await.unwrap();
    assert!(ids(&answer).is_empty());
    assert_eq!(worker.dead_letters.kept()[0].bytes.as_deref(), Some(b"by hand".as_slice()));
}

#[tokio::test]
async fn while_the_table_is_away_messages_come_again() {
    let worker = worker();
    worker.store.fail_with(Some("away"));
    let events = [purchase("AAA111")];
    let other = [json!({"eventType": "other"})];
    let answer = worker.handle(batch(&[&events, &other, &events])).await.unwrap();
    assert_eq!(ids(&answer), ["m0", "m2"]);
    assert!(worker.dead_letters.kept().is_empty());
}

#[tokio::test]
async fn a_letter_that_cannot_be_kept_has_its_message_delivered_again() {
    let worker = worker();
    worker.dead_letters.fail(true);
    let answer = worker.handle(batch(&[&[purchase("AAA111")], &[json!([])]])).await.unwrap();
    assert_eq!(ids(&answer), ["m1"]);
}

#[tokio::test]
async fn what_is_no_batch_fails_as_a_whole() {
    let failure = worker().handle(json!({"detail": {}})).await.unwrap_err();
    assert!(matches!(failure, Failure::InvalidInput(_)), "{failure:?}");
}
