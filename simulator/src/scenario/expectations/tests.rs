//! The committed lists are the authority; this holds them and the committed sample together.

use super::*;
use crate::sample::Sample;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::notification::reach;
use flightpulse_domain::passenger::Passenger;
use jiff::civil::date;
use rstest::rstest;
use std::collections::BTreeSet;

#[rstest]
#[case(0, "there is no scenario 0")]
#[case(9, "there is no scenario 9")]
fn a_scenario_that_is_not_there_is_said_with_those_that_are(
    #[case] number: u32,
    #[case] says: &str,
) {
    let error = Expectations::of(number, now()).unwrap_err().to_string();
    assert!(error.starts_with(says) && error.contains("3 (a cancellation)"), "{error}");
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

struct Booked {
    expected: Expectations,
    bookings: Vec<(Booking, Passenger)>,
}

impl Booked {
    fn of(number: u32) -> Self {
        let expected = Expectations::of(number, now()).unwrap();
        let sample = Sample::on(date(2026, 11, 21)).unwrap();
        let on_it =
            sample.bookings.iter().filter(|one| one.flight_id.as_str() == expected.flight_id());
        let with_passenger = on_it.map(|booking| {
            let who = sample.passengers.iter().find(|one| one.passenger_id == booking.passenger_id);
            (booking.clone(), who.unwrap().clone())
        });
        let bookings = with_passenger.collect();
        Self { expected, bookings }
    }

    fn affected(&self) -> impl Iterator<Item = &(Booking, Passenger)> {
        self.bookings.iter().filter(|(booking, _)| booking.is_affected())
    }
}

#[rstest]
fn a_file_is_of_its_number(#[values(1, 2, 3, 4)] number: u32) {
    assert_eq!(Expectations::of(number, now()).unwrap().scenario, number);
}

#[rstest]
fn the_expected_notifications_are_those_of_the_sample_airline(#[values(1, 2, 3, 4)] number: u32) {
    let booked = Booked::of(number);
    let mut reached = BTreeSet::new();
    let mut cohorts = BTreeSet::new();
    for (booking, passenger) in booked.affected() {
        for (channel, to) in reach(passenger) {
            cohorts.insert(Cohort::from(passenger));
            reached.insert(format!(
                "{} {} {channel:?} {to} {:?} {} {} {} {}",
                booking.booking_id,
                passenger.passenger_id,
                passenger.tier,
                passenger.language.code(),
                passenger.first_name,
                booking.seat.as_deref().unwrap(),
                booking.confirmation_number,
            ));
        }
    }
    let listed: BTreeSet<_> = booked
        .expected
        .notifications
        .iter()
        .map(|one| {
            let Expected { booking_id, passenger_id, channel, tier, language, to, .. } = one;
            let Expected { first_name, seat, confirmation_number, .. } = one;
            format!(
                "{booking_id} {passenger_id} {channel:?} {to} {tier:?} {language} {first_name} \
                 {seat} {confirmation_number}"
            )
        })
        .collect();
    assert_eq!(listed, reached);
    assert_eq!(usize::try_from(booked.expected.max_model_calls).unwrap(), cohorts.len());
    let told: Vec<_> = booked.expected.notifications.iter().map(|one| &one.passenger_id).collect();
    for one in &booked.expected.must_not_be_told {
        assert!(!told.contains(&&one.passenger_id), "{one:?}");
    }
}

// Everyone on the flight who is not told is named with the reason.
#[rstest]
fn whoever_is_not_told_is_named(#[values(1, 2, 3, 4)] number: u32) {
    let booked = Booked::of(number);
    let quiet: Vec<_> =
        booked.expected.must_not_be_told.iter().map(|one| one.passenger_id.as_str()).collect();
    for (booking, passenger) in &booked.bookings {
        if !booking.is_affected() || reach(passenger).is_empty() {
            assert!(quiet.contains(&passenger.passenger_id.as_str()), "{}", passenger.passenger_id);
        }
    }
}

#[rstest]
fn the_expected_bookings_are_those_of_the_sample_airline(#[values(1, 2, 3, 4)] number: u32) {
    let booked = Booked::of(number);
    let cancels = booked.expected.event_type() == "FLIGHT_CANCELLED";
    let status = |booking: &Booking| {
        if cancels { booking.status_without_flight() } else { booking.booking_status }
    };
    let after: Bookings = booked
        .bookings
        .iter()
        .map(|(booking, _)| (booking.booking_id.to_string(), status(booking).name().to_owned()))
        .collect();
    assert_eq!(booked.expected.bookings_after, after);

    let shown = |booking: &str, passenger: &str, tier: Tier| {
        format!("{booking} {passenger} {}", tier.name())
    };
    let rebooked: BTreeSet<_> = booked
        .expected
        .rebooked()
        .iter()
        .map(|one| shown(&one.booking_id, &one.passenger_id, one.tier))
        .collect();
    let affected = booked.affected().filter(|_| cancels).map(|(booking, passenger)| {
        shown(booking.booking_id.as_str(), passenger.passenger_id.as_str(), passenger.tier)
    });
    assert_eq!(rebooked, affected.collect::<BTreeSet<_>>());
}

#[rstest]
fn every_language_has_its_times_and_rules_name_languages_that_there_are(
    #[values(1, 2, 3, 4)] number: u32,
) {
    let texts = Expectations::of(number, now()).unwrap().texts;
    let languages: Vec<_> = texts.clock_times.keys().cloned().collect();
    assert_eq!(languages, ["de", "en", "es", "fr"]);
    for rule in &texts.rules {
        assert!(rule.language.as_ref().is_none_or(|language| languages.contains(language)));
        assert!(!rule.must_contain.is_empty() || !rule.must_not_contain.is_empty(), "{rule:?}");
        assert!(rule.must_contain.iter().all(|words| !words.any().is_empty()), "{rule:?}");
    }
}
