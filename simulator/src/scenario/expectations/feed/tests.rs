//! Holds the committed expectations and what the domain makes of the committed events together.

use super::super::{Expectations, Expected};
use super::*;
use flightpulse_contracts::rest::operations::OperationsView;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::notification::reach;
use flightpulse_domain::reservation::{self, FlightRecord, Reservation, Totals};
use flightpulse_domain::xdm::{Read, read};
use std::collections::BTreeSet;

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn scenario() -> (Expectations, Feed) {
    let expected = Expectations::of(6, now()).unwrap();
    let feed = expected.feed.clone().unwrap();
    (expected, feed)
}

fn reservations(feed: &Feed) -> BTreeMap<Pnr, Reservation> {
    let mut all: BTreeMap<Pnr, Reservation> = BTreeMap::new();
    for event in feed.requests(now()).unwrap().concat() {
        let Ok(Read::Booking(event)) = read(&event, reservation::Feed::Streaming, now()) else {
            panic!("{event}")
        };
        let known = all.entry(event.pnr.clone());
        known.or_insert_with(|| Reservation::new(event.pnr.clone())).apply(&event).unwrap();
    }
    all
}

#[test]
fn operations_must_read_what_comes_of_the_events() {
    let (expected, feed) = scenario();
    let flight = feed.flight.planned().unwrap();
    assert_eq!(flight.flight_id.as_str(), expected.flight_id());
    let all = reservations(&feed);
    let of = |one: &Reservation| Totals::of(one, &flight.flight_id);
    let totals = all.values().fold(Totals::default(), |sums, one| sums.plus(&of(one)));
    let records = all.values().flat_map(|one| {
        let of = |order| FlightRecord::of(one, &flight.flight_id, order);
        one.orders_of(&flight.flight_id).filter_map(of).collect::<Vec<_>>()
    });
    let id = flight.flight_id.clone();
    let view = OperationsView::new(id, Some(&flight), Some(&totals), records.collect(), None);
    let view = serde_json::to_value(view).unwrap();
    assert_eq!(differences("", &feed.operations.into(), &view), [""; 0]);
}

#[test]
fn who_is_told_are_the_contacts_of_the_bookings_that_stand() {
    let (expected, feed) = scenario();
    let flight = feed.flight.planned().unwrap().flight_id;
    let (mut told, mut statuses) = (BTreeSet::new(), BTreeMap::new());
    for one in reservations(&feed).values() {
        let booking = one.booking(&flight).unwrap().unwrap();
        let status = booking.booking_status.name().to_owned();
        statuses.insert(booking.booking_id.to_string(), status);
        let passenger = one.passenger().unwrap();
        if booking.is_affected() {
            for (channel, to) in reach(&passenger) {
                let (id, who) = (&booking.booking_id, &passenger.first_name);
                let language = passenger.language.code();
                told.insert(format!("{id} {channel:?} {to} {language} {who}"));
            }
        }
    }
    assert_eq!(expected.bookings_after, statuses);
    let listed = expected.notifications.iter().map(|one| {
        let Expected { booking_id, channel, to, language, first_name, .. } = one;
        format!("{booking_id} {channel:?} {to} {language} {first_name}")
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), told);
}

#[test]
fn each_run_has_a_flight_and_bookings_of_its_own() {
    let locators = |expected: &Expectations| {
        let all = expected.notifications.iter().map(|one| one.confirmation_number.clone());
        all.collect::<BTreeSet<_>>()
    };
    let one = Expectations::of(6, now()).unwrap();
    assert_eq!(one.flight_id(), "TL36000-2026-11-22-DEL");
    assert!(locators(&one).iter().all(|pnr| Pnr::new(pnr).is_ok()));
    let later = Expectations::of(6, now() + SignedDuration::from_secs(1)).unwrap();
    assert_eq!(later.flight_id(), "TL36001-2026-11-22-DEL");
    assert!(locators(&one).is_disjoint(&locators(&later)));
}

#[test]
fn a_difference_says_where_it_is() {
    let expected = json!({"a": {"b": [1, {"c": 2}]}, "d": null});
    let same = json!({"a": {"b": [1, {"c": 2, "more": 5}], "more": 1}});
    assert_eq!(differences("", &expected, &same), [""; 0]);
    let other = json!({"a": {"b": [1, {"c": 3}]}, "d": 4});
    assert_eq!(differences("", &expected, &other), ["a.b[1].c is 3, not 2", "d is 4, not null"]);
    let shorter = json!({"a": {"b": [1]}});
    assert_eq!(differences("", &expected, &shorter), ["a.b has 1 entries, not 2"]);
}
