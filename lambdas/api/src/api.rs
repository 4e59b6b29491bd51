//! What the function works with.

use flightpulse_secrets::Kept;
use flightpulse_store::{
    BookingLookup, FlightLister, FlightReader, NotificationReader, OperationsReader,
    PassengerReader, ReconciliationReader,
};

/// All that the routes read of the table.
pub trait Reads:
    FlightReader
    + FlightLister
    + BookingLookup
    + PassengerReader
    + NotificationReader
    + OperationsReader
    + ReconciliationReader
{
}

impl<S> Reads for S where
    S: FlightReader
        + FlightLister
        + BookingLookup
        + PassengerReader
        + NotificationReader
        + OperationsReader
        + ReconciliationReader
{
}

/// What the function works with: a store to read, and the secret that cursors are signed with.
pub struct Api<S, K> {
    /// Reads the table.
    pub store: S,
    /// The key of cursors; read when the first cursor is needed.
    pub(crate) cursor_secret: Kept<K>,
}

impl<S, K: flightpulse_secrets::SecretReader> Api<S, K> {
    /// Works with this store and this secret.
    pub fn new(store: S, cursor_secret: K) -> Self {
        Self { store, cursor_secret: Kept::new(cursor_secret) }
    }
}
