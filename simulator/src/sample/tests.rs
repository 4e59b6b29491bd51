use super::*;
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::notification::reach;
use flightpulse_domain::passenger::{Language, Tier};
use jiff::civil::date;
use rstest::rstest;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

fn sample() -> Sample {
    Sample::on(date(2026, 11, 21)).unwrap()
}

fn unique<T: Hash + Eq>(ids: impl Iterator<Item = T>) -> usize {
    ids.collect::<HashSet<_>>().len()
}

#[test]
fn the_airline_has_its_five_flights_ten_passengers_and_fifteen_bookings() {
    let Sample { flights, passengers, bookings } = sample();
    let ids: Vec<_> = flights.iter().map(|flight| flight.flight_id.as_str()).collect();
    assert_eq!(ids, ["SW1234", "SW5678", "SW9012", "SW3456", "SW7890"]);
    assert_eq!(unique(passengers.iter().map(|passenger| &passenger.passenger_id)), 10);
    assert_eq!((passengers.len(), bookings.len()), (10, 15));
    assert_eq!(unique(bookings.iter().map(|booking| &booking.booking_id)), 15);
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
    assert_eq!(unique(bookings.iter().map(|one| (&one.flight_id, &one.passenger_id))), 15);
}

#[test]
fn nobody_real_can_be_reached() {
    for passenger in sample().passengers {
        let email = passenger.email.unwrap_or_default();
        assert!(email.ends_with("@example.com"), "{email}");
        // The numbers set aside for fiction in the North American Numbering Plan.
        let phone = passenger.phone.unwrap_or_else(|| "+13035550100".into());
        assert!(phone.starts_with("+130355501") && phone.len() == 12, "{phone}");
    }
}

#[test]
fn the_flight_of_the_second_scenario_has_every_kind_of_passenger() {
    let Sample { passengers, bookings, .. } = sample();
    let on_it: Vec<_> = bookings.iter().filter(|one| one.flight_id.as_str() == "SW5678").collect();
    let who = |booking: &&Booking| {
        passengers.iter().find(|one| one.passenger_id == booking.passenger_id).unwrap().clone()
    };
    let told: Vec<_> = on_it.iter().filter(|booking| booking.is_affected()).map(who).collect();
    let tiers = told.iter().filter(|one| !reach(one).is_empty()).map(|one| one.tier);
    assert_eq!(unique(tiers), Tier::ALL.len());
    assert_eq!(unique(told.iter().map(|one| one.language)), Language::ALL.len());
    assert!(on_it.iter().any(|one| one.booking_status == BookingStatus::Cancelled));
    assert!(told.iter().any(|one| reach(one).is_empty()));
    assert!(told.iter().any(|one| one.notification_preferences.sms && one.phone.is_none()));
    assert!(told.iter().any(|one| !one.first_name.is_ascii()));
    let mut of_pnr: HashMap<_, usize> = HashMap::new();
    on_it.iter().for_each(|one| *of_pnr.entry(&one.confirmation_number).or_default() += 1);
    assert!(of_pnr.values().any(|count| *count == 2));
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
