//! The plan and the domain say the same of the bookings, whatever happens to them on their way.

use super::bookings::{Booking, Bookings, Event, Run, Said, Way};
use super::corrupt::Flaw;
use super::delivery::{Astray, Delivery, purchase};
use super::sign::{Scheme, Signer};
use super::truth::{self, Truth};
use super::xdm;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::{BookingEvent, Feed, FlightRecord, Reservation, Totals};
use flightpulse_domain::xdm::{Read, read};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn bookings(seed: u32, count: u32, flights: u32) -> Bookings {
    let run: Run = "AB2CD".parse().unwrap();
    Bookings::plan(run, seed, count, flights, jiff::civil::date(2026, 12, 15), now()).unwrap()
}

fn understood(event: &Value) -> BookingEvent {
    understood_of(event, Feed::Streaming)
}

fn understood_of(event: &Value, feed: Feed) -> BookingEvent {
    match read(event, feed, now()) {
        Ok(Read::Booking(event)) => event,
        other => panic!("{other:?}: {event}"),
    }
}

fn events(bookings: &Bookings, booking: &Booking, prefixed: bool) -> Vec<Value> {
    let event = |event: &Event| xdm::event(bookings, booking, event, prefixed);
    booking.events.iter().map(event).collect()
}

/// What the domain makes of events, in the order in which they come.
fn folded(events: &[Value]) -> HashMap<Pnr, Reservation> {
    let mut all: HashMap<Pnr, Reservation> = HashMap::new();
    for event in events {
        let event = understood(event);
        let known = all.entry(event.pnr.clone());
        let known = known.or_insert_with(|| Reservation::new(event.pnr.clone()));
        known.apply(&event).unwrap();
    }
    all
}

fn records(reservation: &Reservation) -> Vec<FlightRecord> {
    let of = |flight| {
        let orders = reservation.orders_of(flight);
        orders.filter_map(move |order| FlightRecord::of(reservation, flight, order))
    };
    reservation.legs.keys().flat_map(of).collect()
}

fn totals(all: &HashMap<Pnr, Reservation>) -> HashMap<FlightId, Totals> {
    let mut totals: HashMap<FlightId, Totals> = HashMap::new();
    for reservation in all.values() {
        for flight in reservation.legs.keys() {
            let sums = totals.entry(flight.clone()).or_default();
            *sums = sums.plus(&Totals::of(reservation, flight));
        }
    }
    totals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_plan_and_the_domain_say_the_same(
        seed in any::<u32>(), flights in 1u32..9, prefixed in any::<bool>()
    ) {
        let bookings = bookings(seed, 120, flights);
        let mut all = Vec::new();
        for number in 0..bookings.count {
            let booking = bookings.booking(number).unwrap();
            let said = events(&bookings, &booking, prefixed);
            let reservation = &folded(&said)[&booking.pnr];
            prop_assert_eq!(truth::records(&bookings, &booking), records(reservation));
            prop_assert_eq!(bookings.number_of(&booking.pnr), Some(number));
            all.extend(said);
        }
        let truth = Truth::of(&bookings).unwrap();
        let folded = totals(&folded(&all));
        prop_assert_eq!(truth.flights.len(), folded.len());
        for (flight, (_, sums)) in &truth.flights {
            prop_assert!(truth::same(sums, &folded[flight]), "{}: {:?}", flight, sums);
        }
    }

    #[test]
    fn they_do_where_the_stream_loses_some_and_an_export_brings_them(
        seed in any::<u32>(), lost in 0u32..70, gaps in 0u32..40, exported in any::<bool>(),
    ) {
        let way = if exported { Way::Either } else { Way::Stream };
        let bookings = bookings(seed, 120, 5).by(way, Some(lost), gaps);
        let mut all = HashMap::new();
        for number in 0..bookings.count {
            let booking = bookings.booking(number).unwrap();
            let mut reservation = Reservation::new(booking.pnr.clone());
            for event in &booking.events {
                let value = xdm::event(&bookings, &booking, event, false);
                reservation.apply(&understood_of(&value, event.feed)).unwrap();
            }
            prop_assert_eq!(truth::records(&bookings, &booking), records(&reservation));
            all.insert(booking.pnr, reservation);
        }
        let truth = Truth::of(&bookings).unwrap();
        let totals = totals(&all);
        prop_assert_eq!(truth.flights.len(), totals.len());
        for (flight, (_, sums)) in &truth.flights {
            prop_assert!(truth::same(sums, &totals[flight]), "{}: {:?}", flight, sums);
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way(
        seed in any::<u32>(), batch in 1usize..30,
        duplicates in 0u32..40, out_of_order in 0u32..40, corrupt in 0u32..20, lost in 0u32..10,
    ) {
        let all = bookings(seed, 150, 4);
        let bookings = all.by(Way::Stream, Some(lost), 0);
        let signer = Signer::secret(Scheme::Flightpulse, "0123456789abcdef".into(), None);
        let astray = Astray { duplicates, out_of_order, corrupt };
        let mut delivery = Delivery::new(&bookings, &signer, astray, (batch, 1, false));
        let (mut arrived, mut samples) = (Vec::new(), Vec::new());
        while let Some(one) = delivery.next().unwrap() {
            let events = match serde_json::from_slice(&one.body).unwrap() {
                Value::Array(events) => events,
                event => vec![event],
            };
            prop_assert!(events.len() <= batch);
            arrived.extend(events);
            samples.extend(one.samples);
        }
        let counts = delivery.counts();
        let truth = Truth::of(&bookings).unwrap();
        prop_assert_eq!(counts.events, truth.events + counts.duplicates + counts.corrupt);
        prop_assert_eq!(counts.events as usize, arrived.len());
        prop_assert_eq!(counts.lost, Truth::of(&all).unwrap().events - truth.events);
        let is_spoilt = |event: &Value| {
            event["_id"].as_str().is_some_and(|id| delivery.spoilt().contains_key(id))
        };
        let (spoilt, good): (Vec<_>, Vec<_>) = arrived.into_iter().partition(is_spoilt);
        prop_assert_eq!(spoilt.len(), delivery.spoilt().len());
        for event in &spoilt {
            let flaw = delivery.spoilt()[event["_id"].as_str().unwrap()];
            let why = read(event, Feed::Streaming, now()).unwrap_err().to_string();
            prop_assert!(why.contains(flaw.reason()), "{}", why);
        }
        let folded = folded(&good);
        let some = |number: &u32| !bookings.booking(*number).unwrap().events.is_empty();
        prop_assert_eq!(folded.len(), (0..150).filter(some).count());
        let totals = totals(&folded);
        for (flight, (_, sums)) in &truth.flights {
            prop_assert!(truth::same(sums, &totals[flight]), "{}: {:?}", flight, sums);
        }
        let once: BTreeSet<_> = samples.iter().collect();
        prop_assert_eq!(once.len(), samples.len());
    }
}

#[test]
fn no_id_and_no_record_locator_is_there_twice() {
    let bookings = bookings(7, 5_000, 40);
    let (mut ids, mut pnrs) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..bookings.count {
        let booking = bookings.booking(number).unwrap();
        for event in events(&bookings, &booking, false) {
            let id = understood(&event).version.event_id().clone();
            assert!(ids.insert(id.clone()), "{id} is twice");
        }
        assert!(pnrs.insert(booking.pnr.clone()), "{} is twice", booking.pnr);
    }
}

#[test]
fn all_that_can_happen_to_a_booking_happens() {
    let bookings = bookings(1, 2_000, 12);
    let mut happened: BTreeMap<String, u32> = BTreeMap::new();
    let (mut parties, mut currencies) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..bookings.count {
        let booking = bookings.booking(number).unwrap();
        let kinds = booking.events.iter().map(|event| match &event.said {
            Said::Bought(purchase) => {
                parties.insert(purchase.legs[0].party());
                format!("bought {}", purchase.legs.len())
            }
            Said::BoughtBeside(named, _) => format!("bought beside {}", named.is_some()),
            Said::GaveUp(flights) => format!("gave up {}", flights.len()),
            Said::GaveBack(refund) => format!("{refund:?}").split('(').next().unwrap().to_owned(),
        });
        *happened.entry(kinds.collect::<Vec<_>>().join(", ")).or_default() += 1;
        currencies.insert(booking.events[0].currency);
    }
    assert_eq!(parties.into_iter().collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    assert_eq!(currencies.len(), 4);
    insta::assert_debug_snapshot!(happened);
}

#[test]
fn a_seed_says_the_same_again_and_another_something_else() {
    let said = |seed| {
        let bookings = bookings(seed, 10, 4);
        (0..10).map(|number| bookings.booking(number).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(said(4), said(4));
    assert_ne!(said(4), said(5));
}

#[test]
fn every_flaw_is_noticed() {
    let bookings = bookings(1, 10, 4);
    let booking = bookings.booking(3).unwrap();
    for prefixed in [false, true] {
        assert!(
            read(&purchase(&bookings, &booking, "x", None, prefixed), Feed::Streaming, now())
                .is_ok()
        );
        for flaw in Flaw::ALL {
            let event = purchase(&bookings, &booking, "x", Some(flaw), prefixed);
            let why = read(&event, Feed::Streaming, now()).unwrap_err().to_string();
            assert!(why.contains(flaw.reason()), "{why}");
        }
    }
}

#[test]
fn an_event_reads_like_this() {
    let bookings = bookings(1, 200, 4);
    let booking = (0..200).map(|number| bookings.booking(number).unwrap());
    let booking = booking.into_iter().find(|one| one.events.len() > 1).unwrap();
    insta::assert_json_snapshot!("events", events(&bookings, &booking, false));
    insta::assert_json_snapshot!("prefixed", events(&bookings, &booking, true)[0]);
}
