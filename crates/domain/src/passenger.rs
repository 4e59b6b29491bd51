//! Passengers, and how they want to be reached.

use crate::ids::PassengerId;
use serde::{Deserialize, Serialize};

/// The loyalty tier. The order is that of sending: A-LIST PREFERRED is told first.
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
pub enum Tier {
    /// The highest tier.
    #[serde(rename = "A-LIST PREFERRED")]
    AListPreferred,
    /// The middle tier.
    #[serde(rename = "A-LIST")]
    AList,
    /// Every member of the programme.
    #[serde(rename = "MEMBER")]
    Member,
}

impl Tier {
    /// All tiers, in order of sending.
    pub const ALL: [Self; 3] = [Self::AListPreferred, Self::AList, Self::Member];

    /// The tier's name in the contract.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AListPreferred => "A-LIST PREFERRED",
            Self::AList => "A-LIST",
            Self::Member => "MEMBER",
        }
    }
}

/// A language that messages are written in. Any other is answered in English.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase", from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Language {
    /// English, with times on the 12-hour clock.
    #[default]
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// German.
    De,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 4] = [Self::En, Self::Es, Self::Fr, Self::De];

    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::De => "de",
        }
    }
}

impl From<String> for Language {
    /// Takes a BCP 47 tag by its language (`es-MX` → Spanish); what is not spoken here is English.
    fn from(tag: String) -> Self {
        let code = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == code).unwrap_or_default()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.code().to_owned()
    }
}

/// The ways that a passenger has agreed to be told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationPreferences {
    /// By email.
    pub email: bool,
    /// By text message.
    pub sms: bool,
    /// By the airline's app. Not sent by this system.
    pub push: bool,
}

/// A passenger as the table keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passenger {
    /// The passenger's id.
    pub passenger_id: PassengerId,
    /// Given name, as it is written in messages.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Email address, when one is on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number in E.164 form, when one is on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Number in the loyalty programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rapid_rewards_number: Option<String>,
    /// Loyalty tier.
    pub tier: Tier,
    /// How the passenger wants to be told.
    #[serde(default)]
    pub notification_preferences: NotificationPreferences,
    /// The language that the passenger reads.
    #[serde(default)]
    pub language: Language,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("es", Language::Es)]
    #[case("es-MX", Language::Es)]
    #[case("FR_ca", Language::Fr)]
    #[case("ja", Language::En)]
    #[case("", Language::En)]
    fn a_tag_is_read_by_its_language(#[case] tag: &str, #[case] language: Language) {
        assert_eq!(Language::from(tag.to_owned()), language);
    }

    #[test]
    fn the_highest_tier_is_first() {
        assert!(Tier::AListPreferred < Tier::AList && Tier::AList < Tier::Member);
    }
}
