//! What one event of a booking feed says.

use super::{Contact, Purchased, Refund};
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
    /// What it says.
    pub said: Said,
}

/// What an event says of its reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Flights were bought, or are now bought in another way. Flights that it does not name stay as
    /// they are.
    Purchased {
        /// Who is told.
        contact: Contact,
        /// What was bought on each.
        flights: BTreeMap<FlightId, Purchased>,
    },
    /// Flights were given up.
    Cancelled {
        /// The order; none when the event names none.
        order_id: Option<String>,
        /// Which flights; empty for all of the order.
        flights: BTreeSet<FlightId>,
    },
    /// Money was given back.
    Refunded(Refund),
}
