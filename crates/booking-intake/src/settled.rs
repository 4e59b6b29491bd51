//! What came of events.

use flightpulse_domain::ids::FlightId;
use flightpulse_domain::reservation::{BookingEvent, ReservationChange, Said};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Something that tells of a reservation: an event, with where it came from.
pub trait Heard: Send {
    /// The event.
    fn event(&self) -> &BookingEvent;
}

/// What came of events of one reservation; or of several, of which all was known.
#[derive(Debug)]
pub struct Settled<T> {
    /// What was written, and when, UTC; none when all of it was known.
    pub written: Option<(ReservationChange, Timestamp)>,
    /// Events that the reservation has now.
    pub taken: Vec<T>,
    /// Events that it can never have, and why not.
    pub refused: Vec<(T, String)>,
    /// Events that could not be written now, and can be later.
    pub again: Vec<T>,
}

impl<T> Default for Settled<T> {
    fn default() -> Self {
        Self { written: None, taken: Vec::new(), refused: Vec::new(), again: Vec::new() }
    }
}

/// The flights that events tell of a purchase on.
pub(crate) fn flights_of<'a, T: Heard + 'a>(heard: impl Iterator<Item = &'a T>) -> Vec<FlightId> {
    let bought = heard.filter_map(|heard| match &heard.event().said {
        Said::Purchased(flights) => Some(flights.keys().cloned()),
        _ => None,
    });
    bought.flatten().collect::<BTreeSet<_>>().into_iter().collect()
}
