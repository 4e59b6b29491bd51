//! What the live feeds of bookings hand to the booking worker.

use flightpulse_domain::reservation::Feed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most events in one message: a message is what is tried again when one of its bookings could
/// not be written.
pub const MAX_EVENTS_PER_MESSAGE: usize = 25;

/// A message of the queue `FlightPulse-BookingEvents`: some of the events of one request, as they
/// came. Nothing in them has been judged but who sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookingMessage {
    /// Who sent them: the name of a configured source.
    pub source: String,
    /// By which feed they came.
    #[serde(default)]
    pub feed: Feed,
    /// When they were taken, UTC.
    pub received_at: Timestamp,
    /// XDM ExperienceEvents, in the order of the request.
    pub events: Vec<Value>,
}
