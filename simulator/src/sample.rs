//! The sample airline: committed in `sample-data/`, dated when it is seeded.
//!
//! Flights are committed by the clock of their airports and a day that counts from the day of
//! seeding, so that the data are never stale. They are part of the binary.

use anyhow::Context;
use flightpulse_domain::airport;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::passenger::Passenger;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_json::{Map, Value};

const FLIGHTS: &str = include_str!("../../sample-data/flights.json");
const PASSENGERS: &str = include_str!("../../sample-data/passengers.json");
const BOOKINGS: &str = include_str!("../../sample-data/bookings.json");

/// The records of the sample airline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) flights: Vec<Flight>,
    pub(crate) passengers: Vec<Passenger>,
    pub(crate) bookings: Vec<Booking>,
}

/// A time by a clock, on a day that counts from the day of seeding.
#[derive(Debug, Deserialize)]
struct ClockTime {
    day: i32,
    #[serde(alias = "utc", alias = "local")]
    time: Time,
}

impl ClockTime {
    fn on(&self, date: Date, zone: TimeZone) -> anyhow::Result<Timestamp> {
        let day = date.checked_add(self.day.days()).context("the date is out of range")?;
        Ok(day.to_datetime(self.time).to_zoned(zone)?.timestamp())
    }
}

#[derive(Debug, Deserialize)]
struct SampleFlight {
    flight_id: FlightId,
    origin: String,
    destination: String,
    scheduled_departure: ClockTime,
    scheduled_arrival: ClockTime,
    gate: String,
    aircraft: String,
    capacity: u32,
}

#[derive(Debug, Deserialize)]
struct SampleBooking {
    created: ClockTime,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Sample {
    /// The sample airline, its flights dated from this day on.
    pub(crate) fn on(date: Date) -> anyhow::Result<Self> {
        let bookings: Vec<SampleBooking> =
            serde_json::from_str(BOOKINGS).context("sample-data/bookings.json")?;
        let bookings = bookings.into_iter().map(|booking| booking.on(date));
        let bookings =
            bookings.collect::<Result<Vec<_>, _>>().context("sample-data/bookings.json")?;
        let flights: Vec<SampleFlight> =
            serde_json::from_str(FLIGHTS).context("sample-data/flights.json")?;
        let flights = flights.into_iter().map(|flight| flight.on(date, &bookings));
        Ok(Self {
            flights: flights.collect::<Result<_, _>>().context("sample-data/flights.json")?,
            passengers: serde_json::from_str(PASSENGERS).context("sample-data/passengers.json")?,
            bookings,
        })
    }
}

impl SampleFlight {
    fn on(self, date: Date, bookings: &[Booking]) -> anyhow::Result<Flight> {
        let zone =
            |iata: &str| airport::time_zone(iata).with_context(|| format!("{iata} is no airport"));
        let booked =
            |booking: &&Booking| booking.flight_id == self.flight_id && booking.is_affected();
        let booked_passengers = u32::try_from(bookings.iter().filter(booked).count())?;
        let departure = self.scheduled_departure.on(date, zone(&self.origin)?)?;
        let arrival = self.scheduled_arrival.on(date, zone(&self.destination)?)?;
        Ok(Flight {
            gate: Some(self.gate),
            aircraft: Some(self.aircraft),
            capacity: Some(self.capacity),
            booked_passengers,
            ..Flight::scheduled(self.flight_id, self.origin, self.destination, departure, arrival)
        })
    }
}

impl SampleBooking {
    fn on(mut self, date: Date) -> anyhow::Result<Booking> {
        let created_at = self.created.on(date, TimeZone::UTC)?;
        self.rest.insert("created_at".into(), created_at.to_string().into());
        Ok(serde_json::from_value(self.rest.into())?)
    }
}

#[cfg(test)]
mod tests;
