//! Reports that nobody need be told of: they can be done with where they are read, without a workflow.

use super::{Decision, Report, decide, implausible};
use crate::flight::Flight;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

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

/// A flight as reports leave it of which nobody need be told, as long as they come one after the other. It is written
/// once, however many there were.
#[derive(Debug, Clone)]
pub struct QuietFlight<'a> {
    read: &'a Flight,
    changed: Option<Box<Flight>>,
}

impl<'a> QuietFlight<'a> {
    /// The flight as it was read.
    #[must_use]
    pub fn new(read: &'a Flight) -> Self {
        Self { read, changed: None }
    }

    /// Takes in a report about which [`decide`] tells nobody; none when passengers are to be told, or when it cannot be
    /// of this flight: that changes nothing here.
    pub fn take(&mut self, report: &Report) -> Option<QuietOutcome> {
        let flight = self.changed.as_deref().unwrap_or(self.read);
        if implausible(flight, report).is_some() {
            return None;
        }
        match decide(flight, report) {
            Decision::Superseded { .. } => Some(QuietOutcome::Superseded),
            Decision::TooLate => Some(QuietOutcome::NotMaterial),
            Decision::Write { flight, notice: None } => {
                self.changed = Some(flight);
                Some(QuietOutcome::NotMaterial)
            }
            Decision::Write { notice: Some(_), .. } => None,
        }
    }

    /// The flight as it was read, and as the next write leaves it: the same when no report has changed it.
    #[must_use]
    pub fn written(self) -> (&'a Flight, Cow<'a, Flight>) {
        let changed = self.changed.map_or(Cow::Borrowed(self.read), |changed| {
            Cow::Owned(Flight { revision: self.read.revision + 1, ..*changed })
        });
        (self.read, changed)
    }
}
