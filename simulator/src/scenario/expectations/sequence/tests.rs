//! The committed file is the authority; this holds it and the committed sample together, and shows
//! that it is neither without a gap nor with something left over.

use super::*;
use crate::sample::Sample;
use crate::scenario::expectations::Expectations;
use flightpulse_domain::notification::reach;
use jiff::civil::date;
use std::collections::BTreeSet;

fn expected() -> Sequence {
    Sequence::read().unwrap()
}

#[test]
fn every_event_has_its_flight_and_belongs_to_one_facet() {
    let expected = expected();
    for event in expected.events() {
        let flight = expected.flight_of(event).unwrap_or_else(|| panic!("{}", event.name));
        let homes = flight.facets.iter().filter(|facet| facet.has(&event.name));
        let homes: Vec<_> = homes.map(|facet| facet.facet).collect();
        let should = match event.event_type() {
            "FLIGHT_DELAY" => Facet::Schedule,
            "GATE_CHANGE" => Facet::Gate,
            _ => Facet::Status,
        };
        assert_eq!(homes, [should], "{}", event.name);
    }
}

#[test]
fn every_way_names_all_events_of_its_facet_and_outcomes_that_there_are() {
    let expected = expected();
    let names: BTreeSet<_> = expected.events().map(|event| event.name.as_str()).collect();
    for (flight, facet) in
        expected.flights.iter().flat_map(|one| one.facets.iter().map(move |facet| (one, facet)))
    {
        let about: BTreeSet<_> = expected
            .events()
            .filter(|event| event.flight_id() == flight.flight_id && facet.has(&event.name))
            .map(|event| event.name.clone())
            .collect();
        for way in &facet.ways {
            assert_eq!(way.outcomes.keys().cloned().collect::<BTreeSet<_>>(), about);
            for outcome in way.outcomes.values().flatten() {
                assert!(expected.messages_by_outcome.contains_key(outcome), "{outcome}");
            }
            for last in &way.last_told_by {
                assert!(names.contains(last.as_str()), "{last}");
                let told = &way.outcomes[last];
                assert_eq!(told, &["TELL"], "{last}: the last word is told to everyone");
            }
        }
    }
}

// The file says by name who wins; that it follows from the times and ids is shown here.
#[test]
fn the_last_word_of_each_facet_is_of_the_newest_event_unless_it_does_not_matter() {
    let expected = expected();
    for flight in &expected.flights {
        for facet in &flight.facets {
            let about = expected.events().filter(|event| facet.has(&event.name));
            let newest = about.max_by_key(|e| (std::cmp::Reverse(e.seconds_ago), &e.name)).unwrap();
            let says_last = facet.ways.iter().any(|way| way.last_told_by.contains(&newest.name));
            assert!(says_last, "{} {:?}", flight.flight_id, facet.facet);
        }
    }
}

#[test]
fn the_bounds_are_those_of_the_ways() {
    let expected = expected();
    for flight in &expected.flights {
        let (mut least, mut most) = (0, 0);
        for facet in &flight.facets {
            let count = |way: &Way, at: usize, pick: fn(usize, usize) -> usize| -> usize {
                let of = |outcomes: &Vec<String>| {
                    let counts = outcomes.iter().map(|one| expected.messages_by_outcome[one][at]);
                    counts.reduce(pick).unwrap()
                };
                way.outcomes.values().map(of).sum()
            };
            least += facet.ways.iter().map(|way| count(way, 0, usize::min)).min().unwrap();
            most += facet.ways.iter().map(|way| count(way, 1, usize::max)).max().unwrap();
        }
        let readers = flight.readers.len();
        assert_eq!(flight.messages, [least * readers, most * readers], "{}", flight.flight_id);
    }
}

// One call a cohort of each telling that there may be.
#[test]
fn the_model_may_be_called_for_every_telling() {
    let expected = expected();
    let mut calls = 0;
    for flight in &expected.flights {
        let cohorts: BTreeSet<_> =
            flight.readers.iter().map(|reader| (reader.tier, &reader.language)).collect();
        for facet in &flight.facets {
            let tellings = |way: &Way| {
                let told = |outcomes: &&Vec<String>| {
                    outcomes.iter().any(|one| expected.messages_by_outcome[one][1] > 0)
                };
                way.outcomes.values().filter(told).count()
            };
            calls += cohorts.len() * facet.ways.iter().map(tellings).max().unwrap();
        }
    }
    assert_eq!(expected.max_model_calls, calls as u64);
}

#[test]
fn readers_and_bookings_are_those_of_the_sample_airline() {
    let expected = expected();
    let sample = Sample::on(date(2026, 11, 21)).unwrap();
    for flight in &expected.flights {
        let on_it = sample.bookings.iter().filter(|b| b.flight_id.as_str() == flight.flight_id);
        let mut reached = BTreeSet::new();
        let mut bookings = Bookings::new();
        for booking in on_it {
            let status = booking.booking_status.name().to_owned();
            bookings.insert(booking.booking_id.to_string(), status);
            let who = sample.passengers.iter().find(|p| p.passenger_id == booking.passenger_id);
            for (channel, to) in reach(who.unwrap()) {
                if booking.is_affected() {
                    reached.insert(format!("{} {channel:?} {to}", booking.booking_id));
                }
            }
        }
        // What is cancelled on the way is as it was at the end.
        assert_eq!(flight.bookings_after, bookings);
        let readers = flight.readers.iter();
        let readers: BTreeSet<_> =
            readers.map(|r| format!("{} {:?} {}", r.booking_id, r.channel, r.to)).collect();
        assert_eq!(readers, reached);
    }
}

// The readers of a flight are the same whichever scenario tells them.
#[test]
fn readers_are_those_of_the_single_scenarios() {
    let expected = expected();
    for number in 1..=4 {
        let single = Expectations::of(number, "2026-11-21T10:00:00Z".parse().unwrap()).unwrap();
        let flight = expected.flights.iter().find(|one| one.flight_id == single.flight_id());
        let shown = |all: &[Expected]| -> Vec<String> {
            all.iter().map(|one| format!("{one:?}")).collect()
        };
        assert_eq!(shown(&flight.unwrap().readers), shown(&single.notifications));
    }
}

#[test]
fn an_event_that_is_written_again_is_one_of_the_events() {
    let expected = expected();
    let names: BTreeSet<_> = expected.events().map(|event| event.name.as_str()).collect();
    assert!(expected.writes().all(|name| names.contains(name)));
    assert_eq!(expected.writes().count(), names.len() + 1);
    assert_eq!(expected.copies("sw1234-delay-25"), 2);
}
