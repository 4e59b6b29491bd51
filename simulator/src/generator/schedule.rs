//! The flights: aircraft go from a hub in a wave, to a spoke, and back.

use super::airports::{HUBS, Place, SPOKES, distance_km};
use super::dice::{Dice, Stream};
use super::fleet::{self, Type, block_minutes};
use super::{Impossible, Leg, Spec};
use flightpulse_domain::airport;
use flightpulse_domain::ids::FlightId;
use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeMap;

/// The hour at which the waves of departures at a hub begin, by its clock.
const WAVES: [i8; 8] = [6, 8, 10, 12, 14, 16, 18, 20];
/// Minutes over which a wave leaves.
const WAVE_MINUTES: i64 = 55;
/// The shortest route, in kilometres: nobody flies from one airport of a city to another.
const SHORTEST_KM: f64 = 200.0;
/// How full flights are meant to be.
const LOAD_FACTOR: f64 = 0.82;
/// Bookings for each passenger, on average, since some connect.
const BOOKINGS_PER_PASSENGER: f64 = 1.12;
/// The share of seats that must be left over after all are booked, so that loads can differ.
const SPARE: f64 = 0.05;
/// Minutes for which a flight has its gate before it leaves.
const GATE_MINUTES: i64 = 50;
/// Gates of one concourse.
const CONCOURSE: usize = 30;
/// The first flight number.
const FIRST_NUMBER: usize = 101;

/// An aircraft's way from a hub to a spoke and back.
struct Rotation {
    hub: &'static Place,
    spoke: &'static Place,
    km: f64,
    aircraft: &'static Type,
}

/// All flights, in the order of their numbers; nobody is booked on them yet.
pub(super) fn legs(spec: &Spec) -> Result<Vec<Leg>, Impossible> {
    let mut dice = Dice::of(spec.seed, Stream::Schedule, 0);
    let flights = spec.flights as usize;
    let mut rotations: Vec<_> =
        (0..flights.div_ceil(2)).map(|n| rotation(spec, n, &mut dice)).collect();
    let seats = enlarge(spec, &mut rotations, &mut dice);
    if seats < spec.passengers {
        let (flights, passengers) = (spec.flights, spec.passengers);
        return Err(Impossible::TooManyPassengers { flights, seats, passengers });
    }
    let day = spec.date.checked_add(1.day())?;
    let mut legs = Vec::with_capacity(flights + 1);
    for (n, rotation) in rotations.iter().enumerate() {
        let [out, back] = rotation.fly(day, FIRST_NUMBER + 2 * n, &mut dice)?;
        legs.extend([out, back]);
    }
    // Of an odd number of flights the last does not come back.
    legs.truncate(flights);
    assign_gates(&mut legs);
    Ok(legs)
}

/// Hubs that an airline of so many flights has.
fn hubs(flights: u32) -> &'static [Place] {
    match flights {
        0..60 => &HUBS[..1],
        60..300 => &HUBS[..2],
        300..1_000 => &HUBS[..4],
        _ => &HUBS,
    }
}

fn rotation(spec: &Spec, n: usize, dice: &mut Dice) -> Rotation {
    let hubs = hubs(spec.flights);
    let hub = &hubs[n % hubs.len()];
    let routes: Vec<_> = hubs
        .iter()
        .chain(&SPOKES)
        .filter(|spoke| distance_km(hub, spoke) >= SHORTEST_KM)
        .map(|spoke| (spoke, spoke.weight))
        .collect();
    let spoke = dice.weighted(&routes);
    let km = distance_km(hub, spoke);
    // As large as the network needs on average, larger where it is far, and not all alike.
    let needed = f64::from(spec.passengers) * BOOKINGS_PER_PASSENGER / f64::from(spec.flights);
    let far = if km > 4_500.0 { 1.3 } else { 1.0 };
    let unlike = dice.between(75, 125) as f64 / 100.0;
    Rotation { hub, spoke, km, aircraft: fleet::nearest(needed / LOAD_FACTOR * far * unlike, km) }
}

/// Gives larger aircraft to rotations, in any order, until everybody has a seat or there are none
/// larger. Answers how many seats there are.
fn enlarge(spec: &Spec, rotations: &mut [Rotation], dice: &mut Dice) -> u32 {
    let flights = spec.flights;
    let legs_of = |n: usize| if n as u32 * 2 + 1 == flights { 1 } else { 2 };
    let mut seats: u32 =
        rotations.iter().enumerate().map(|(n, one)| one.aircraft.seats * legs_of(n)).sum();
    let needed = f64::from(spec.passengers) * BOOKINGS_PER_PASSENGER / (1.0 - SPARE);
    let mut order: Vec<_> = (0..rotations.len()).collect();
    dice.shuffle(&mut order);
    loop {
        let before = seats;
        for n in &order {
            if f64::from(seats) >= needed {
                return seats;
            }
            let one = &mut rotations[*n];
            if let Some(larger) = fleet::larger(one.aircraft, one.km) {
                seats += (larger.seats - one.aircraft.seats) * legs_of(*n);
                one.aircraft = larger;
            }
        }
        if seats == before {
            return seats;
        }
    }
}

impl Rotation {
    /// There and back, under this number and the next.
    fn fly(&self, day: Date, number: usize, dice: &mut Dice) -> Result<[Leg; 2], Impossible> {
        let wave = *dice.pick(&WAVES);
        let begins = day.to_datetime(time(wave, 0, 0, 0)).to_zoned(zone(self.hub)?)?.timestamp();
        let departure = begins + minutes(stepped(dice.between(0, WAVE_MINUTES)));
        let out = self.leg(number, self.hub, self.spoke, departure)?;
        let turn = self.aircraft.turn_minutes + stepped(dice.between(0, 25));
        let back = by_day(out.arrival + minutes(turn), &zone(self.spoke)?, dice)?;
        let back = self.leg(number + 1, self.spoke, self.hub, back)?;
        Ok([out, back])
    }

    fn leg(
        &self,
        number: usize,
        from: &'static Place,
        to: &'static Place,
        departure: Timestamp,
    ) -> Result<Leg, Impossible> {
        let date = departure.to_zoned(zone(from)?).date();
        Ok(Leg {
            flight_id: FlightId::new(format!("GEN{number}-{date}-{}", from.iata))?,
            origin: from.iata,
            destination: to.iata,
            departure,
            arrival: departure + minutes(block_minutes(self.km)),
            gate: String::new(),
            aircraft: self.aircraft,
            booked: 0,
        })
    }
}

/// The same time, or the next morning where it would be at night.
fn by_day(at: Timestamp, zone: &TimeZone, dice: &mut Dice) -> Result<Timestamp, Impossible> {
    let local = at.to_zoned(zone.clone());
    let morning = |date: Date| date.to_datetime(time(6, 0, 0, 0)).to_zoned(zone.clone());
    let after = minutes(stepped(dice.between(0, 120)));
    match local.time() {
        late if late > time(22, 30, 0, 0) => {
            Ok(morning(local.date().checked_add(1.day())?)?.timestamp() + after)
        }
        early if early < time(5, 30, 0, 0) => Ok(morning(local.date())?.timestamp() + after),
        _ => Ok(at),
    }
}

/// Gives each flight the first gate of its airport that is free.
fn assign_gates(legs: &mut [Leg]) {
    let mut order: Vec<_> = (0..legs.len()).collect();
    order.sort_by_key(|at| (legs[*at].departure, *at));
    // By airport: when the last flight of each gate leaves.
    let mut gates: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    for at in order {
        let leg = &mut legs[at];
        let gates = gates.entry(leg.origin).or_default();
        let is_free = |last: &Timestamp| *last + minutes(GATE_MINUTES) <= leg.departure;
        let gate = gates.iter().position(is_free).unwrap_or_else(|| {
            gates.push(leg.departure);
            gates.len() - 1
        });
        gates[gate] = leg.departure;
        let concourse = char::from(b'A' + (gate / CONCOURSE % 26) as u8);
        leg.gate = format!("{concourse}{}", gate % CONCOURSE + 1);
    }
}

fn zone(place: &Place) -> Result<TimeZone, Impossible> {
    airport::time_zone(place.iata).ok_or(Impossible::Airport(place.iata))
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Times of schedules are in steps of five minutes.
fn stepped(minutes: i64) -> i64 {
    minutes / 5 * 5
}
