//! The ports to reservations and to what flights have of them.

use crate::keys::Key;
use crate::{Page, StoreError, Written};
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::{FlightRecord, Reservation, ReservationChange, Totals};
use std::collections::HashMap;
use std::future::Future;

/// Reservations that were asked for, as far as they are there. One that cannot be read stands with
/// why: it must not be taken for one of which nothing was heard.
pub type Reservations = HashMap<Pnr, Result<Reservation, StoreError>>;

/// Reads reservations.
pub trait ReservationReader: Send + Sync {
    /// Many reservations, in as few calls as there can be (100 a call).
    fn reservations(
        &self,
        pnrs: &[Pnr],
    ) -> impl Future<Output = Result<Reservations, StoreError>> + Send;
}

/// A booking that a reservation changes is not in the table: someone has deleted it.
pub(crate) fn booking_gone(pnr: &Pnr) -> StoreError {
    let key = Key::reservation(pnr).to_string();
    StoreError::Corrupt { key, why: "a booking of it is not in the table".to_owned() }
}

/// Writes reservations.
pub trait ReservationWriter: Send + Sync {
    /// Writes all that a changed reservation changes in one transaction: itself, its records, the
    /// totals of its flights, its bookings, its contact, and what a reconciliation found by it. Outdated when the reservation has been
    /// written since it was read, or a flight of which seats are taken operates other than it was
    /// decided on.
    fn write_reservation(
        &self,
        change: &ReservationChange,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;
}

/// Reads what flights have of reservations.
pub trait OperationsReader: Send + Sync {
    /// The totals of many flights, in as few calls as there can be (100 a call). A flight of which
    /// no reservation was heard has none.
    fn totals(
        &self,
        ids: &[FlightId],
    ) -> impl Future<Output = Result<HashMap<FlightId, Totals>, StoreError>> + Send;

    /// Up to `limit` records of a flight, by their record locators. One that cannot be read is left
    /// out.
    fn records_of(
        &self,
        id: &FlightId,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<FlightRecord>, StoreError>> + Send;
}
