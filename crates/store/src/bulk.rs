//! Writing many records, and how far that has come.

use crate::StoreError;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::passenger::Passenger;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// A record of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// A flight.
    Flight(Box<Flight>),
    /// A passenger.
    Passenger(Box<Passenger>),
    /// A booking, with its entries under its flight and its passenger.
    Booking(Box<Booking>),
}

/// Writes many records at once.
pub trait BulkWriter: Send + Sync {
    /// Puts records, replacing what was there, in as few calls as there can be (25 items a call). Of
    /// one that is named twice the last counts. There is no transaction around them: after an error
    /// some may be written, and to put all of them again does no harm.
    fn put_records(
        &self,
        records: &[Record],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// How far the writing of a generated network has come. It is kept in the table that is written to,
/// so that it goes when the table goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeding {
    /// What decides the network.
    pub seed: u32,
    /// Its flights.
    pub flights: u32,
    /// Its passengers.
    pub passengers: u32,
    /// Its day 0.
    pub date: Date,
    /// Records, counted from the first, of which all are in the table: flights, then passengers
    /// with their bookings.
    pub written: u32,
    /// When that was noted, UTC.
    pub at: Timestamp,
}

impl Seeding {
    /// All records of the network: its flights, and its passengers with their bookings.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.flights.saturating_add(self.passengers)
    }

    /// Whether all of it is written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.written >= self.records()
    }
}

/// Notes how far the writing of networks has come.
pub trait SeedingLog: Send + Sync {
    /// Notes it, in place of what was noted of the same network.
    fn note_seeding(
        &self,
        seeding: &Seeding,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// All networks that were written, or begun, in the order of their days; the latest
    /// [`MOST_SEEDINGS`] of them.
    fn seedings(&self) -> impl Future<Output = Result<Vec<Seeding>, StoreError>> + Send;
}

/// The most networks that are listed.
pub const MOST_SEEDINGS: usize = 500;
