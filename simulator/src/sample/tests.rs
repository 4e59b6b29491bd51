use super::*;
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::notification::reach;
use flightpulse_domain::passenger::{Language, Tier};
use jiff::civil::date;
use rstest::rstest;
use std::collections::HashSet;
use std::hash::Hash;

fn sample() -> Sample {
    Sample::on(date(2026, 11, 21)).unwrap()
}

fn unique<T: Hash + Eq>(ids: impl Iterator<Item = T>) -> usize {
    ids.collect::<HashSet<_>>().len()
}

#[test]
fn the_airline_has_its_flights_passengers_and_bookings() {
    let Sample { flights, passengers, bookings } = sample();
    let ids: Vec<_> = flights.iter().map(|flight| flight.flight_id.as_str()).collect();
    assert_eq!(ids, ["SW1234", "SW5678", "SW9012", "SW3456", "SW7890"]);
    assert_eq!(unique(passengers.iter().map(|passenger| &passenger.passenger_id)), 28);
    assert_eq!((passengers.len(), bookings.len()), (28, 33));
    assert_eq!(unique(bookings.iter().map(|booking| &booking.booking_id)), 33);
}

#[test]
fn every_reference_leads_to_a_record_and_every_record_is_used() {
    let Sample { flights, passengers, bookings } = sample();
    let booked = |id| bookings.iter().any(|booking| booking.passenger_id == id);
    for booking in &bookings {
        assert!(flights.iter().any(|flight| flight.flight_id == booking.flight_id), "{booking:?}");
        let passenger = passengers.iter().find(|one| one.passenger_id == booking.passenger_id);
        assert!(passenger.is_some(), "{booking:?}");
    }
    for passenger in passengers {
        assert!(booked(passenger.passenger_id.clone()), "{passenger:?}");
    }
}

#[test]
fn no_seat_is_given_twice_and_nobody_is_twice_on_a_flight() {
    let bookings = sample().bookings;
    let seats = bookings.iter().filter(|booking| booking.seat.is_some());
    assert_eq!(unique(seats.clone().map(|one| (&one.flight_id, &one.seat))), seats.count());
    assert_eq!(unique(bookings.iter().map(|one| (&one.flight_id, &one.passenger_id))), 33);
}

#[test]
fn nobody_real_can_be_reached() {
    for passenger in sample().passengers {
        let email = passenger.email.unwrap_or_else(|| "@example.com".into());
        assert!(email.ends_with("@example.com"), "{email}");
        // The numbers set aside for fiction in the North American Numbering Plan.
        let phone = passenger.phone.unwrap_or_else(|| "+13035550100".into());
        assert!(phone.starts_with("+130355501") && phone.len() == 12, "{phone}");
    }
}

fn told(flight: &str) -> (Vec<Booking>, Vec<Passenger>) {
    let Sample { passengers, bookings, .. } = sample();
    let on_it: Vec<_> =
        bookings.into_iter().filter(|one| one.flight_id.as_str() == flight).collect();
    let who = |booking: &Booking| {
        passengers.iter().find(|one| one.passenger_id == booking.passenger_id).unwrap().clone()
    };
    let told = on_it.iter().filter(|booking| booking.is_affected()).map(who).collect();
    (on_it, told)
}

#[rstest]
fn the_flight_of_a_scenario_has_many_kinds_of_passengers(
    #[values("SW1234", "SW5678", "SW9012", "SW3456")] flight: &str,
) {
    let (on_it, told) = told(flight);
    let reached: Vec<_> = told.iter().filter(|one| !reach(one).is_empty()).collect();
    assert_eq!(unique(reached.iter().map(|one| one.tier)), Tier::ALL.len());
    assert_eq!(unique(reached.iter().map(|one| one.language)), Language::ALL.len());
    let channels = |count: usize| told.iter().any(|one| reach(one).len() == count);
    assert!(channels(0) && channels(1) && channels(2));
    assert!(told.iter().any(|one| !one.first_name.is_ascii()));
    let of_pnr = |pnr| on_it.iter().filter(|one| one.confirmation_number == pnr).count();
    assert!(on_it.iter().any(|one| of_pnr(one.confirmation_number.clone()) >= 2));
    assert!(on_it.iter().any(|one| !one.special_requests.is_empty()));
}

#[test]
fn the_airline_has_every_kind_of_passenger_whom_nothing_reaches() {
    let unreached: Vec<_> =
        sample().passengers.into_iter().filter(|one| reach(one).is_empty()).collect();
    let wants = |one: &Passenger| {
        let wants = one.notification_preferences;
        (wants.email || wants.sms, wants.push)
    };
    for kind in [(true, false), (false, true), (false, false)] {
        assert!(unreached.iter().any(|one| wants(one) == kind), "{kind:?}");
    }
    for flight in ["SW5678", "SW9012", "SW3456"] {
        let given_up = |one: &Booking| one.booking_status == BookingStatus::Cancelled;
        assert!(told(flight).0.iter().any(given_up), "{flight}");
    }
}

// Only what a name is made of goes into a message; anything else is replaced there.
#[test]
fn names_are_names() {
    for Passenger { first_name, last_name, .. } in sample().passengers {
        for name in [first_name, last_name] {
            let of_a_name = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’');
            assert!(name.len() <= 40 && name.chars().all(of_a_name), "{name}");
        }
    }
}

#[rstest]
#[case((2026, 11, 21), "2026-11-22T21:10:00Z", "2026-11-22T23:05:00Z")]
// Denver has summer time and Phoenix has none: the clocks stay, the UTC times move.
#[case((2026, 7, 1), "2026-07-02T20:10:00Z", "2026-07-02T23:05:00Z")]
fn flights_are_dated_by_their_airports_clocks(
    #[case] (year, month, day): (i16, i8, i8),
    #[case] departs: &str,
    #[case] arrives: &str,
) {
    let flight = Sample::on(date(year, month, day)).unwrap().flights.swap_remove(1);
    assert_eq!(flight.scheduled_departure.to_string(), departs);
    assert_eq!(flight.scheduled_arrival.to_string(), arrives);
    assert_eq!(flight.booked_passengers, 7);
}

#[test]
fn every_flight_arrives_after_it_leaves_whatever_the_season() {
    for month in 1..=12 {
        for flight in Sample::on(date(2027, month, 14)).unwrap().flights {
            let minutes = flight.scheduled_arrival.duration_since(flight.scheduled_departure);
            let minutes = minutes.as_mins();
            assert!((45..=330).contains(&minutes), "{}: {minutes}", flight.flight_id);
        }
    }
}
