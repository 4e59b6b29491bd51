//! Whatever order events come in, and how often, the same reservation comes of them.

use super::*;
use crate::booking::BookingStatus;
use proptest::prelude::*;

fn flight(n: usize) -> FlightId {
    FlightId::new(format!("TL{n}-2026-12-15-DEL")).unwrap()
}

fn inr(minor_units: i64) -> Money {
    Money { minor_units, currency: Currency::from_code("INR").unwrap() }
}

fn version(second: i64, id: &str) -> FacetVersion {
    FacetVersion::new(Timestamp::from_second(second).unwrap(), EventId::new(id).unwrap())
}

fn event(second: i64, said: Said) -> BookingEvent {
    let version = version(second, &format!("e{second}"));
    BookingEvent { pnr: Pnr::new("ABC123").unwrap(), version, said }
}

fn bought(order: &str, party: u32, price: i64) -> Purchased {
    Purchased {
        order_id: Some(order.to_owned()),
        flight_number: "TL1".to_owned(),
        origin: "DEL".to_owned(),
        destination: "BOM".to_owned(),
        departure_date: jiff::civil::date(2026, 12, 15),
        passengers: BTreeMap::from([(Cabin::Economy, party)]),
        price: inr(price),
        ancillaries: vec![Ancillary {
            kind: "bag".to_owned(),
            quantity: party,
            price: Some(inr(100)),
        }],
        payments: vec![],
        feed: Feed::Streaming,
    }
}

fn purchase(second: i64, order: &str, flights: &[(usize, u32, i64)]) -> BookingEvent {
    let contact =
        Contact { email: Some(format!("party{second}@example.com")), ..Contact::default() };
    let flights = flights
        .iter()
        .map(|(n, party, price)| (flight(*n), bought(order, *party, *price)))
        .collect();
    event(second, Said::Purchased { contact, flights })
}

fn cancel(second: i64, order: Option<&str>, flights: &[usize]) -> BookingEvent {
    let flights = flights.iter().map(|n| flight(*n)).collect();
    event(second, Said::Cancelled { order_id: order.map(str::to_owned), flights })
}

fn refund(second: i64, order: Option<&str>, flights: &[(usize, i64)], whole: i64) -> BookingEvent {
    event(
        second,
        Said::Refunded(Refund {
            order_id: order.map(str::to_owned),
            currency: inr(0).currency,
            flights: flights.iter().map(|(n, units)| (flight(*n), *units)).collect(),
            order: whole,
        }),
    )
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
    let before = reservation(&[]);
    let after = reservation(&[purchase(10, "O1", &[(1, 2, 3_000_000)])]);
    let change = ReservationChange::between(&before, after).unwrap().unwrap();
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
    assert_eq!(totals.ancillaries["bag"], 2);
}

#[test]
fn what_is_heard_again_changes_nothing() {
    let events = [
        purchase(10, "O1", &[(1, 2, 500)]),
        refund(20, Some("O1"), &[], 200),
        cancel(30, Some("O1"), &[]),
    ];
    let once = reservation(&events);
    let again = reservation(&[&events[..], &events[..]].concat());
    assert_eq!(ReservationChange::between(&once, again).unwrap(), None);
}

#[test]
fn a_cancelled_party_frees_its_seats_and_is_not_given_its_money() {
    let before = reservation(&[purchase(10, "O1", &[(1, 2, 500)])]);
    let mut after = before.clone();
    after.apply(&cancel(20, Some("O1"), &[])).unwrap();
    let change = ReservationChange::between(&before, after).unwrap().unwrap();
    let (_, totals) = &change.totals[0];
    assert_eq!((totals.reservations, totals.all_passengers(), rupees(totals)), (-1, -2, 0));
    let booking_status = Some(BookingStatus::Cancelled);
    assert!(matches!(
        &change.bookings[..],
        [BookingChange::Changed { booking_status: status, .. }] if *status == booking_status
    ));
}

#[test]
fn a_cancellation_concerns_its_order_and_gives_way_to_a_newer_purchase() {
    let bought = [purchase(10, "O1", &[(1, 1, 5)]), purchase(11, "O2", &[(2, 1, 5)])];
    let state = |more: &[BookingEvent]| {
        let all = reservation(&[&bought[..], more].concat());
        (all.is_cancelled(&flight(1)), all.is_cancelled(&flight(2)))
    };
    assert_eq!(state(&[cancel(20, Some("O1"), &[])]), (true, false));
    assert_eq!(state(&[cancel(20, None, &[])]), (true, true));
    assert_eq!(state(&[cancel(20, None, &[2])]), (false, true));
    assert_eq!(state(&[cancel(5, None, &[])]), (false, false));
    let anew = [cancel(20, None, &[]), purchase(30, "O1", &[(1, 1, 5)])];
    assert_eq!(state(&anew), (false, true));
}

#[test]
fn a_refund_of_an_order_is_borne_by_what_each_flight_cost_to_the_last_unit() {
    let events = [purchase(10, "O1", &[(1, 1, 100), (2, 1, 200), (3, 1, 0)])];
    let mut state = reservation(&events);
    state.apply(&refund(20, Some("O1"), &[(3, 7)], 100)).unwrap();
    let share = |n| state.refunded(&flight(n)).values().sum::<i64>();
    assert_eq!((share(1), share(2), share(3)), (34, 66, 7));
}

#[test]
fn a_refund_that_comes_before_its_purchase_waits_for_it() {
    let late = reservation(&[refund(20, None, &[], 30), purchase(10, "O1", &[(1, 1, 100)])]);
    assert_eq!(rupees(&Totals::of(&late, &flight(1))), 70);
}

#[test]
fn another_size_of_party_is_told_to_its_booking() {
    let before = reservation(&[purchase(10, "O1", &[(1, 2, 5)])]);
    let mut after = before.clone();
    after.apply(&purchase(20, "O1", &[(1, 3, 5)])).unwrap();
    let change = ReservationChange::between(&before, after).unwrap().unwrap();
    assert!(matches!(
        &change.bookings[..],
        [BookingChange::Changed { booking_status: None, passenger_count: 3, .. }]
    ));
    assert_eq!((change.created.len(), change.updated.len()), (0, 1));
}

#[test]
fn more_than_a_transaction_holds_is_refused_and_nothing_of_it_taken_in() {
    let mut state = reservation(&[]);
    let flights: Vec<_> = (0..=MAX_LEGS).map(|n| (n, 1, 5)).collect();
    let refused = state.apply(&purchase(10, "O1", &flights)).unwrap_err();
    assert_eq!(refused.to_string(), "a reservation has at most 16 flights");
    assert_eq!(state, reservation(&[]));
}

fn any_event() -> impl Strategy<Value = BookingEvent> {
    let order = || prop::option::of(prop::sample::select(vec!["O1", "O2"]));
    // Few seconds, so that events meet at the same time and ids decide.
    let bought = (0..30_i64, prop::collection::vec((0..3_usize, 1..4_u32, 0..1_000_i64), 1..3));
    prop_oneof![
        4 => (bought, prop::sample::select(vec!["O1", "O2"]))
            .prop_map(|((second, flights), order)| purchase(second, order, &flights)),
        1 => (30..60_i64, order(), prop::collection::vec(0..3_usize, 0..2))
            .prop_map(|(second, order, flights)| cancel(second % 33, order, &flights)),
        1 => (60..90_i64, order(), prop::collection::vec((0..3_usize, 0..99_i64), 0..2), 0..500_i64)
            .prop_map(|(second, order, flights, whole)| refund(second, order, &flights, whole)),
    ]
}

/// Events of which no two have the same id, which no feed has: the first of each stays.
fn events() -> impl Strategy<Value = Vec<BookingEvent>> {
    prop::collection::vec(any_event(), 0..12).prop_map(|events| {
        let mut seen = std::collections::HashSet::new();
        events.into_iter().filter(|event| seen.insert(event.version.clone())).collect()
    })
}

proptest! {
    #[test]
    fn order_and_repeats_do_not_matter(
        events in events(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        shuffle in any::<u64>(),
    ) {
        let mut mixed = events.clone();
        let count = mixed.len();
        for at in (1..count).rev() {
            mixed.swap(at, (shuffle as usize).wrapping_mul(at * 7 + 3) % (at + 1));
        }
        if count > 0 {
            for index in &order {
                mixed.push(events[index.index(count)].clone());
            }
        }
        prop_assert_eq!(reservation(&events), reservation(&mixed));
    }

    #[test]
    fn differences_of_every_step_add_up_to_the_totals(events in events()) {
        let mut state = reservation(&[]);
        let mut sums: BTreeMap<FlightId, Totals> = BTreeMap::new();
        let mut bookings: BTreeMap<_, (BookingStatus, u32)> = BTreeMap::new();
        for event in &events {
            let before = state.clone();
            state.apply(event).unwrap();
            let Some(change) = ReservationChange::between(&before, state.clone()).unwrap() else {
                continue;
            };
            for (flight, added) in &change.totals {
                let sum = sums.remove(flight).unwrap_or_default().plus(added);
                sums.insert(flight.clone(), sum);
            }
            for booking in change.bookings {
                match booking {
                    BookingChange::Made(made) => {
                        let state = (made.booking_status, made.passenger_count);
                        prop_assert!(bookings.insert(made.booking_id, state).is_none());
                    }
                    BookingChange::Changed { booking_id, booking_status, passenger_count } => {
                        let known = bookings.get_mut(&booking_id).unwrap();
                        known.0 = booking_status.unwrap_or(known.0);
                        known.1 = passenger_count;
                    }
                }
            }
        }
        for flight in state.legs.keys() {
            let sum = sums.remove(flight).unwrap_or_default();
            prop_assert_eq!(&sum, &Totals::of(&state, flight));
            if let Some(record) = FlightRecord::of(&state, flight) {
                let booking = bookings.remove(&record.booking_id().unwrap()).unwrap();
                prop_assert_eq!(booking, (record.booking_status(), record.passenger_count()));
            }
        }
        prop_assert!(sums.is_empty() && bookings.is_empty());
    }

    #[test]
    fn no_money_is_lost_in_sharing(events in events(), order in 0..10_000_i64) {
        let mut state = reservation(&events);
        state.refunds.clear();
        state.apply(&refund(99, None, &[], order)).unwrap();
        let bought = state.legs.values().any(|leg| leg.purchase.is_some());
        let shares: i64 =
            state.legs.keys().flat_map(|flight| state.refunded(flight).into_values()).sum();
        prop_assert_eq!(shares, if bought { order } else { 0 });
    }
}
