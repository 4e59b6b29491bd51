//! Cohorts: the groups of passengers who get the same text.

use crate::passenger::{Language, Passenger, Tier};
use serde::{Deserialize, Serialize};

/// Everyone of one tier who reads one language: one text serves them all.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub struct Cohort {
    /// The tier that the text acknowledges.
    pub tier: Tier,
    /// The language that it is written in.
    pub language: Language,
}

impl From<&Passenger> for Cohort {
    fn from(passenger: &Passenger) -> Self {
        Self { tier: passenger.tier, language: passenger.language }
    }
}
