//! The day's flights as they were planned, and people who are booked on them.
//!
//! Flights are real; people are generated, since no data set has them: a few on each flight, by a
//! seed, with wishes, tiers and languages as in any generated network.

use super::day::{Day, Departure};
use crate::generator::{Dice, Impossible, Leg, Network, Stream, Traveller, fleet};
use flightpulse_domain::flight::Flight;

/// Bookings of a flight, the fewest and the most.
const BOOKED: (i64, i64) = (2, 6);

/// A day of flights with passengers.
pub(super) struct Airline<'a> {
    day: &'a Day,
    network: Network,
}

impl<'a> Airline<'a> {
    /// The day's airline by this seed.
    pub(super) fn new(day: &'a Day, seed: u32) -> Self {
        let legs =
            day.departures.iter().enumerate().map(|(at, departure)| leg(at, departure, seed));
        Self { day, network: Network::of_legs(seed, day.date, legs.collect()) }
    }

    /// How many bookings there are.
    pub(super) fn bookings(&self) -> u64 {
        self.network.bookings()
    }

    /// The flights, as scheduled.
    pub(super) fn flights(&self) -> impl Iterator<Item = Flight> + '_ {
        self.day.departures.iter().zip(&self.network.legs).map(|(departure, leg)| Flight {
            aircraft: departure.tail_number.clone(),
            booked_passengers: leg.booked,
            ..Flight::scheduled(
                departure.flight_id.clone(),
                departure.origin,
                departure.destination,
                departure.scheduled_departure,
                departure.scheduled_arrival,
            )
        })
    }

    /// The passengers with their bookings: those of the first flight first.
    pub(super) fn travellers(&self) -> impl Iterator<Item = Result<Traveller, Impossible>> + '_ {
        self.network.travellers(0)
    }
}

fn leg(at: usize, departure: &Departure, seed: u32) -> Leg {
    let mut dice = Dice::of(seed, Stream::Loads, at as u64);
    Leg {
        flight_id: departure.flight_id.clone(),
        origin: departure.origin,
        destination: departure.destination,
        departure: departure.scheduled_departure,
        arrival: departure.scheduled_arrival,
        gate: String::new(),
        // The type decides only which seats there are.
        aircraft: fleet::USUAL,
        booked: dice.between(BOOKED.0, BOOKED.1) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::COMMITTED;
    use super::*;
    use flightpulse_domain::notification::reach;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn everybody_is_booked_on_one_flight_of_the_day_and_counted() {
        let day = Day::read(COMMITTED, jiff::civil::date(2013, 2, 8)).unwrap();
        let airline = Airline::new(&day, 1);
        let mut booked: BTreeMap<_, u32> = BTreeMap::new();
        let (mut ids, mut seats, mut unreachable) = (BTreeSet::new(), BTreeSet::new(), 0);
        for traveller in airline.travellers() {
            let Traveller { passenger, bookings } = traveller.unwrap();
            assert_eq!(bookings.len(), 1);
            let booking = &bookings[0];
            *booked.entry(booking.flight_id.clone()).or_default() += 1;
            assert!(ids.insert(passenger.passenger_id.clone()));
            if let Some(seat) = &booking.seat {
                assert!(seats.insert((booking.flight_id.clone(), seat.clone())), "a seat twice");
            }
            unreachable += usize::from(reach(&passenger).is_empty());
        }
        let flights: Vec<_> = airline.flights().collect();
        assert_eq!(flights.len(), 930);
        for flight in flights {
            assert_eq!(booked.get(&flight.flight_id), Some(&flight.booked_passengers));
        }
        assert_eq!(ids.len() as u64, airline.bookings());
        assert!((100..600).contains(&unreachable), "{unreachable} of {} want nothing", ids.len());
    }

    #[test]
    fn a_seed_decides_who_flies() {
        let day = Day::read(COMMITTED, jiff::civil::date(2013, 2, 8)).unwrap();
        let some = |seed| {
            let airline = Airline::new(&day, seed);
            airline.travellers().take(50).map(Result::unwrap).collect::<Vec<_>>()
        };
        assert_eq!(some(1), some(1));
        assert_ne!(some(1), some(2));
    }
}
