//! Genuine events in the shape of SQS, over stores in memory.

use super::*;
use flightpulse_booking_intake::DECISIONS;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_dead_letters::Origin;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, PassengerId, Pnr};
use flightpulse_domain::reservation::{Feed, ReservationChange, Totals, booking_id};
use flightpulse_domain::xdm;
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{
    BookingLookup, BookingPage, BookingRecord, OperationsReader, RecordWriter, Reservations,
    StoreError, Written,
};
use serde_json::json;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

type Memory = Worker<MemoryStore, MemoryBus, MemoryDeadLetters>;

fn worker() -> Memory {
    Worker {
        store: MemoryStore::default(),
        bus: MemoryBus::default(),
        dead_letters: MemoryDeadLetters::default(),
        clock: now,
    }
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

async fn totals(worker: &Memory) -> Totals {
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
    assert_eq!(worker.store.calls(), 4, "two reads and a transaction for each reservation");
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
    // The two readings, and that of this test.
    assert_eq!(worker.store.calls(), before.0 + 3);
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
    let origin = Origin::BookingEvent {
        source: "forwarder".into(),
        message_id: "m0".into(),
        nth: 1,
        feed: Feed::Streaming,
    };
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

#[tokio::test]
async fn what_is_poison_in_a_message_that_comes_again_is_kept_once() {
    let worker = worker();
    let events = [purchase("AAA111"), json!(7)];
    worker.store.fail_with(Some("away"));
    for _ in 0..3 {
        let answer = worker.handle(batch(&[&events])).await.unwrap();
        assert_eq!(ids(&answer), ["m0"]);
    }
    worker.store.fail_with(None);
    assert!(ids(&worker.handle(batch(&[&events])).await.unwrap()).is_empty());
    assert_eq!(worker.dead_letters.kept().len(), 1);
}

#[tokio::test]
async fn what_is_too_much_for_a_reservation_is_a_dead_letter_and_the_rest_counts() {
    let worker = worker();
    let events: Vec<_> = (0..17)
        .map(|nth| {
            let mut event = event("AAA111", xdm::PURCHASES, nth);
            event["commerce"]["order"]["purchaseID"] = json!(format!("O{nth}"));
            event
        })
        .collect();
    assert!(ids(&worker.handle(batch(&[&events])).await.unwrap()).is_empty());
    let kept = worker.dead_letters.kept();
    assert_eq!(kept[0].reason, "a reservation has at most 16 flights and orders");
    assert_eq!((kept.len(), totals(&worker).await.all_passengers()), (1, 32));
}

#[tokio::test]
async fn a_seat_on_a_cancelled_flight_needs_another_and_is_asked_for_until_it_is_heard() {
    let worker = worker();
    let id = FlightId::new("TL123-2026-12-15-DEL").unwrap();
    let departs = "2026-12-15T00:40:00Z".parse().unwrap();
    let mut flight = Flight::scheduled(id.clone(), "DEL", "BOM", departs, departs);
    flight.status = FlightStatus::Cancelled;
    flight.versions.status = Some(FacetVersion::new(now(), EventId::new("c1").unwrap()));
    worker.store.put_flight(&flight).await.unwrap();
    let events = batch(&[&[purchase("AAA111")]]);
    // It is written before anyone is asked, who would look for it; while nobody can be, it comes again.
    worker.bus.fail_containing(&["AAA111"]);
    assert_eq!(ids(&worker.handle(events.clone()).await.unwrap()), ["m0"]);
    assert_eq!(totals(&worker).await.reservations, 1);
    worker.bus.fail_containing(&[]);
    assert!(ids(&worker.handle(events.clone()).await.unwrap()).is_empty());
    let asked = worker.bus.published();
    let detail: Value = serde_json::from_str(&asked[0].detail).unwrap();
    assert_eq!((asked.len(), asked[0].detail_type), (1, "rebooking.needed"));
    assert_eq!((&detail["passenger_count"], &detail["event_id"]), (&json!(2), &json!("c1")));
    let booking = booking_id(&Pnr::new("AAA111").unwrap(), &id).unwrap();
    let booking = worker.store.booking(&booking).await.unwrap().unwrap();
    assert_eq!(booking.booking_status, BookingStatus::NeedsRebooking);
    // Heard again, it is the same request.
    worker.handle(events).await.unwrap();
    let again = worker.bus.published();
    assert_eq!(again[1].detail, asked[0].detail);
}

/// A table of which others write the reservation first so many times, and that refuses what has more
/// than so many records.
struct Contended {
    inner: MemoryStore,
    others: AtomicUsize,
    most_records: usize,
}

impl ReservationReader for Contended {
    async fn reservations(&self, pnrs: &[Pnr]) -> Result<Reservations, StoreError> {
        self.inner.reservations(pnrs).await
    }
}

impl FlightReader for Contended {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        self.inner.flight(id).await
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        self.inner.flights(ids).await
    }
}

impl BookingReader for Contended {
    async fn bookings_of_flight(
        &self,
        id: &FlightId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<BookingPage, StoreError> {
        self.inner.bookings_of_flight(id, cursor, limit).await
    }

    async fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> Result<Vec<BookingRecord>, StoreError> {
        self.inner.booking_records(ids).await
    }
}

impl ReservationWriter for Contended {
    async fn write_reservation(&self, change: &ReservationChange) -> Result<Written, StoreError> {
        let less = |left: usize| left.checked_sub(1);
        if self.others.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
            return Ok(Written::Outdated);
        }
        if change.records().count() > self.most_records {
            return Err(StoreError::Refused("too large".to_owned()));
        }
        self.inner.write_reservation(change).await
    }
}

async fn contended(
    others: usize,
    most_records: usize,
    events: &[Value],
) -> (Answer, usize, Totals) {
    let (inner, dead_letters) = (MemoryStore::default(), MemoryDeadLetters::default());
    let store = Contended { inner: inner.clone(), others: others.into(), most_records };
    let worker =
        Worker { store, bus: MemoryBus::default(), dead_letters: dead_letters.clone(), clock: now };
    let answer = worker.handle(batch(&[events])).await.unwrap();
    let id = FlightId::new("TL123-2026-12-15-DEL").unwrap();
    let mut totals = inner.totals(std::slice::from_ref(&id)).await.unwrap();
    (answer, dead_letters.kept().len(), totals.remove(&id).unwrap_or_default())
}

#[tokio::test]
async fn what_others_write_meanwhile_is_decided_on_anew_so_many_times() {
    let events = [purchase("AAA111")];
    let (answer, _, totals) = contended(DECISIONS - 1, 9, &events).await;
    assert_eq!((ids(&answer).len(), totals.reservations), (0, 1));
    let (answer, letters, totals) = contended(DECISIONS, 9, &events).await;
    assert_eq!((ids(&answer), letters, totals), (vec!["m0"], 0, Totals::default()));
}

#[tokio::test]
async fn an_event_that_can_never_be_written_takes_no_other_along() {
    let mut other = event("AAA111", xdm::PURCHASES, 2);
    other["commerce"]["order"]["purchaseID"] = json!("O2");
    // Together they are two records, which this table refuses.
    let (answer, letters, totals) = contended(0, 1, &[purchase("AAA111"), other.clone()]).await;
    assert_eq!((ids(&answer).len(), letters, totals.all_passengers()), (0, 0, 4));
    let (answer, letters, totals) = contended(0, 0, &[purchase("AAA111"), other]).await;
    assert_eq!((ids(&answer).len(), letters, totals), (0, 2, Totals::default()));
}
