//! Whatever order events come in, and how often, the same reservation comes of them.

use super::*;
use crate::booking::BookingStatus;
use crate::flight::{Flight, FlightStatus};
use crate::ids::BookingId;
use crate::money::Currency;
use std::collections::{BTreeSet, HashMap};

mod properties;

fn flight(n: usize) -> FlightId {
    FlightId::new(format!("TL{n}-2026-12-15-DEL")).unwrap()
}

fn inr(minor_units: i64) -> Money {
    Money { minor_units, currency: Currency::from_code("INR").unwrap() }
}

fn version(second: i64, id: &str) -> FacetVersion {
    FacetVersion::new(Timestamp::from_second(second).unwrap(), EventId::new(id).unwrap())
}

fn event(second: i64, order: Option<&str>, said: Said) -> BookingEvent {
    BookingEvent {
        pnr: Pnr::new("ABC123").unwrap(),
        version: version(second, &format!("e{second}")),
        order: Order::new(order.map(str::to_owned)),
        contact: BTreeMap::new(),
        said,
    }
}

fn bags(quantity: u32) -> Ancillary {
    Ancillary { kind: "extra_bag".to_owned(), quantity, price: Some(inr(100)) }
}

fn bought(n: usize, party: u32, price: i64) -> Purchased {
    Purchased {
        flight_number: format!("TL{n}"),
        origin: "DEL".to_owned(),
        destination: "BOM".to_owned(),
        departure_date: jiff::civil::date(2026, 12, 15),
        passengers: BTreeMap::from([(Cabin::Economy, party)]),
        price: inr(price),
        ancillaries: vec![bags(party)],
        payments: vec![],
        feed: Feed::Streaming,
    }
}

fn purchase(second: i64, order: &str, flights: &[(usize, u32, i64)]) -> BookingEvent {
    let flights =
        flights.iter().map(|(n, party, price)| (flight(*n), bought(*n, *party, *price))).collect();
    let mut event = event(second, Some(order), Said::Purchased(flights));
    event.contact.insert(ContactField::Email, format!("party{second}@example.com"));
    event
}

fn extra(second: i64, number: Option<&str>) -> BookingEvent {
    let extra = Extra { flight_number: number.map(str::to_owned), ancillary: bags(1) };
    event(second, Some("O9"), Said::Extras(vec![extra]))
}

fn cancel(second: i64, order: Option<&str>, flights: &[usize]) -> BookingEvent {
    event(second, order, Said::Cancelled(flights.iter().map(|n| flight(*n)).collect()))
}

fn refund(second: i64, order: Option<&str>, flights: &[(usize, i64)], whole: i64) -> BookingEvent {
    let said = Said::Refunded(Refund {
        order: Order::new(order.map(str::to_owned)),
        currency: inr(0).currency,
        seats: flights.iter().map(|(n, units)| (flight(*n), *units)).collect(),
        ancillaries: 0,
        whole,
        among: BTreeSet::new(),
    });
    event(second, order, said)
}

/// What has to be written, where no flight is known.
fn between(before: &Reservation, after: Reservation) -> Option<ReservationChange> {
    ReservationChange::between(before, after, &HashMap::new()).unwrap()
}

fn written(before: &Reservation, event: &BookingEvent) -> ReservationChange {
    let mut after = before.clone();
    after.apply(event).unwrap();
    between(before, after).unwrap()
}

fn of_the_seats(state: &Reservation, n: usize) -> i64 {
    let id = flight(n);
    let orders: Vec<_> = state.orders_of(&id).cloned().collect();
    orders.iter().flat_map(|order| state.refunded(&id, order).seats.into_values()).sum()
}

fn reservation(events: &[BookingEvent]) -> Reservation {
    let mut reservation = Reservation::new(Pnr::new("ABC123").unwrap());
    events.iter().for_each(|event| reservation.apply(event).unwrap());
    reservation
}

fn rupees(totals: &Totals) -> i64 {
    totals.revenue.values().sum()
}

#[test]
fn a_purchase_is_a_record_a_booking_and_a_share_of_the_totals() {
    let change = written(&reservation(&[]), &purchase(10, "O1", &[(1, 2, 3_000_000)]));
    let record = &change.created[0];
    assert_eq!((record.passenger_count(), record.revenue), (2, inr(3_000_000)));
    let [BookingChange::Made(booking)] = change.bookings.as_slice() else {
        panic!("{:?}", change.bookings);
    };
    assert_eq!(booking.booking_id.as_str(), "AEP-ABC123-TL1-2026-12-15-DEL");
    assert_eq!((booking.passenger_count, booking.booking_status), (2, BookingStatus::Confirmed));
    let contact = change.contact.unwrap();
    assert_eq!(contact.passenger_id, booking.passenger_id);
    assert!(contact.notification_preferences.email && !contact.notification_preferences.sms);
    let [(_, totals)] = change.totals.as_slice() else { panic!("{:?}", change.totals) };
    assert_eq!((totals.reservations, totals.all_passengers(), rupees(totals)), (1, 2, 3_000_000));
    assert_eq!(totals.ancillaries[&AncillaryCategory::Bag], 2);
}

#[test]
fn what_is_heard_again_changes_nothing() {
    let events = [
        purchase(10, "O1", &[(1, 2, 500)]),
        extra(15, None),
        refund(20, Some("O1"), &[], 200),
        cancel(30, Some("O1"), &[]),
    ];
    let once = reservation(&events);
    let again = reservation(&[&events[..], &events[..]].concat());
    assert_eq!(between(&once, again), None);
}

#[test]
fn a_cancelled_party_frees_its_seats_and_is_not_given_its_money() {
    let before = reservation(&[purchase(10, "O1", &[(1, 2, 500)])]);
    let change = written(&before, &cancel(20, Some("O1"), &[]));
    let (_, totals) = &change.totals[0];
    assert_eq!((totals.reservations, totals.all_passengers(), rupees(totals)), (-1, -2, 0));
    assert!(matches!(&change.bookings[..], [BookingChange::GivenUp { passenger_count: 2, .. }]));
    assert!(change.operates.is_empty(), "nobody takes a seat");
}

#[test]
fn a_cancellation_concerns_its_order_and_gives_way_to_a_newer_purchase() {
    let bought = [purchase(10, "O1", &[(1, 1, 5)]), purchase(11, "O2", &[(2, 1, 5)])];
    let state = |more: &[BookingEvent]| {
        let all = reservation(&[&bought[..], more].concat());
        let cancelled = |n: usize| {
            let id = flight(n);
            all.orders_of(&id).all(|order| all.is_cancelled(&id, order))
        };
        (cancelled(1), cancelled(2))
    };
    assert_eq!(state(&[cancel(20, Some("O1"), &[])]), (true, false));
    assert_eq!(state(&[cancel(20, None, &[])]), (true, true));
    assert_eq!(state(&[cancel(20, None, &[2])]), (false, true));
    // Its name is no sign for any order.
    assert_eq!(state(&[cancel(20, Some("*"), &[])]), (false, false));
    assert_eq!(state(&[cancel(5, None, &[])]), (false, false));
    let anew = [cancel(20, None, &[]), purchase(30, "O1", &[(1, 1, 5)])];
    assert_eq!(state(&anew), (false, true));
}

#[test]
fn two_orders_of_one_flight_are_two_records_of_one_booking() {
    let before = reservation(&[purchase(10, "O1", &[(1, 2, 100)])]);
    let change = written(&before, &purchase(20, "O2", &[(1, 1, 40)]));
    assert_eq!((change.created.len(), change.updated.len()), (1, 1));
    assert!(matches!(&change.bookings[..], [BookingChange::Resized { passenger_count: 3, .. }]));
    let both = Totals::of(&change.reservation, &flight(1));
    assert_eq!((both.reservations, both.all_passengers(), rupees(&both)), (1, 3, 140));
    let left = written(&change.reservation, &cancel(30, Some("O1"), &[]));
    let totals = Totals::of(&left.reservation, &flight(1));
    assert_eq!((totals.reservations, totals.all_passengers()), (1, 1));
    assert!(matches!(&left.bookings[..], [BookingChange::Resized { passenger_count: 1, .. }]));
}

#[test]
fn a_refund_of_an_order_is_borne_by_what_each_flight_cost_to_the_last_unit() {
    let mut state = reservation(&[purchase(10, "O1", &[(1, 1, 100), (2, 1, 200), (3, 1, 0)])]);
    state.apply(&refund(20, Some("O1"), &[(3, 7)], 100)).unwrap();
    let shares = [1, 2, 3].map(|n| of_the_seats(&state, n));
    assert_eq!(shares, [34, 66, 7]);
}

#[test]
fn a_refund_that_comes_before_its_purchase_waits_for_it() {
    let late = reservation(&[refund(20, None, &[], 30), purchase(10, "O1", &[(1, 1, 100)])]);
    assert_eq!(rupees(&Totals::of(&late, &flight(1))), 70);
}

#[test]
fn a_bag_of_an_order_of_its_own_is_given_back_all_the_same() {
    let mut given_back = refund(30, Some("O9"), &[], 0);
    let Said::Refunded(bag) = &mut given_back.said else { panic!() };
    bag.ancillaries = 100;
    let bought = purchase(10, "O1", &[(1, 1, 5)]);
    let state = reservation(&[given_back, extra(20, None), bought]);
    let totals = Totals::of(&state, &flight(1));
    // Two bags at 100, one of them given back.
    assert_eq!((totals.ancillary_revenue.values().sum::<i64>(), rupees(&totals)), (100, 5));
}

#[test]
fn what_is_bought_beside_later_goes_with_its_flight_or_the_first() {
    let bought = purchase(10, "O1", &[(1, 1, 5), (2, 1, 5)]);
    let state =
        reservation(&[extra(20, Some("TL2")), extra(21, None), extra(22, Some("X9")), bought]);
    let bags = |n: usize| Totals::of(&state, &flight(n)).ancillaries[&AncillaryCategory::Bag];
    // One each with the flights; and what names none of them with the first.
    assert_eq!((bags(1), bags(2)), (3, 2));
}

#[test]
fn what_is_bought_beside_goes_with_seats_that_are_held() {
    let bags = |state: &Reservation, n: usize| {
        Totals::of(state, &flight(n)).ancillaries.get(&AncillaryCategory::Bag).copied()
    };
    // Of two orders of its flight, the one that stands; of two flights, the one that is flown.
    let orders = [purchase(10, "O1", &[(1, 1, 5)]), purchase(11, "O2", &[(1, 1, 5)])];
    let given_up = [cancel(20, Some("O1"), &[]), extra(30, Some("TL1"))];
    assert_eq!(bags(&reservation(&[&orders[..], &given_up].concat()), 1), Some(2));
    let flights = [purchase(10, "O1", &[(1, 1, 5), (2, 1, 5)]), cancel(20, None, &[1])];
    let state = reservation(&[&flights[..], &[extra(30, None)]].concat());
    assert_eq!((bags(&state, 1), bags(&state, 2)), (None, Some(2)));
}

#[test]
fn who_is_not_named_again_is_not_forgotten() {
    let mut nameless = purchase(20, "O2", &[(2, 1, 5)]);
    nameless.contact.clear();
    let state = reservation(&[nameless, purchase(10, "O1", &[(1, 1, 5)])]);
    assert_eq!(state.passenger().unwrap().email.as_deref(), Some("party10@example.com"));
}

#[test]
fn a_seat_on_a_flight_that_does_not_operate_needs_another_from_the_start() {
    let departs = Timestamp::from_second(1_000).unwrap();
    let mut cancelled = Flight::scheduled(flight(1), "DEL", "BOM", departs, departs);
    cancelled.status = FlightStatus::Cancelled;
    cancelled.versions.status = Some(version(5, "c"));
    let flights = HashMap::from([(flight(1), cancelled)]);
    let before = reservation(&[]);
    let after = reservation(&[purchase(10, "O1", &[(1, 2, 5), (2, 2, 5)])]);
    let change = ReservationChange::between(&before, after.clone(), &flights).unwrap().unwrap();
    let stranded: Vec<_> = change.bookings.iter().filter_map(BookingChange::stranded).collect();
    assert_eq!(stranded.len(), 1);
    assert_eq!(
        (&stranded[0].flight_id, &stranded[0].flight_status_version),
        (&flight(1), &Some(version(5, "c")))
    );
    assert_eq!(change.operates, BTreeMap::from([(flight(1), false), (flight(2), true)]));
    // Taken again after it was given up, too.
    let given_up = reservation(&[purchase(10, "O1", &[(1, 2, 5)]), cancel(20, None, &[])]);
    let mut again = given_up.clone();
    again.apply(&purchase(30, "O1", &[(1, 2, 5)])).unwrap();
    let change = ReservationChange::between(&given_up, again, &flights).unwrap().unwrap();
    let again = change.bookings[0].stranded().unwrap();
    assert!(matches!(&change.bookings[..], [BookingChange::TakenAgain(_)]));
    // And asks anew: whoever rebooks has heard of the first.
    assert_ne!(again.rebooking_version, stranded[0].rebooking_version);
}

#[test]
fn of_two_statements_of_one_event_the_same_one_stands() {
    let (one, mut other) = (purchase(10, "O1", &[(1, 2, 5)]), purchase(10, "O1", &[(1, 2, 6)]));
    other.contact.insert(ContactField::Email, "other@example.com".to_owned());
    let (a, b) = (refund(20, None, &[], 3), refund(20, None, &[], 4));
    let state = reservation(&[one.clone(), other.clone(), a.clone(), b.clone()]);
    assert_eq!(state, reservation(&[b, other, a, one]));
}

#[test]
fn more_than_a_transaction_holds_is_refused_and_nothing_of_it_taken_in() {
    let mut state = reservation(&[]);
    let flights: Vec<_> = (0..=MAX_PURCHASES).map(|n| (n, 1, 5)).collect();
    let refused = state.apply(&purchase(10, "O1", &flights)).unwrap_err();
    assert_eq!(refused.to_string(), "a reservation has at most 16 flights and orders");
    assert_eq!(state, reservation(&[]));
}
