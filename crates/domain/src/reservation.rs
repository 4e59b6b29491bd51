//! Reservations, folded from what the booking feeds say of them.
//!
//! **Invariants.** The order in which events arrive does not matter, nor how often: of each part of
//! a reservation the newest statement stands, by event time, ties by event id; refunds are kept by
//! event id. What a flight has of a reservation ([`Totals`], [`FlightRecord`]) is always worked out
//! from the whole reservation, so that totals can be kept as differences in the transaction that
//! writes it.

mod change;
mod event;
mod record;
mod totals;

pub use change::{BookingChange, ReservationChange};
pub use event::{BookingEvent, Said};
pub use record::{FlightRecord, RecordStatus};
pub use totals::Totals;

use crate::facet::FacetVersion;
use crate::ids::{EventId, FlightId, Pnr};
use crate::money::{Currency, Money};
use crate::passenger::Language;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most flights of one reservation: all that it changes fits one transaction of DynamoDB.
pub const MAX_LEGS: usize = 16;
/// The most refunds of one reservation.
pub const MAX_REFUNDS: usize = 100;
/// The most orders of one reservation that can be cancelled as a whole.
pub const MAX_CANCELLED_ORDERS: usize = 32;

/// Where a cancellation that names no order is kept among those that do.
const ANY_ORDER: &str = "*";

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

/// Which feed a booking came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Feed {
    /// The webhook.
    #[serde(rename = "aep-streaming")]
    Streaming,
    /// An export that was reconciled.
    #[serde(rename = "aep-reconciliation")]
    Reconciliation,
}

/// Something that was said, and how new it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<T> {
    /// When it was said, and by which event.
    pub version: FacetVersion,
    /// What was said.
    #[serde(flatten)]
    pub said: T,
}

/// Who is told of the reservation's flights: one recipient, however many fly.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// Given name, when the feed has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name, when the feed has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number in E.164 form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language that they read.
    #[serde(default)]
    pub language: Language,
}

/// Something sold beside the seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ancillary {
    /// What, as a name of letters, digits and `_`.
    pub kind: String,
    /// How many.
    pub quantity: u32,
    /// For how much, all of them together; none when the feed does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// A payment for the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How, in the feed's words. Never a card number: the feed has none.
    pub method: String,
    /// How much.
    pub amount: Money,
}

/// What was bought on one flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchased {
    /// The order; none when the feed names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The flight's number.
    pub flight_number: String,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// The day of departure by the clock of its airport.
    pub departure_date: Date,
    /// How many fly, by cabin.
    pub passengers: BTreeMap<Cabin, u32>,
    /// What the seats cost, all together.
    pub price: Money,
    /// What else was sold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancillaries: Vec<Ancillary>,
    /// How the order was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// Which feed said so.
    pub feed: Feed,
}

/// A flight of a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Leg {
    /// What was bought; none while only something else was heard of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase: Option<Stated<Purchased>>,
    /// When it was first bought, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_at: Option<Timestamp>,
    /// The newest cancellation that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<FacetVersion>,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The order; none when the feed names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The currency.
    pub currency: Currency,
    /// Minor units for flights that it names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flights: BTreeMap<FlightId, i64>,
    /// Minor units for the order as a whole: its flights bear them by what they cost.
    #[serde(default)]
    pub order: i64,
}

/// A reservation, as the table keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its record locator.
    pub pnr: Pnr,
    /// Who is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Stated<Contact>>,
    /// Its flights.
    #[serde(default)]
    pub legs: BTreeMap<FlightId, Leg>,
    /// Orders that were cancelled as a whole, by the newest cancellation of each.
    #[serde(default)]
    pub cancelled_orders: BTreeMap<String, FacetVersion>,
    /// Refunds, by the event that told of each.
    #[serde(default)]
    pub refunds: BTreeMap<EventId, Refund>,
    /// How often it has been written: a write that was decided on an older revision is refused.
    #[serde(default)]
    pub revision: u64,
}

/// A reservation is larger than is taken: nobody books so much, so the feed is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reservation has at most {most} {what}")]
pub struct TooMany {
    /// Of what.
    pub what: &'static str,
    /// How many there may be.
    pub most: usize,
}

impl Reservation {
    /// A reservation of which nothing was heard.
    #[must_use]
    pub fn new(pnr: Pnr) -> Self {
        Self {
            pnr,
            contact: None,
            legs: BTreeMap::new(),
            cancelled_orders: BTreeMap::new(),
            refunds: BTreeMap::new(),
            revision: 0,
        }
    }

    /// Takes in what an event says. What was heard before, or is older than what is known, changes
    /// nothing.
    ///
    /// # Errors
    /// [`TooMany`]: nothing of the event is taken in then.
    pub fn apply(&mut self, event: &BookingEvent) -> Result<(), TooMany> {
        let mut after = self.clone();
        match &event.said {
            Said::Purchased { contact, flights } => {
                after.state_contact(&event.version, contact);
                for (flight, purchased) in flights {
                    after.legs.entry(flight.clone()).or_default().buy(&event.version, purchased);
                }
            }
            Said::Cancelled { order_id, flights } if flights.is_empty() => {
                let order = order_id.clone().unwrap_or_else(|| ANY_ORDER.to_owned());
                let known = after.cancelled_orders.remove(&order);
                after.cancelled_orders.insert(order, newest(known, &event.version));
            }
            Said::Cancelled { flights, .. } => {
                for flight in flights {
                    let leg = after.legs.entry(flight.clone()).or_default();
                    leg.cancelled = Some(newest(leg.cancelled.take(), &event.version));
                }
            }
            Said::Refunded(refund) => {
                let id = event.version.event_id().clone();
                after.refunds.entry(id).or_insert_with(|| refund.clone());
            }
        }
        after.check_size()?;
        *self = after;
        Ok(())
    }

    fn check_size(&self) -> Result<(), TooMany> {
        let sizes = [
            ("flights", self.legs.len(), MAX_LEGS),
            ("refunds", self.refunds.len(), MAX_REFUNDS),
            ("cancelled orders", self.cancelled_orders.len(), MAX_CANCELLED_ORDERS),
        ];
        match sizes.into_iter().find(|(_, size, most)| size > most) {
            Some((what, _, most)) => Err(TooMany { what, most }),
            None => Ok(()),
        }
    }

    fn state_contact(&mut self, version: &FacetVersion, contact: &Contact) {
        if self.contact.as_ref().is_none_or(|known| known.version < *version) {
            self.contact = Some(Stated { version: version.clone(), said: contact.clone() });
        }
    }

    /// What was bought on a flight; none when it is not known that anything was.
    fn purchase(&self, flight: &FlightId) -> Option<&Stated<Purchased>> {
        self.legs.get(flight)?.purchase.as_ref()
    }

    /// Whether a flight of the reservation was given up and not bought anew since.
    #[must_use]
    pub fn is_cancelled(&self, flight: &FlightId) -> bool {
        let Some(purchase) = self.purchase(flight) else {
            return false;
        };
        let of_the_order = |(order, version): (&String, _)| {
            let named = purchase.said.order_id.as_ref();
            (order == ANY_ORDER || named.is_none_or(|named| named == order)).then_some(version)
        };
        let of_the_leg = self.legs.get(flight).and_then(|leg| leg.cancelled.as_ref());
        self.cancelled_orders
            .iter()
            .filter_map(of_the_order)
            .chain(of_the_leg)
            .any(|cancelled| *cancelled > purchase.version)
    }

    /// What was given back for a flight, in minor units by currency.
    #[must_use]
    pub fn refunded(&self, flight: &FlightId) -> BTreeMap<Currency, i64> {
        let mut refunded = BTreeMap::new();
        for refund in self.refunds.values() {
            let named = refund.flights.get(flight).copied().unwrap_or_default();
            let share = if refund.order == 0 { 0 } else { self.share(flight, refund) };
            if named + share != 0 {
                *refunded.entry(refund.currency).or_default() += named + share;
            }
        }
        refunded
    }

    /// A flight's part of a refund of its order: by what each flight cost, where all were free by
    /// number; what division leaves goes to the first flights, a minor unit each.
    fn share(&self, flight: &FlightId, refund: &Refund) -> i64 {
        let of_the_order = |purchased: &Purchased| match (&refund.order_id, &purchased.order_id) {
            (Some(refunded), Some(bought)) => refunded == bought,
            _ => true,
        };
        let prices: Vec<(&FlightId, i128)> = self
            .legs
            .iter()
            .filter_map(|(id, leg)| Some((id, &leg.purchase.as_ref()?.said)))
            .filter(|(_, purchased)| of_the_order(purchased))
            .map(|(id, purchased)| (id, i128::from(purchased.price.minor_units)))
            .collect();
        let all_free = prices.iter().all(|(_, price)| *price == 0);
        let weight = |price: i128| if all_free { 1 } else { price };
        let sum: i128 = prices.iter().map(|(_, price)| weight(*price)).sum();
        if sum == 0 {
            return 0;
        }
        let amount = i128::from(refund.order);
        let shares: Vec<_> =
            prices.iter().map(|(id, price)| (*id, amount * weight(*price) / sum)).collect();
        let left = amount - shares.iter().map(|(_, share)| share).sum::<i128>();
        let place = shares.iter().position(|(id, _)| *id == flight);
        place.map_or(0, |place| {
            let one_more = i128::from((place as i128) < left);
            i64::try_from(shares[place].1 + one_more).unwrap_or(i64::MAX)
        })
    }
}

impl Leg {
    fn buy(&mut self, version: &FacetVersion, purchased: &Purchased) {
        let at = version.occurred_at();
        self.booked_at = Some(self.booked_at.map_or(at, |known| known.min(at)));
        if self.purchase.as_ref().is_none_or(|known| known.version < *version) {
            self.purchase = Some(Stated { version: version.clone(), said: purchased.clone() });
        }
    }
}

fn newest(known: Option<FacetVersion>, other: &FacetVersion) -> FacetVersion {
    known.map_or_else(|| other.clone(), |known| known.max(other.clone()))
}

#[cfg(test)]
mod tests;
