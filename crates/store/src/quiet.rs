//! Events of which nobody is told, done with where they are read.

use crate::{StoreError, Written};
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::EventId;
use jiff::Timestamp;
use std::future::Future;

/// How many events one call completes: a transaction has 100 items at most, of which the flight is one.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
pub const MOST_QUIET_EVENTS: usize = 99;

/// Does at once what a workflow does of which nothing comes: claims events, applies them to their flight, and is done.
pub trait QuietWriter: Send + Sync {
    /// Writes a flight that was decided on `read`, as [`crate::FlightWriter::write_flight`] does, unless it is as it
    /// was, and the claims of these events as done: all or nothing. Ids are unique, and
    /// [`MOST_QUIET_EVENTS`] at most. `now` is when claims begin to age.
    ///
    /// [`Written::Outdated`] when the flight has been written since it was read, when an event is claimed by another or done,
    /// or when another write is under way at one of them: their workflows decide then.
    fn complete_quietly(
        &self,
        read: &Flight,
        changed: &Flight,
        events: &[(EventId, QuietOutcome)],
        now: Timestamp,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;
}
