//! Reservations, folded from what the booking feeds say of them.
//!
//! **Invariants.** As long as a reservation is not larger than is taken ([`TooMany`]), the order in
//! which events arrive does not matter, nor how often: of each part of a reservation the newest
//! statement stands, by event time, ties by event id; what adds up (refunds, what is bought beside)
//! is kept by event id. What a flight has of a reservation ([`Totals`], [`FlightRecord`]) is always
//! worked out from the whole reservation, so that totals can be kept as differences in the
//! transaction that writes it.

mod ancillary;
mod cabin;
mod change;
mod event;
mod load;
mod order;
mod record;
mod refund;
mod totals;

pub use ancillary::{Ancillary, AncillaryCategory, Extra};
pub use cabin::{Cabin, Feed};
pub use change::{BookingChange, ReservationChange};
pub use event::{BookingEvent, Said};
pub use load::Load;
pub use order::Order;
pub use record::{FlightRecord, RecordStatus, booking_id, contact_id};
pub use refund::{Refund, Refunded};
pub use totals::Totals;

use crate::facet::FacetVersion;
use crate::ids::{EventId, FlightId, Pnr};
use crate::money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most purchases of one reservation, counted by flight and order: all that it changes fits one
/// transaction of DynamoDB.
pub const MAX_PURCHASES: usize = 16;
/// The most refunds of one reservation, of its cancelled orders and flights each, and of what was
/// bought beside its flights afterwards.
pub const MAX_OTHERS: usize = 50;

/// Something that was said, and how new it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stated<T> {
    /// When it was said, and by which event.
    pub version: FacetVersion,
    /// What was said.
    pub said: T,
}

impl<T: Clone + Ord> Stated<T> {
    /// The newer of what is known and what is said now. Of two statements of one event, which only a
    /// faulty feed makes, the same one stands whichever came first.
    fn newest(known: Option<Self>, version: &FacetVersion, said: &T) -> Self {
        let now = Self { version: version.clone(), said: said.clone() };
        known.map_or_else(|| now.clone(), |known| known.max(now.clone()))
    }

    /// Whether it stands when this is said.
    fn stands(&self, version: &FacetVersion, said: &T) -> bool {
        (&self.version, &self.said) >= (version, said)
    }
}

/// What is known of whom to tell: one recipient, however many fly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactField {
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Email address.
    Email,
    /// Phone number in E.164 form.
    Phone,
    /// The language that they read, as a BCP 47 tag.
    Language,
}

/// A payment for the order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Payment {
    /// How, in the feed's words. Never a card number: the feed has none.
    pub method: String,
    /// How much.
    pub amount: Money,
}

/// What was bought on one flight, under one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Purchased {
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

/// A purchase that stands, and since when there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredPurchase")]
pub struct Purchase {
    /// What was bought.
    #[serde(flatten)]
    pub stated: Stated<Purchased>,
    /// When it was first bought, UTC.
    pub booked_at: Timestamp,
}

/// A purchase as it is read. What is flattened is read twice, and every reservation that is looked at
/// has one at least.
#[derive(Deserialize)]
struct StoredPurchase {
    version: FacetVersion,
    said: Purchased,
    booked_at: Timestamp,
}

impl From<StoredPurchase> for Purchase {
    fn from(stored: StoredPurchase) -> Self {
        let StoredPurchase { version, said, booked_at } = stored;
        Self { stated: Stated { version, said }, booked_at }
    }
}

/// A purchase, with its flight and order.
type Bought<'a> = (&'a FlightId, &'a Order, &'a Purchase);

/// A flight of a reservation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Leg {
    /// What was bought, by order; nothing while only something else was heard of it.
    #[serde(default)]
    pub purchases: BTreeMap<Order, Purchase>,
    /// The newest cancellation that names it, by order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cancelled: BTreeMap<Order, FacetVersion>,
}

/// A reservation, as the table keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Its record locator.
    pub pnr: Pnr,
    /// Who is told. Each part is known by itself: an event that does not have it says nothing of it.
    #[serde(default)]
    pub contact: BTreeMap<ContactField, Stated<String>>,
    /// Its flights.
    #[serde(default)]
    pub legs: BTreeMap<FlightId, Leg>,
    /// Orders that were cancelled as a whole, by the newest cancellation of each.
    #[serde(default)]
    pub cancelled_orders: BTreeMap<Order, FacetVersion>,
    /// Refunds, by the event that told of each.
    #[serde(default)]
    pub refunds: BTreeMap<EventId, Refund>,
    /// What was bought beside flights that were bought before, by the event that told of each.
    #[serde(default)]
    pub extras: BTreeMap<EventId, Vec<Extra>>,
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
            contact: BTreeMap::new(),
            legs: BTreeMap::new(),
            cancelled_orders: BTreeMap::new(),
            refunds: BTreeMap::new(),
            extras: BTreeMap::new(),
            revision: 0,
        }
    }

    /// Takes in what an event says. What was heard before, or is older than what is known, changes
    /// nothing.
    ///
    /// # Errors
    /// [`TooMany`]: nothing of the event is taken in then.
    pub fn apply(&mut self, event: &BookingEvent) -> Result<(), TooMany> {
        if self.knows(event) { Ok(()) } else { self.learn(event) }
    }

    fn learn(&mut self, event: &BookingEvent) -> Result<(), TooMany> {
        let mut after = self.clone();
        let version = &event.version;
        for (field, value) in &event.contact {
            let known = after.contact.remove(field);
            after.contact.insert(*field, Stated::newest(known, version, value));
        }
        match &event.said {
            Said::Purchased(flights) => {
                for (flight, purchased) in flights {
                    let leg = after.legs.entry(flight.clone()).or_default();
                    leg.buy(&event.order, version, purchased);
                }
            }
            Said::Extras(extras) => {
                let known = after.extras.entry(version.event_id().clone());
                known
                    .and_modify(|known| *known = extras.max(known).clone())
                    .or_insert(extras.clone());
            }
            Said::Cancelled(flights) if flights.is_empty() => {
                keep_newest(&mut after.cancelled_orders, &event.order, version);
            }
            Said::Cancelled(flights) => {
                for flight in flights {
                    let leg = after.legs.entry(flight.clone()).or_default();
                    keep_newest(&mut leg.cancelled, &event.order, version);
                }
            }
            Said::Refunded(refund) => {
                let known = after.refunds.entry(version.event_id().clone());
                known
                    .and_modify(|known| *known = refund.max(known).clone())
                    .or_insert(refund.clone());
            }
        }
        after.check_size()?;
        *self = after;
        Ok(())
    }

    /// Whether an event says nothing new: taken in, it would change nothing. Most events of an export are
    /// such, so nothing is copied to find out.
    #[must_use]
    pub fn knows(&self, event: &BookingEvent) -> bool {
        let BookingEvent { version, order, .. } = event;
        let contact = event.contact.iter().all(|(field, value)| {
            self.contact.get(field).is_some_and(|known| known.stands(version, value))
        });
        contact
            && match &event.said {
                Said::Purchased(flights) => flights.iter().all(|(flight, purchased)| {
                    self.purchase(flight, order).is_some_and(|known| {
                        known.booked_at <= version.occurred_at()
                            && known.stated.stands(version, purchased)
                    })
                }),
                Said::Extras(extras) => {
                    self.extras.get(version.event_id()).is_some_and(|known| known >= extras)
                }
                Said::Cancelled(flights) if flights.is_empty() => {
                    self.cancelled_orders.get(order).is_some_and(|known| known >= version)
                }
                Said::Cancelled(flights) => flights.iter().all(|flight| {
                    let leg = self.legs.get(flight);
                    leg.and_then(|leg| leg.cancelled.get(order))
                        .is_some_and(|known| known >= version)
                }),
                Said::Refunded(refund) => {
                    self.refunds.get(version.event_id()).is_some_and(|known| known >= refund)
                }
            }
    }

    fn check_size(&self) -> Result<(), TooMany> {
        let purchases: usize = self.legs.values().map(|leg| leg.purchases.len()).sum();
        let cancelled = self.legs.values().map(|leg| leg.cancelled.len()).sum();
        let sizes = [
            ("flights and orders", purchases, MAX_PURCHASES),
            ("refunds", self.refunds.len(), MAX_OTHERS),
            ("later purchases beside its flights", self.extras.len(), MAX_OTHERS),
            ("cancelled orders", self.cancelled_orders.len(), MAX_OTHERS),
            ("cancelled flights", cancelled, MAX_OTHERS),
        ];
        match sizes.into_iter().find(|(_, size, most)| size > most) {
            Some((what, _, most)) => Err(TooMany { what, most }),
            None => Ok(()),
        }
    }

    /// All purchases, by flight and order.
    fn purchases(&self) -> impl Iterator<Item = Bought<'_>> {
        self.legs.iter().flat_map(|(flight, leg)| {
            leg.purchases.iter().map(move |(order, purchase)| (flight, order, purchase))
        })
    }

    /// The orders under which a flight was bought.
    pub fn orders_of(&self, flight: &FlightId) -> impl Iterator<Item = &Order> + use<'_> {
        self.legs.get(flight).into_iter().flat_map(|leg| leg.purchases.keys())
    }

    /// What was bought on a flight under an order; none when nothing was.
    #[must_use]
    pub fn purchase(&self, flight: &FlightId, order: &Order) -> Option<&Purchase> {
        self.legs.get(flight)?.purchases.get(order)
    }

    /// The version of the newest purchase on a flight.
    pub(crate) fn newest_purchase(&self, flight: &FlightId) -> Option<FacetVersion> {
        let purchases = self.legs.get(flight)?.purchases.values();
        purchases.map(|purchase| purchase.stated.version.clone()).max()
    }

    /// Whether a purchase was given up and not made anew since.
    #[must_use]
    pub fn is_cancelled(&self, flight: &FlightId, order: &Order) -> bool {
        let Some((leg, purchase)) =
            self.legs.get(flight).and_then(|leg| Some((leg, leg.purchases.get(order)?)))
        else {
            return false;
        };
        let of_it =
            |(cancelled, version): (&Order, _)| cancelled.concerns(order).then_some(version);
        self.cancelled_orders
            .iter()
            .chain(&leg.cancelled)
            .filter_map(of_it)
            .any(|version: &FacetVersion| *version > purchase.stated.version)
    }
}

impl Leg {
    fn buy(&mut self, order: &Order, version: &FacetVersion, purchased: &Purchased) {
        let at = version.occurred_at();
        let (known, booked_at) = match self.purchases.remove(order) {
            Some(known) => (Some(known.stated), known.booked_at.min(at)),
            None => (None, at),
        };
        let stated = Stated::newest(known, version, purchased);
        self.purchases.insert(order.clone(), Purchase { stated, booked_at });
    }
}

fn keep_newest(known: &mut BTreeMap<Order, FacetVersion>, order: &Order, version: &FacetVersion) {
    let newest = known.entry(order.clone()).or_insert_with(|| version.clone());
    if *newest < *version {
        *newest = version.clone();
    }
}

#[cfg(test)]
mod tests;
