use super::*;
use flightpulse_domain::airport;
use flightpulse_domain::inbound::is_gate;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

fn spec(seed: u32, flights: u32, passengers: u32) -> Spec {
    Spec { seed, flights, passengers, date: "2026-11-21".parse().unwrap() }
}

fn all(network: &Network) -> Vec<Traveller> {
    network.travellers(0).map(|one| one.unwrap()).collect()
}

/// Any network of up to 90 flights (two hubs), from empty to well filled; one of many flights has
/// fewer on each, so that a case is soon tried.
fn networks() -> impl Strategy<Value = Network> {
    (any::<u32>(), 1u32..90, 0u32..220, -400i32..400).prop_map(|(seed, flights, each, days)| {
        let each = each.min(4_000 / flights);
        let date: Date = "2026-11-21".parse().unwrap();
        let date = date.checked_add(jiff::ToSpan::days(days)).unwrap();
        Network::plan(Spec { seed, flights, passengers: flights * each, date }).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_flight_has_as_many_bookings_as_it_says_and_never_more_than_seats(network in networks()) {
        let travellers = all(&network);
        prop_assert_eq!(travellers.len() as u32, network.spec.passengers);
        let mut booked: HashMap<&FlightId, u32> = HashMap::new();
        let mut seats = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for booking in travellers.iter().flat_map(|one| &one.bookings) {
            *booked.entry(&booking.flight_id).or_default() += 1;
            prop_assert!(ids.insert(booking.booking_id.as_str()), "{} is twice", booking.booking_id);
            prop_assert!(booking.is_affected());
            if let Some(seat) = &booking.seat {
                let seat = (booking.flight_id.as_str(), seat.as_str());
                prop_assert!(seats.insert(seat), "{:?} is taken twice", seat);
            }
        }
        for (at, leg) in network.legs.iter().enumerate() {
            let flight = network.flight(at).unwrap();
            let found = booked.remove(&leg.flight_id).unwrap_or_default();
            prop_assert_eq!(flight.booked_passengers, found);
            prop_assert!(found <= leg.aircraft.seats);
        }
        prop_assert!(booked.is_empty(), "bookings of flights that are not there: {:?}", booked);
        prop_assert_eq!(network.bookings(), ids.len() as u64);
    }

    #[test]
    fn flights_can_be_flown(network in networks()) {
        let ids: BTreeSet<_> = network.legs.iter().map(|leg| &leg.flight_id).collect();
        prop_assert_eq!(ids.len() as u32, network.spec.flights);
        let mut at_gate: BTreeMap<(&str, &str), Vec<Timestamp>> = BTreeMap::new();
        for leg in &network.legs {
            prop_assert!(leg.origin != leg.destination && leg.arrival > leg.departure);
            prop_assert!(airport::is_known(leg.origin) && airport::is_known(leg.destination));
            prop_assert!(is_gate(&leg.gate), "{}", leg.gate);
            at_gate.entry((leg.origin, &leg.gate)).or_default().push(leg.departure);
            let local = leg.departure.to_zoned(airport::time_zone(leg.origin).unwrap());
            let id = format!("-{}-{}", local.date(), leg.origin);
            prop_assert!(leg.flight_id.as_str().ends_with(&id), "{} on {local}", leg.flight_id);
            // By the clock of whoever boards, never in the middle of the night.
            prop_assert!((5..23).contains(&local.hour()), "{} leaves at {local}", leg.flight_id);
            prop_assert_eq!(leg.departure.as_second() % 300, 0);
        }
        for (gate, mut departures) in at_gate {
            departures.sort();
            let apart = |pair: &[Timestamp]| pair[1].duration_since(pair[0]).as_mins();
            prop_assert!(departures.windows(2).all(|pair| apart(pair) >= 45), "{:?}", gate);
        }
    }

    #[test]
    fn a_connection_can_be_made(network in networks()) {
        for itinerary in &network.itineraries {
            let (first, Some(second)) = itinerary.legs else { continue };
            let (first, second) = (&network.legs[first], &network.legs[second]);
            prop_assert_eq!(first.destination, second.origin);
            prop_assert!(first.origin != second.destination);
            let minutes = second.departure.duration_since(first.arrival).as_mins();
            let (shortest, longest) = loads::CONNECTION_MINUTES;
            prop_assert!((shortest..=longest).contains(&minutes), "{minutes} min");
        }
    }

    #[test]
    fn a_party_is_on_one_reservation_and_flies_together(network in networks()) {
        let mut parties: BTreeMap<String, (Vec<FlightId>, usize)> = BTreeMap::new();
        let mut passengers = BTreeSet::new();
        for Traveller { passenger, bookings } in all(&network) {
            prop_assert!(passengers.insert(passenger.passenger_id.clone()));
            prop_assert!(bookings.iter().all(|one| one.passenger_id == passenger.passenger_id));
            let pnr = bookings[0].confirmation_number.to_string();
            prop_assert_eq!(pnr.len(), 6);
            prop_assert!(bookings.iter().all(|one| one.confirmation_number.as_str() == pnr));
            let legs: Vec<_> = bookings.iter().map(|one| one.flight_id.clone()).collect();
            let party = parties.entry(pnr).or_insert_with(|| (legs.clone(), 0));
            party.1 += 1;
            prop_assert_eq!(&party.0, &legs);
            prop_assert!(party.1 <= 6);
            // Nobody's: told apart from the real at a glance.
            prop_assert!(passenger.passenger_id.as_str().starts_with("GEN"));
            prop_assert!(passenger.email.is_none_or(|email| email.ends_with("@example.com")));
            let phone = passenger.phone.unwrap_or("+13035550100".into());
            prop_assert!(phone.len() == 12 && phone[5..].starts_with("55501"), "{}", phone);
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_network_from_any_passenger_on(
        network in networks(), share in 0.0..1.0f64
    ) {
        let again = Network::plan(network.spec).unwrap();
        prop_assert_eq!(&again, &network);
        let from = (f64::from(network.spec.passengers) * share) as u32;
        let rest: Vec<_> = again.travellers(from).map(|one| one.unwrap()).collect();
        prop_assert_eq!(&rest[..], &all(&network)[from as usize..]);
    }
}

#[test]
fn another_seed_is_another_network() {
    let one = Network::plan(spec(1, 40, 3_000)).unwrap();
    let other = Network::plan(spec(2, 40, 3_000)).unwrap();
    assert_ne!(one.legs, other.legs);
}

#[test]
fn more_passengers_than_seats_are_refused() {
    let full = Network::plan(spec(1, 10, 3_960)).unwrap();
    assert_eq!((full.bookings(), all(&full).len()), (3_960, 3_960));
    let error = Network::plan(spec(1, 10, 3_961)).unwrap_err().to_string();
    assert_eq!(error, "10 flights have at most 3960 seats, and there are to be 3961 passengers");
}

#[test]
fn the_network_of_the_issue_is_as_it_should_be() {
    let network = Network::plan(spec(1, 2_000, 300_000)).unwrap();
    let seats: u32 = network.legs.iter().map(|leg| leg.aircraft.seats).sum();
    let load = network.bookings() as f64 / f64::from(seats);
    let connecting: u32 =
        network.itineraries.iter().filter(|one| one.legs.1.is_some()).map(|one| one.count).sum();
    assert!((0.70..0.97).contains(&load), "load factor {load}");
    assert!((0.05..0.15).contains(&(f64::from(connecting) / 300_000.0)), "{connecting} connect");
    assert_eq!(network.travellers(299_999).count(), 1);
    let mut tiers = BTreeMap::new();
    for one in network.travellers(150_000).take(8_000) {
        let passenger = one.unwrap().passenger;
        *tiers.entry((passenger.tier.name(), passenger.language.code())).or_insert(0) += 1;
    }
    assert_eq!(tiers.len(), 12, "{tiers:?}");
}

/// What must never change for a seed: tables have it.
#[test]
fn a_network_reads_like_this() {
    let network = Network::plan(spec(1, 7, 60)).unwrap();
    let flights: Vec<_> = (0..7).map(|at| network.flight(at).unwrap()).collect();
    insta::assert_json_snapshot!("flights", flights);
    let people: Vec<_> = network
        .travellers(48)
        .map(|one| one.unwrap())
        .map(|one| (serde_json::to_value(one.passenger).unwrap(), one.bookings))
        .collect();
    insta::assert_json_snapshot!("people", people);
}
