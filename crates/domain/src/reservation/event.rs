//! What one event of a booking feed says.

use super::{ContactField, Extra, Order, Purchased, Refund};
use crate::facet::FacetVersion;
use crate::ids::{FlightId, Pnr};
use std::collections::{BTreeMap, BTreeSet};

/// An event about a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingEvent {
    /// The reservation.
    pub pnr: Pnr,
    /// When it happened, and the event's id.
    pub version: FacetVersion,
    /// The order.
    pub order: Order,
    /// What it says of whom to tell.
    pub contact: BTreeMap<ContactField, String>,
    /// What it says of the order.
    pub said: Said,
}

/// What an event says of its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Flights were bought, or are now bought in another way. Flights that it does not name stay as
    /// they are.
    Purchased(BTreeMap<FlightId, Purchased>),
    /// Something was bought beside flights that were bought before.
    Extras(Vec<Extra>),
    /// Flights were given up, by the whole party; none named means all of the order.
    Cancelled(BTreeSet<FlightId>),
    /// Money was given back.
    Refunded(Refund),
}
