//! What is sold beside the seat.

use super::Order;
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

/// Ancillaries that were bought after the flight was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Extra {
    /// The order that they were bought under. It is seldom that of the flight.
    pub order: Order,
    /// Each with the number of the flight that it names.
    pub ancillaries: Vec<(Option<String>, Ancillary)>,
}

impl super::Reservation {
    /// What was bought beside a flight after it was bought itself: what names its number, and, for
    /// the flight that leaves first, what names no flight of the reservation. It goes with the
    /// flight's first order.
    pub(super) fn extras_of(&self, flight: &FlightId, order: &Order) -> Vec<Ancillary> {
        if self.orders_of(flight).next() != Some(order) {
            return Vec::new();
        }
        let number = |id: &FlightId| {
            let bought = self.legs.get(id)?.purchases.values().next()?;
            Some((bought.stated.said.flight_number.as_str(), bought.stated.said.departure_date))
        };
        let known: Vec<_> = self.legs.keys().filter_map(|id| Some((id, number(id)?))).collect();
        let first = known.iter().min_by_key(|(_, (_, date))| *date).map(|(id, _)| *id);
        let goes_with = |named: &Option<String>| {
            let named = known.iter().find(|(_, (number, _))| named.as_deref() == Some(*number));
            named.map(|(id, _)| *id).or(first)
        };
        self.extras
            .values()
            .flat_map(|extra| &extra.ancillaries)
            .filter(|(named, _)| goes_with(named) == Some(flight))
            .map(|(_, ancillary)| ancillary.clone())
            .collect()
    }
}
