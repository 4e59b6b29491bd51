//! Reports that nobody need be told of: they can be done with where they are read, without a workflow.

use super::{Decision, Report, decide, implausible};
use crate::flight::Flight;
use serde::{Deserialize, Serialize};

/// Why nobody is told of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuietOutcome {
    /// Passengers would learn nothing that matters.
    NotMaterial,
    /// A newer event has already changed the facet.
    Superseded,
}

impl QuietOutcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::NotMaterial, Self::Superseded];

    /// The name in events, outputs of workflows and the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotMaterial => "NOT_MATERIAL",
            Self::Superseded => "SUPERSEDED",
        }
    }
}

/// What a report comes to of which nobody need be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// Why not.
    pub outcome: QuietOutcome,
    /// The flight as it then is; none when the report leaves it as it was.
    pub flight: Option<Box<Flight>>,
}

/// Decides about a report as [`decide`] does, for whoever has no means to tell anybody: none when
/// passengers are to be told, or when the report cannot be of this flight.
#[must_use]
pub fn decide_quietly(flight: &Flight, report: &Report) -> Option<Quiet> {
    if implausible(flight, report).is_some() {
        return None;
    }
    let (outcome, flight) = match decide(flight, report) {
        Decision::Superseded { .. } => (QuietOutcome::Superseded, None),
        Decision::TooLate => (QuietOutcome::NotMaterial, None),
        Decision::Write { flight, notice: None } => (QuietOutcome::NotMaterial, Some(flight)),
        Decision::Write { notice: Some(_), .. } => return None,
    };
    Some(Quiet { outcome, flight })
}
