//! How a seat is sold: in which cabin, and by which feed that is known.

use serde::{Deserialize, Serialize};

/// A class of travel.
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
#[serde(rename_all = "snake_case")]
pub enum Cabin {
    /// First class.
    First,
    /// Business class.
    Business,
    /// Premium economy.
    PremiumEconomy,
    /// Economy.
    Economy,
    /// One by another name.
    Other,
    /// The feed did not say.
    Unspecified,
}

impl Cabin {
    /// All cabins.
    pub const ALL: [Self; 6] = [
        Self::First,
        Self::Business,
        Self::PremiumEconomy,
        Self::Economy,
        Self::Other,
        Self::Unspecified,
    ];

    /// Its name in the table and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Business => "business",
            Self::PremiumEconomy => "premium_economy",
            Self::Economy => "economy",
            Self::Other => "other",
            Self::Unspecified => "unspecified",
        }
    }

    /// The cabin of this name, however it is written: `Premium Economy` is `premium_economy`.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|cabin| cabin.name() == name).unwrap_or(Self::Other)
    }
}

/// Which feed a booking came by. Of one event that came by several the greatest is named, so that an
/// export which has what a live feed brought changes nothing.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Feed {
    /// An export that was reconciled.
    #[serde(rename = "aep-reconciliation")]
    Reconciliation,
    /// Adobe's Query Service, asked at intervals.
    #[serde(rename = "aep-query-service")]
    QueryService,
    /// Azure Event Hubs, over the Kafka protocol.
    #[serde(rename = "aep-event-hubs")]
    EventHubs,
    /// The webhook.
    #[serde(rename = "aep-streaming")]
    #[default]
    Streaming,
}
