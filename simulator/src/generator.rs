//! A generated network: hubs and spokes, a day of flights, their passengers and bookings.
//!
//! **Invariants**, held by property tests over seeds and sizes: the same seed, size and date make
//! the same network, whatever machine it is made on; a flight has as many bookings as it says, and
//! never more than seats; every passenger flies; a connection can be made on foot. Nothing in it is
//! anybody's: ids begin with GEN, emails end in example.com, phone numbers are of the range that is
//! kept for fiction (555-0100 to 555-0199).
//!
//! The plan (flights, and how many fly where) is in memory, a few hundred bytes a flight; people are
//! made as they are asked for, so a network of any size can be written in bounded memory and gone on
//! with from any passenger.

mod airports;
mod dice;
pub(crate) mod fleet;
mod loads;
mod people;
mod schedule;

use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{FlightId, InvalidId};
use flightpulse_domain::passenger::Passenger;
use jiff::Timestamp;
use jiff::civil::Date;

pub(crate) use dice::{Dice, Stream};

/// Which network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spec {
    /// Decides everything that size and date do not.
    pub(crate) seed: u32,
    /// Flights; 9,000 at most, since a flight number has four digits.
    pub(crate) flights: u32,
    /// Passengers.
    pub(crate) passengers: u32,
    /// Day 0: flights leave on the day after, by the clock of their airport.
    pub(crate) date: Date,
}

/// Why there is no such network.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Impossible {
    /// There are more passengers than seats in the largest aircraft.
    #[error(
        "{flights} flights have at most {seats} seats, and there are to be {passengers} passengers"
    )]
    TooManyPassengers { flights: u32, seats: u32, passengers: u32 },
    /// A date so far off that it cannot be counted from.
    #[error("the date is out of range: {0}")]
    Date(#[from] jiff::Error),
    /// An id that is none: a defect of the generator.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// An airport of ours that the domain does not know: a defect of the generator.
    #[error("the airport {0} has no time zone")]
    Airport(&'static str),
}

/// A flight as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) flight_id: FlightId,
    pub(crate) origin: &'static str,
    pub(crate) destination: &'static str,
    /// UTC.
    pub(crate) departure: Timestamp,
    /// UTC.
    pub(crate) arrival: Timestamp,
    pub(crate) gate: String,
    pub(crate) aircraft: &'static fleet::Type,
    /// Bookings on it.
    pub(crate) booked: u32,
}

/// People who fly the same way: on one flight, or on two that connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Itinerary {
    /// Places in the list of flights.
    pub(crate) legs: (usize, Option<usize>),
    /// Their number.
    pub(crate) count: u32,
    /// The number, from 0 on, of the first of them among all passengers.
    pub(crate) first: u32,
    /// The first of their seats on each leg.
    pub(crate) seats: (u32, u32),
}

/// A planned network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) spec: Spec,
    pub(crate) legs: Vec<Leg>,
    pub(crate) itineraries: Vec<Itinerary>,
}

/// A passenger with their bookings: one, or two that connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traveller {
    pub(crate) passenger: Passenger,
    pub(crate) bookings: Vec<Booking>,
}

impl Network {
    /// Plans the network.
    ///
    /// # Errors
    /// [`Impossible`] when there are more passengers than the largest aircraft hold, or the date
    /// cannot be counted from.
    pub(crate) fn plan(spec: Spec) -> Result<Self, Impossible> {
        let mut legs = schedule::legs(&spec)?;
        let itineraries = loads::load(&spec, &mut legs)?;
        Ok(Self { spec, legs, itineraries })
    }

    /// The network of flights that are given, whose passengers fly on one of them. `legs` say how
    /// many are booked on each.
    pub(crate) fn of_legs(seed: u32, date: Date, legs: Vec<Leg>) -> Self {
        let mut first = 0;
        let itinerary = |(at, leg): (usize, &Leg)| {
            let one = Itinerary { legs: (at, None), count: leg.booked, first, seats: (0, 0) };
            first += leg.booked;
            one
        };
        let itineraries = legs.iter().enumerate().map(itinerary).collect();
        let spec = Spec { seed, flights: legs.len() as u32, passengers: first, date };
        Self { spec, legs, itineraries }
    }

    /// Bookings of all flights.
    pub(crate) fn bookings(&self) -> u64 {
        self.legs.iter().map(|leg| u64::from(leg.booked)).sum()
    }

    /// The flight of this number, from 0 on, as the table keeps it.
    pub(crate) fn flight(&self, at: usize) -> Option<Flight> {
        let leg = self.legs.get(at)?;
        Some(Flight {
            gate: Some(leg.gate.clone()),
            aircraft: Some(leg.aircraft.name.to_owned()),
            capacity: Some(leg.aircraft.seats),
            booked_passengers: leg.booked,
            ..Flight::scheduled(
                leg.flight_id.clone(),
                leg.origin,
                leg.destination,
                leg.departure,
                leg.arrival,
            )
        })
    }

    /// The travellers from this number on, made as they are asked for.
    pub(crate) fn travellers(
        &self,
        from: u32,
    ) -> impl Iterator<Item = Result<Traveller, Impossible>> + '_ {
        let before = self.itineraries.partition_point(|one| one.first + one.count <= from);
        let rest = self.itineraries.get(before..).unwrap_or_default();
        let skip = rest.first().map_or(0, |first| from.saturating_sub(first.first) as usize);
        rest.iter().flat_map(|itinerary| people::travellers(self, itinerary)).skip(skip)
    }
}

#[cfg(test)]
mod tests;
