//! How long a delay is, in words.

use serde::{Deserialize, Serialize};

/// The longest delay that is believed, in minutes: two days. Beyond it an airline cancels or
/// re-times a flight, so a larger number is taken for an error of the sender.
pub const MAX_DELAY_MINUTES: u32 = 2_880;

/// A change of departure of at least this many minutes is worth a new message.
pub const MATERIAL_CHANGE_MINUTES: i64 = 15;

/// The three classes by which delays are routed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelayCategory {
    /// Under 30 minutes.
    Minor,
    /// 30 to 120 minutes, both inclusive.
    Major,
    /// Over 120 minutes.
    Severe,
}

impl DelayCategory {
    /// The category of a delay given in minutes.
    #[must_use]
    pub fn of(delay_minutes: u32) -> Self {
        match delay_minutes {
            0..=29 => Self::Minor,
            30..=120 => Self::Major,
            _ => Self::Severe,
        }
    }

    /// The category's name in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Severe => "severe",
        }
    }
}

/// Why a flight is disrupted, as the operations centre classifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Weather at an airport or on the way.
    Weather,
    /// The aircraft needs maintenance.
    Mechanical,
    /// The crew is missing or out of duty time.
    Crew,
    /// Air traffic control.
    Atc,
    /// Security.
    Security,
    /// Anything else.
    Other,
}

impl Reason {
    /// All reasons, in the order of the contract.
    pub const ALL: [Self; 6] =
        [Self::Weather, Self::Mechanical, Self::Crew, Self::Atc, Self::Security, Self::Other];

    /// The reason's name in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weather => "WEATHER",
            Self::Mechanical => "MECHANICAL",
            Self::Crew => "CREW",
            Self::Atc => "ATC",
            Self::Security => "SECURITY",
            Self::Other => "OTHER",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, DelayCategory::Minor)]
    #[case(29, DelayCategory::Minor)]
    #[case(30, DelayCategory::Major)]
    #[case(120, DelayCategory::Major)]
    #[case(121, DelayCategory::Severe)]
    #[case(MAX_DELAY_MINUTES, DelayCategory::Severe)]
    fn categories_have_the_bounds_of_the_contract(
        #[case] minutes: u32,
        #[case] category: DelayCategory,
    ) {
        assert_eq!(DelayCategory::of(minutes), category);
    }
    proptest! {
        #[test]
        fn a_longer_delay_is_of_no_lesser_category(minutes in any::<u32>(), more in any::<u32>()) {
            let rank = |minutes| {
                let all = [DelayCategory::Minor, DelayCategory::Major, DelayCategory::Severe];
                all.iter().position(|category| *category == DelayCategory::of(minutes))
            };
            prop_assert!(rank(minutes) <= rank(minutes.saturating_add(more)));
        }

        #[test]
        fn a_category_is_read_by_its_name(minutes in 0..=MAX_DELAY_MINUTES) {
            let category = DelayCategory::of(minutes);
            let json = serde_json::to_value(category).unwrap();
            prop_assert_eq!(&json, category.name());
            prop_assert_eq!(serde_json::from_value::<DelayCategory>(json).unwrap(), category);
        }
    }
}
