//! What whoever folds and reads reservations relies on.

use super::flight;
use crate::{
    BookingLookup, BookingReader, BookingWriter, OperationsReader, PassengerReader, RecordWriter,
    ReservationReader, ReservationWriter, Written,
};
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{EventId, FlightId, Pnr};
use flightpulse_domain::money::{Currency, Money};
use flightpulse_domain::reservation::{
    Ancillary, BookingEvent, Cabin, ContactField, Feed, FlightRecord, Order, Purchased,
    RecordStatus, Refund, Reservation, ReservationChange, Said, Totals, booking_id,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn pnr(run: &str, nth: u32) -> Pnr {
    // Short enough for a record locator, and of this run.
    let run: String = run.chars().rev().take(8).collect();
    Pnr::new(format!("{run}{nth:03}")).unwrap()
}

fn version(second: i64, id: &str) -> FacetVersion {
    let at = Timestamp::from_second(1_780_000_000 + second).unwrap();
    FacetVersion::new(at, EventId::new(id).unwrap())
}

fn event(pnr: &Pnr, second: i64, said: Said) -> BookingEvent {
    BookingEvent {
        pnr: pnr.clone(),
        version: version(second, &format!("e{second}")),
        order: Order::new(Some("O1".into())),
        contact: BTreeMap::new(),
        said,
    }
}

pub(super) fn purchase(pnr: &Pnr, second: i64, flight: &FlightId, party: u32) -> BookingEvent {
    let currency = Currency::from_code("INR").unwrap();
    let purchased = Purchased {
        flight_number: "TL123".into(),
        origin: "DEL".into(),
        destination: "BOM".into(),
        departure_date: jiff::civil::date(2026, 12, 15),
        passengers: BTreeMap::from([(Cabin::Economy, party)]),
        price: Money { minor_units: 3_000_000, currency },
        ancillaries: vec![Ancillary { kind: "bag".into(), quantity: 1, price: None }],
        payments: vec![],
        feed: Feed::Streaming,
    };
    let mut event =
        event(pnr, second, Said::Purchased(BTreeMap::from([(flight.clone(), purchased)])));
    event.contact.insert(ContactField::Email, "user@example.com".into());
    event
}

fn cancel(pnr: &Pnr, second: i64) -> BookingEvent {
    event(pnr, second, Said::Cancelled(BTreeSet::new()))
}

fn refund(pnr: &Pnr, second: i64, units: i64) -> BookingEvent {
    let refund = Refund {
        order: Order::new(None),
        currency: Currency::from_code("INR").unwrap(),
        seats: BTreeMap::new(),
        ancillaries: 0,
        whole: units,
        among: BTreeSet::new(),
    };
    event(pnr, second, Said::Refunded(refund))
}

pub(super) fn changed(before: &Reservation, event: &BookingEvent) -> ReservationChange {
    knowing(&HashMap::new(), before, event)
}

fn knowing(
    flights: &HashMap<FlightId, Flight>,
    before: &Reservation,
    event: &BookingEvent,
) -> ReservationChange {
    let mut after = before.clone();
    after.apply(event).unwrap();
    ReservationChange::between(before, after, flights).unwrap().unwrap()
}

async fn read<S: ReservationReader>(store: &S, pnr: &Pnr) -> Reservation {
    store.reservations(std::slice::from_ref(pnr)).await.unwrap().remove(pnr).unwrap().unwrap()
}

async fn totals<S: OperationsReader>(store: &S, flight: &FlightId) -> Totals {
    store.totals(std::slice::from_ref(flight)).await.unwrap().remove(flight).unwrap()
}

pub(super) async fn all<S>(store: &S, run: &str)
where
    S: ReservationReader
        + ReservationWriter
        + OperationsReader
        + RecordWriter
        + BookingReader
        + BookingLookup
        + BookingWriter
        + PassengerReader,
{
    all_of_it_is_written_together_or_not_at_all(store, run).await;
    a_party_that_gives_up_needs_no_other_flight(store, run).await;
    a_seat_is_taken_on_the_flight_as_it_was_decided_on(store, run).await;
    totals_take_many_writers_at_once(store, run).await;
    records_come_in_pages(store, run).await;
}

async fn all_of_it_is_written_together_or_not_at_all<S>(store: &S, run: &str)
where
    S: ReservationReader
        + ReservationWriter
        + OperationsReader
        + RecordWriter
        + BookingReader
        + BookingLookup
        + PassengerReader,
{
    let flight_id = FlightId::new(format!("{run}-R1")).unwrap();
    let pnr = pnr(run, 1);
    assert!(store.totals(std::slice::from_ref(&flight_id)).await.unwrap().is_empty());
    assert!(store.reservations(std::slice::from_ref(&pnr)).await.unwrap().is_empty());

    let new = Reservation::new(pnr.clone());
    let change = changed(&new, &purchase(&pnr, 10, &flight_id, 2));
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Yes);
    // Decided on what was read before: nothing of it is written.
    let late = changed(&new, &purchase(&pnr, 11, &flight_id, 7));
    assert_eq!(store.write_reservation(&late).await.unwrap(), Written::Outdated);

    let known = read(store, &pnr).await;
    assert_eq!(known, Reservation { revision: 1, ..change.reservation.clone() });
    let record = &change.created[0];
    let page = store.records_of(&flight_id, None, 5).await.unwrap();
    assert_eq!((page.items.as_slice(), page.next), ([record.clone()].as_slice(), None));
    let booked = store.bookings_of_flight(&flight_id, None, 5).await.unwrap().bookings;
    assert_eq!(booked.len(), 1);
    let written = store.booking(&booked[0].0).await.unwrap().unwrap();
    assert_eq!(Some(written.clone()), change.reservation.booking(&flight_id).unwrap());
    assert_eq!(record.passenger_count(), written.passenger_count);
    let contact = store.passenger(&written.passenger_id).await.unwrap();
    assert_eq!(contact, change.contact);
    let sum = Totals::of(&known, &flight_id);
    assert_eq!(totals(store, &flight_id).await, sum);

    // The flight itself may come later, and does not touch its totals.
    store.put_flight(&flight(flight_id.as_str())).await.unwrap();
    assert_eq!(totals(store, &flight_id).await, sum);

    let change = changed(&known, &refund(&pnr, 20, 1_000_001));
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Yes);
    let now = totals(store, &flight_id).await;
    assert_eq!(now, Totals::of(&read(store, &pnr).await, &flight_id));
    assert_eq!(now.revenue.values().sum::<i64>(), 1_999_999);
}

async fn a_party_that_gives_up_needs_no_other_flight<S>(store: &S, run: &str)
where
    S: ReservationReader + ReservationWriter + OperationsReader + BookingLookup + BookingWriter,
{
    let flight_id = FlightId::new(format!("{run}-R2")).unwrap();
    let pnr = pnr(run, 2);
    let change = changed(&Reservation::new(pnr.clone()), &purchase(&pnr, 10, &flight_id, 2));
    store.write_reservation(&change).await.unwrap();
    let id = booking_id(&pnr, &flight_id).unwrap();
    let booking = store.booking(&id).await.unwrap().unwrap();
    store
        .set_booking_status(&booking, BookingStatus::NeedsRebooking, &version(50, "x"))
        .await
        .unwrap();
    let known = read(store, &pnr).await;
    let change = changed(&known, &purchase(&pnr, 20, &flight_id, 3));
    store.write_reservation(&change).await.unwrap();
    let more = store.booking(&id).await.unwrap().unwrap();
    // What a disruption made of it stays.
    let expected = (BookingStatus::NeedsRebooking, 3, true);
    let rebooking = more.rebooking_version.is_some();
    assert_eq!((more.booking_status, more.passenger_count, rebooking), expected);

    let known = read(store, &pnr).await;
    store.write_reservation(&changed(&known, &cancel(&pnr, 30))).await.unwrap();
    let given_up = store.booking(&id).await.unwrap().unwrap();
    assert_eq!(given_up.booking_status, BookingStatus::Cancelled);
    assert_eq!(given_up.rebooking_version, None);
    let page = store.records_of(&flight_id, None, 5).await.unwrap();
    assert_eq!(page.items[0].status, RecordStatus::Cancelled);
    let left = totals(store, &flight_id).await;
    assert_eq!((left.reservations, left.all_passengers()), (0, 0));
}

async fn a_seat_is_taken_on_the_flight_as_it_was_decided_on<S>(store: &S, run: &str)
where
    S: ReservationReader + ReservationWriter + RecordWriter + BookingLookup,
{
    let flight_id = FlightId::new(format!("{run}-R4")).unwrap();
    let pnr = pnr(run, 4);
    let mut cancelled = flight(flight_id.as_str());
    cancelled.status = FlightStatus::Cancelled;
    cancelled.versions.status = Some(version(1, "cancelled"));
    store.put_flight(&cancelled).await.unwrap();
    let new = Reservation::new(pnr.clone());
    let purchase = purchase(&pnr, 10, &flight_id, 2);
    // Decided before the cancellation was known.
    let change = changed(&new, &purchase);
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Outdated);
    let known = HashMap::from([(flight_id.clone(), cancelled.clone())]);
    let change = knowing(&known, &new, &purchase);
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Yes);
    let booking = store.booking(&booking_id(&pnr, &flight_id).unwrap()).await.unwrap().unwrap();
    assert_eq!(booking.booking_status, BookingStatus::NeedsRebooking);
    assert_eq!(booking.flight_status_version, cancelled.versions.status);

    let known_now = read(store, &pnr).await;
    store.write_reservation(&changed(&known_now, &cancel(&pnr, 20))).await.unwrap();
    let known_now = read(store, &pnr).await;
    let again = self::purchase(&pnr, 30, &flight_id, 1);
    // Decided on a cancellation that was taken back since.
    let change = knowing(&known, &known_now, &again);
    store.put_flight(&flight(flight_id.as_str())).await.unwrap();
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Outdated);
    let change = changed(&known_now, &again);
    assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Yes);
    let booking = store.booking(&booking.booking_id).await.unwrap().unwrap();
    let expected = (BookingStatus::Confirmed, 1, None);
    assert_eq!(
        (booking.booking_status, booking.passenger_count, booking.rebooking_version),
        expected
    );
}

async fn totals_take_many_writers_at_once<S>(store: &S, run: &str)
where
    S: ReservationReader + ReservationWriter + OperationsReader,
{
    let flight_id = &FlightId::new(format!("{run}-R3")).unwrap();
    let writers = (100..116).map(|nth| async move {
        let pnr = pnr(run, nth);
        let change = changed(&Reservation::new(pnr.clone()), &purchase(&pnr, 10, flight_id, 2));
        // As a caller does: what met others too often is tried again.
        for _ in 0..20 {
            if store.write_reservation(&change).await.is_ok() {
                return;
            }
        }
        panic!("{pnr} could not be written");
    });
    futures::future::join_all(writers).await;
    let sum = totals(store, flight_id).await;
    assert_eq!((sum.reservations, sum.all_passengers()), (16, 32));
    assert_eq!(sum.revenue.values().sum::<i64>(), 16 * 3_000_000);
}

async fn records_come_in_pages<S>(store: &S, run: &str)
where
    S: OperationsReader,
{
    let flight_id = FlightId::new(format!("{run}-R3")).unwrap();
    let mut found: Vec<FlightRecord> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.records_of(&flight_id, after.as_deref(), 5).await.unwrap();
        assert!(page.items.len() <= 5);
        found.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let mut pnrs: Vec<_> = found.iter().map(|record| record.pnr.clone()).collect();
    pnrs.dedup();
    assert_eq!(pnrs.len(), 16);
    assert!(pnrs.is_sorted());
}
