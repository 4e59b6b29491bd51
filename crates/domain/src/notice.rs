//! A notice: what there is to tell the passengers of one flight, in facts.

use crate::delay::{DelayCategory, Reason};
use crate::facet::{Facet, FacetVersion};
use crate::ids::FlightId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What changed, with the facts that a message about it must state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Subject {
    /// The flight leaves at another time than passengers believe.
    Delay {
        /// The delay's category.
        category: DelayCategory,
        /// Minutes later than planned; 0 when it is back on schedule.
        delay_minutes: u32,
        /// Why.
        reason: Reason,
        /// The departure now expected, UTC.
        #[schemars(with = "String")]
        new_departure: Timestamp,
        /// The arrival now expected, UTC.
        #[schemars(with = "String")]
        new_arrival: Timestamp,
    },
}

/// What there is to tell the passengers of one flight. Travels through the workflow; has no
/// personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notice {
    /// The flight.
    pub flight_id: FlightId,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// The facet that changed.
    pub facet: Facet,
    /// The version of that facet that the notice tells of.
    pub version: FacetVersion,
    /// Whether passengers were told something worse before, which this takes back.
    pub correction: bool,
    /// What changed.
    #[serde(flatten)]
    pub subject: Subject,
}
