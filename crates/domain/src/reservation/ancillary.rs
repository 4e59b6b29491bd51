//! What is sold beside the seat.

use super::{Bought, Order, Reservation};
use crate::ids::FlightId;
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// What an ancillary is, of few kinds: totals have a sum for each, and must not grow with every
/// name that a shop makes up.
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
pub enum AncillaryCategory {
    /// Baggage.
    Bag,
    /// A chosen seat, or one with more room.
    Seat,
    /// Food and drink.
    Meal,
    /// A lounge.
    Lounge,
    /// Priority at the counter, the checkpoint or the gate.
    Priority,
    /// Insurance.
    Insurance,
    /// An upgrade.
    Upgrade,
    /// An animal.
    Pet,
    /// Internet on board.
    Wifi,
    /// Any other.
    Other,
}

impl AncillaryCategory {
    /// All categories. A name that has words of several is of the first.
    pub const ALL: [Self; 10] = [
        Self::Bag,
        Self::Seat,
        Self::Meal,
        Self::Lounge,
        Self::Priority,
        Self::Insurance,
        Self::Upgrade,
        Self::Pet,
        Self::Wifi,
        Self::Other,
    ];

    /// Its name in the table and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bag => "bag",
            Self::Seat => "seat",
            Self::Meal => "meal",
            Self::Lounge => "lounge",
            Self::Priority => "priority",
            Self::Insurance => "insurance",
            Self::Upgrade => "upgrade",
            Self::Pet => "pet",
            Self::Wifi => "wifi",
            Self::Other => "other",
        }
    }

    /// The category of what is called so.
    #[must_use]
    pub fn of(kind: &str) -> Self {
        let has = |category: &Self| match category {
            Self::Bag => kind.contains("bag") || kind.contains("luggage"),
            Self::Seat => kind.contains("seat") || kind.contains("legroom"),
            Self::Other => true,
            other => kind.contains(other.name()),
        };
        Self::ALL.into_iter().find(has).unwrap_or(Self::Other)
    }
}

/// Something sold beside the seat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ancillary {
    /// What, as a name of letters, digits and `_`.
    pub kind: String,
    /// How many.
    pub quantity: u32,
    /// For how much, all of them together; none when the feed does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// An ancillary that was bought after its flight was, by an event of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Extra {
    /// The number of the flight that it names, if it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flight_number: Option<String>,
    /// What was bought.
    pub ancillary: Ancillary,
}

impl Reservation {
    /// What was bought beside a purchase afterwards.
    pub(super) fn extras_of(&self, flight: &FlightId, order: &Order) -> Vec<Ancillary> {
        self.extras
            .values()
            .flatten()
            .filter(|extra| self.goes_with(extra) == Some((flight, order)))
            .map(|extra| extra.ancillary.clone())
            .collect()
    }

    /// The purchase that an extra goes with: on the flight that it names, where that was bought. Of
    /// several it is the one whose seats are held, then the first to leave, then the first by id.
    fn goes_with(&self, extra: &Extra) -> Option<(&FlightId, &Order)> {
        let is_named = |one: &&Bought<'_>| {
            extra.flight_number.as_ref() == Some(&one.2.stated.said.flight_number)
        };
        let all: Vec<_> = self.purchases().collect();
        let named: Vec<_> = all.iter().filter(is_named).copied().collect();
        let among = if named.is_empty() { all } else { named };
        let first = among.into_iter().min_by_key(|(flight, order, purchase)| {
            (self.is_cancelled(flight, order), purchase.stated.said.departure_date)
        });
        first.map(|(flight, order, _)| (flight, order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("extra_bag_23kg", AncillaryCategory::Bag)]
    #[case("sports_luggage", AncillaryCategory::Bag)]
    #[case("seat_selection", AncillaryCategory::Seat)]
    #[case("extra_legroom", AncillaryCategory::Seat)]
    #[case("hindu_meal", AncillaryCategory::Meal)]
    #[case("lounge_access", AncillaryCategory::Lounge)]
    #[case("priority_boarding", AncillaryCategory::Priority)]
    #[case("travel_insurance", AncillaryCategory::Insurance)]
    #[case("upgrade_business", AncillaryCategory::Upgrade)]
    #[case("pet_in_cabin", AncillaryCategory::Pet)]
    #[case("wifi", AncillaryCategory::Wifi)]
    #[case("carbon_offset", AncillaryCategory::Other)]
    #[case("", AncillaryCategory::Other)]
    fn a_name_is_of_the_category_that_it_has_a_word_of(
        #[case] kind: &str,
        #[case] category: AncillaryCategory,
    ) {
        assert_eq!(AncillaryCategory::of(kind), category);
    }
}
