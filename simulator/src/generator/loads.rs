//! How many fly where: loads by seats, and connections from one flight to another at a hub.

use super::dice::{Dice, Stream};
use super::{Impossible, Itinerary, Leg, Spec};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// The shortest and the longest time between two flights, in minutes.
pub(super) const CONNECTION_MINUTES: (i64, i64) = (45, 150);
/// Of a hundred passengers, how many are to connect, where flights allow it.
const CONNECTING_PERCENT: u64 = 12;
/// Of a hundred bookings of a flight, how many are of people who connect, at most.
const CONNECTING_PERCENT_OF_A_FLIGHT: u32 = 40;
/// Flights that people of one flight go on with, at most, and how many go on with one of them.
const ONWARD_FLIGHTS: usize = 8;
const ONWARD_PASSENGERS: i64 = 9;

/// Books as many passengers on the flights as there are to be, and answers who flies how.
pub(super) fn load(spec: &Spec, legs: &mut [Leg]) -> Result<Vec<Itinerary>, Impossible> {
    let mut dice = Dice::of(spec.seed, Stream::Loads, 0);
    let passengers = u64::from(spec.passengers);
    let seats: u64 = legs.iter().map(|leg| u64::from(leg.aircraft.seats)).sum();
    let spare = seats.saturating_sub(passengers);
    let wanted = (passengers * CONNECTING_PERCENT / 100).min(spare);
    book(legs, passengers + wanted, &mut dice);
    let pairs = connections(legs, wanted, &mut dice);
    let connecting: u64 = pairs.values().map(|count| u64::from(*count)).sum();

    let mut local: Vec<u32> = legs.iter().map(|leg| leg.booked).collect();
    for ((first, second), count) in &pairs {
        local[*first] -= count;
        local[*second] -= count;
    }
    // Those who were to connect and found no connection were counted twice.
    reduce(legs, &mut local, wanted - connecting);
    Ok(itineraries(&local, &pairs))
}

/// Spreads so many bookings over the flights, by seats and at random, up to the last seat.
fn book(legs: &mut [Leg], bookings: u64, dice: &mut Dice) {
    let weights: Vec<u64> = legs
        .iter()
        .map(|leg| u64::from(leg.aircraft.seats) * dice.between(60, 100) as u64)
        .collect();
    let sum: u64 = weights.iter().sum::<u64>().max(1);
    let mut left = bookings;
    for (leg, weight) in legs.iter_mut().zip(&weights) {
        let share = u64::from(leg.aircraft.seats).min(bookings * weight / sum);
        leg.booked = share as u32;
        left -= share;
    }
    // What does not fit where it was meant to goes wherever there is a seat, a few at a time.
    while left > 0 {
        let before = left;
        for leg in legs.iter_mut() {
            let more = left.min(u64::from(leg.aircraft.seats - leg.booked)).min(3);
            leg.booked += more as u32;
            left -= more;
        }
        if left == before {
            return;
        }
    }
}

type Pairs = BTreeMap<(usize, usize), u32>;

/// Who connects: so many on the first flight go on with the second.
fn connections(legs: &[Leg], wanted: u64, dice: &mut Dice) -> Pairs {
    let quota = |leg: &Leg| leg.booked * CONNECTING_PERCENT_OF_A_FLIGHT / 100;
    let mut free: Vec<u32> = legs.iter().map(quota).collect();
    let mut from: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, leg) in legs.iter().enumerate() {
        from.entry(leg.origin).or_default().push(at);
    }
    for flights in from.values_mut() {
        flights.sort_by_key(|at| (legs[*at].departure, *at));
    }
    let (mut pairs, mut left) = (Pairs::new(), wanted);
    let mut order: Vec<_> = (0..legs.len()).collect();
    dice.shuffle(&mut order);
    for first in order {
        let onward = onward(legs, &from, first);
        for _ in 0..ONWARD_FLIGHTS.min(onward.len()) {
            let second = *dice.pick(onward);
            // They do not go back where they come from, nor to the airport that they are at.
            if left == 0 || legs[second].destination == legs[first].origin {
                continue;
            }
            let most = u64::from(free[first].min(free[second])).min(left);
            let count = most.min(dice.between(1, ONWARD_PASSENGERS) as u64) as u32;
            if count > 0 {
                *pairs.entry((first, second)).or_default() += count;
                free[first] -= count;
                free[second] -= count;
                left -= u64::from(count);
            }
        }
    }
    pairs
}

/// The flights that one can go on with after this one.
fn onward<'a>(legs: &[Leg], from: &'a BTreeMap<&str, Vec<usize>>, first: usize) -> &'a [usize] {
    let flights = from.get(legs[first].destination).map(Vec::as_slice).unwrap_or_default();
    let after = |minutes| legs[first].arrival + SignedDuration::from_mins(minutes);
    let (shortest, longest) = CONNECTION_MINUTES;
    let begin = flights.partition_point(|at| legs[*at].departure < after(shortest));
    let end = flights.partition_point(|at| legs[*at].departure <= after(longest));
    flights.get(begin..end).unwrap_or_default()
}

/// Takes so many bookings back from those who fly one flight only.
fn reduce(legs: &mut [Leg], local: &mut [u32], mut surplus: u64) {
    while surplus > 0 {
        let before = surplus;
        for (leg, local) in legs.iter_mut().zip(local.iter_mut()) {
            let less = surplus.min(u64::from(*local)).min(3) as u32;
            *local -= less;
            leg.booked -= less;
            surplus -= u64::from(less);
        }
        if surplus == before {
            return;
        }
    }
}

/// First those of each flight, then those who connect, each with its numbers and seats.
fn itineraries(local: &[u32], pairs: &Pairs) -> Vec<Itinerary> {
    let mut next_seat = vec![0; local.len()];
    let mut first = 0;
    let of_one = local.iter().enumerate().map(|(leg, count)| ((leg, None), *count));
    let of_two = pairs.iter().map(|((one, two), count)| ((*one, Some(*two)), *count));
    let mut found = Vec::with_capacity(local.len() + pairs.len());
    for (legs, count) in of_one.chain(of_two).filter(|(_, count)| *count > 0) {
        let mut take = |leg: usize| {
            let seat = next_seat[leg];
            next_seat[leg] += count;
            seat
        };
        let seats = (take(legs.0), legs.1.map(&mut take).unwrap_or_default());
        found.push(Itinerary { legs, count, first, seats });
        first += count;
    }
    found
}
