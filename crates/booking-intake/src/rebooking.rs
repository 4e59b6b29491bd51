//! Asking for other flights for seats that were sold on flights that do not operate.

use flightpulse_bus::{Event, EventPublisher};
use flightpulse_contracts::names::REBOOKING_NEEDED;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{CorrelationId, FlightId, Pnr};
use flightpulse_domain::reservation::{booking_id, contact_id};
use flightpulse_store::{BookingReader, BookingRecord, StoreError};
use std::collections::HashMap;

/// Not all could be asked for: ask for all again, it is the same requests.
#[derive(Debug, thiserror::Error)]
pub enum AskFailed {
    /// The table could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The bus did not take it.
    #[error("the bus did not take a request for rebooking: {0}")]
    Bus(String),
}

impl AskFailed {
    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Bus(_) => true,
        }
    }
}

/// Asks for another flight for each seat, of a reservation on a flight, that is up for rebooking:
/// under the same id however often, so that nobody is forgotten when asking failed. Seats on flights
/// that operate, and those that were given up since, ask for nothing. `source` is who asks.
///
/// # Errors
/// [`AskFailed`]
pub async fn ask_for_rebooking(
    store: &impl BookingReader,
    bus: &impl EventPublisher,
    source: &'static str,
    seats: impl IntoIterator<Item = (Pnr, FlightId)>,
    flights: &HashMap<FlightId, Flight>,
) -> Result<(), AskFailed> {
    let refused =
        |error: flightpulse_domain::ids::InvalidId| StoreError::Refused(error.to_string());
    let mut asked = Vec::new();
    for (pnr, flight) in seats {
        let cancelled = |flight: &&Flight| flight.status == FlightStatus::Cancelled;
        let Some(flight) = flights.get(&flight).filter(cancelled) else {
            continue;
        };
        let booking = booking_id(&pnr, &flight.flight_id).map_err(refused)?;
        asked.push(((booking, contact_id(&pnr).map_err(refused)?), flight));
    }
    if asked.is_empty() {
        return Ok(());
    }
    let (ids, flights): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
    let found = store.booking_records(&ids).await?;
    let events: Vec<_> = found
        .iter()
        .zip(flights)
        .filter_map(|(record, flight)| request(source, record, flight))
        .collect();
    let answers = bus.publish(&events).await;
    let failed = answers.into_iter().find_map(Result::err);
    failed.map_or(Ok(()), |error| Err(AskFailed::Bus(error.to_string())))
}

/// The request to find a booking another flight than this one; none when it needs none.
fn request(source: &'static str, found: &BookingRecord, flight: &Flight) -> Option<Event> {
    let in_need = |booking: &&Booking| {
        booking.booking_status == BookingStatus::NeedsRebooking
            && booking.flight_id == flight.flight_id
    };
    let booking = found.booking.as_ref().filter(in_need)?;
    let version = flight.versions.status.as_ref()?;
    let priority = flight.cancellation.map(|known| known.rebooking_priority).unwrap_or_default();
    let correlation = CorrelationId::from(version.event_id());
    let tier = found.passenger.as_ref().map(|passenger| passenger.tier);
    let detail = RebookingEvent::new(booking, version, correlation, tier, priority);
    Event::new(source, REBOOKING_NEEDED, &detail).ok()
}
