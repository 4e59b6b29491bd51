use super::*;
use crate::aep::bookings::Run;
use flightpulse_domain::reservation::{BookingEvent, Feed, Reservation, ReservationChange};
use flightpulse_domain::xdm::{Read, read};
use flightpulse_store::ReservationWriter;
use flightpulse_store::memory::MemoryStore;
use jiff::Timestamp;
use serde_json::json;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn bookings(count: u32) -> Bookings {
    let run: Run = "AB2CD".parse().unwrap();
    Bookings::plan(run, 3, count, 4, jiff::civil::date(2026, 12, 15), now()).unwrap()
}

fn events(bookings: &Bookings, number: u32) -> Vec<BookingEvent> {
    let booking = bookings.booking(number).unwrap();
    let read = |event| {
        let event = crate::aep::xdm::event(bookings, &booking, event, false);
        match read(&event, Feed::Streaming, now()) {
            Ok(Read::Booking(event)) => event,
            other => panic!("{other:?}"),
        }
    };
    booking.events.iter().map(read).collect()
}

/// A table as it is when these events have been worked up.
async fn worked_up(events: &[Vec<BookingEvent>]) -> MemoryStore {
    let store = MemoryStore::default();
    for events in events {
        let before = Reservation::new(events[0].pnr.clone());
        let mut after = before.clone();
        events.iter().for_each(|event| after.apply(event).unwrap());
        let change = ReservationChange::between(&before, after, &HashMap::new()).unwrap().unwrap();
        store.write_reservation(&change).await.unwrap();
    }
    store
}

async fn held(bookings: &Bookings, events: &[Vec<BookingEvent>]) -> (Records, usize, Examples) {
    let store = worked_up(events).await;
    let truth = Truth::of(bookings).unwrap();
    let mut examples = Examples::default();
    let records = records(&store, bookings, &truth, &mut examples).await.unwrap();
    let totals = totals(&store, bookings).await.unwrap();
    (records, wrong_totals(&HashMap::new(), &truth, &totals).len(), examples)
}

fn all(bookings: &Bookings) -> Vec<Vec<BookingEvent>> {
    (0..bookings.count).map(|number| events(bookings, number)).collect()
}

#[tokio::test]
async fn what_was_worked_up_is_exact() {
    let bookings = bookings(60);
    let (records, wrong, examples) = held(&bookings, &all(&bookings)).await;
    assert_eq!((records.exact, records.missing, wrong), (records.expected, 0, 0));
    assert_eq!(examples, Examples::default());
}

#[tokio::test]
async fn a_booking_that_is_missing_one_that_is_wrong_and_one_too_many_are_told() {
    let bookings = bookings(60);
    let mut events_of_all = all(&bookings);
    let again = events_of_all.iter().position(|events| events.len() > 1).unwrap();
    events_of_all[again].pop();
    events_of_all.push(events(&bookings, 60));
    events_of_all.remove(if again == 0 { 1 } else { 0 });
    let (records, wrong, examples) = held(&bookings, &events_of_all).await;
    assert!(records.missing >= 1 && records.wrong >= 1 && records.unexpected >= 1, "{records:?}");
    assert!(wrong >= 1 && records.exact + records.missing + records.wrong == records.expected);
    let told = examples.0.join("\n");
    for said in ["there is no record", " for ", "must be none"] {
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn letters_are_those_of_the_spoilt_events_and_their_reasons() {
    let bookings = bookings(5);
    let spoilt = BTreeMap::from([
        ("aep-AB2CD-spoilt-0".to_owned(), Flaw::NoPnr),
        ("aep-AB2CD-spoilt-1".to_owned(), Flaw::NegativePrice),
        ("aep-AB2CD-spoilt-2".to_owned(), Flaw::ImpossibleDate),
    ]);
    let letter = |id: &str, reason: &str| (json!({"_id": id}), reason.to_owned());
    let found = [
        letter("aep-AB2CD-spoilt-0", "tenant.booking.pnr is missing"),
        letter("aep-AB2CD-spoilt-0", "tenant.booking.pnr is missing"),
        letter("aep-AB2CD-spoilt-1", "something else"),
        letter("aep-AB2CDDAAAA-0", "the table is away"),
        letter("aep-OTHER-spoilt-2", "of another run"),
    ];
    let mut examples = Examples::default();
    let letters = letters(&bookings, &spoilt, &found, &mut examples);
    assert_eq!(letters, Letters { expected: 3, exact: 1, missing: 1, wrong: 2 });
    assert_eq!(examples.0.len(), 2);
}

#[tokio::test]
async fn reservations_that_are_there_are_counted() {
    let bookings = bookings(3);
    let store = worked_up(&all(&bookings)).await;
    let pnr = |number: u32| bookings.booking(number).unwrap().pnr;
    assert_eq!(there(&store, &[pnr(0), pnr(2), pnr(7)]).await.unwrap(), 2);
}
