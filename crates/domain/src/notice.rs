//! A notice: what there is to tell the passengers of one flight, in facts.

use crate::delay::{DelayCategory, Reason};
use crate::facet::{Facet, FacetVersion};
use crate::ids::{EventId, FlightId};
use crate::inbound::RebookingPriority;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a notice stands to what passengers were told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Nature {
    /// News.
    News,
    /// It takes back something worse: a delay that shrinks, a flight that operates after all.
    Improvement,
    /// An operator takes back a broadcast that was wrong: what was said before is to be
    /// disregarded.
    Retraction,
}

impl Nature {
    /// The nature's name in tasks and prompts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::News => "NEWS",
            Self::Improvement => "IMPROVEMENT",
            Self::Retraction => "RETRACTION",
        }
    }
}

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
    /// The flight does not operate.
    Cancellation {
        /// Why.
        reason: Reason,
        /// How urgently its passengers need another flight.
        rebooking_priority: RebookingPriority,
        /// The departure that was planned, UTC.
        #[schemars(with = "String")]
        scheduled_departure: Timestamp,
    },
    /// The flight leaves from another gate.
    GateChange {
        /// The gate that passengers knew, when one was known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old_gate: Option<String>,
        /// The gate that it leaves from.
        new_gate: String,
        /// Whether that is in another terminal.
        terminal_change: bool,
        /// The departure as now expected, UTC.
        #[schemars(with = "String")]
        departure: Timestamp,
    },
    /// A cancelled flight operates after all.
    Reinstatement {
        /// Minutes later than planned.
        delay_minutes: u32,
        /// The departure then expected, UTC.
        #[schemars(with = "String")]
        departure: Timestamp,
        /// The arrival then expected, UTC.
        #[schemars(with = "String")]
        arrival: Timestamp,
        /// The gate, when one is assigned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<String>,
        /// The versions of the schedule and of the gate that it states, where events have changed
        /// them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(with = "Vec<String>")]
        as_of: Vec<FacetVersion>,
    },
}

impl Subject {
    /// The facet that it is about.
    #[must_use]
    pub fn facet(&self) -> Facet {
        match self {
            Self::Delay { .. } => Facet::Schedule,
            Self::GateChange { .. } => Facet::Gate,
            Self::Cancellation { .. } | Self::Reinstatement { .. } => Facet::Status,
        }
    }

    /// The kind's name in tasks and events.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "DELAY",
            Self::Cancellation { .. } => "CANCELLATION",
            Self::GateChange { .. } => "GATE_CHANGE",
            Self::Reinstatement { .. } => "REINSTATEMENT",
        }
    }

    /// Whether passengers must know at once, wherever they are: text messages go first.
    #[must_use]
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::GateChange { terminal_change: true, .. })
    }
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
    /// How it stands to what passengers were told before.
    pub nature: Nature,
    /// The operator's request that it is told again by, when it is. Everyone is then told once
    /// more for this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resend_id: Option<EventId>,
    /// What changed.
    #[serde(flatten)]
    pub subject: Subject,
}
