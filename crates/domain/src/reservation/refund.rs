//! Money given back, and which flights bear it.

use super::{Bought, Order, Reservation};
use crate::ids::FlightId;
use crate::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refund {
    /// The order.
    pub order: Order,
    /// The currency.
    pub currency: Currency,
    /// Minor units for the seats of flights that it names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seats: BTreeMap<FlightId, i64>,
    /// Minor units for what was sold beside.
    #[serde(default)]
    pub ancillaries: i64,
    /// Minor units for seats as a whole.
    #[serde(default)]
    pub whole: i64,
    /// The flights that bear the whole; empty for all of the order.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub among: BTreeSet<FlightId>,
}

/// What was given back of one purchase, in minor units by currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refunded {
    /// Of its seats.
    pub seats: BTreeMap<Currency, i64>,
    /// Of what was sold beside.
    pub ancillaries: BTreeMap<Currency, i64>,
}

impl Reservation {
    /// The purchases on flights that bear a refund: those of its order; where there are none, as of a
    /// bag that was bought by an order of its own, all of them.
    fn bearers(&self, refund: &Refund, flights: impl Fn(&FlightId) -> bool) -> Vec<Bought<'_>> {
        let bought: Vec<_> = self.purchases().filter(|(id, ..)| flights(id)).collect();
        let concerned = |one: &&Bought<'_>| refund.order.concerns(one.1);
        let of_the_order: Vec<_> = bought.iter().filter(concerned).copied().collect();
        if of_the_order.is_empty() { bought } else { of_the_order }
    }

    /// What was given back of what was bought on a flight under an order.
    #[must_use]
    pub fn refunded(&self, flight: &FlightId, order: &Order) -> Refunded {
        let mut refunded = Refunded::default();
        for refund in self.refunds.values() {
            let price = |(id, under, one): &Bought<'_>| {
                ((*id, *under) == (flight, order), one.stated.said.price.minor_units)
            };
            let sold = |(id, under, _): &Bought<'_>| {
                let sold = self.ancillaries_of(id, under);
                let prices = sold.iter().filter_map(|one| one.price);
                let sum = prices.map(|price| price.minor_units).sum();
                ((*id, *under) == (flight, order), sum)
            };
            let all = self.bearers(refund, |_| true);
            let among = |id: &FlightId| refund.among.is_empty() || refund.among.contains(id);
            let mut seats = share(refund.whole, self.bearers(refund, among).iter().map(price));
            if let Some(units) = refund.seats.get(flight) {
                let of_the_flight = self.bearers(refund, |id| id == flight);
                seats += share(*units, of_the_flight.iter().map(price));
            }
            let beside = share(refund.ancillaries, all.iter().map(sold));
            for (sum, units) in [(&mut refunded.seats, seats), (&mut refunded.ancillaries, beside)]
            {
                if units != 0 {
                    *sum.entry(refund.currency).or_default() += units;
                }
            }
        }
        refunded
    }
}

/// The part of an amount that one of several bears: by its weight, where none has any by number.
/// What division leaves goes to the first ones, a minor unit each. The one is told by `true`.
fn share(amount: i64, weights: impl Iterator<Item = (bool, i64)>) -> i64 {
    let weights: Vec<_> = weights.map(|(ours, weight)| (ours, i128::from(weight))).collect();
    let all_free = weights.iter().all(|(_, weight)| *weight == 0);
    let of = |weight: i128| if all_free { 1 } else { weight };
    let sum: i128 = weights.iter().map(|(_, weight)| of(*weight)).sum();
    if sum == 0 || amount == 0 {
        return 0;
    }
    let amount = i128::from(amount);
    let mut left =
        amount - weights.iter().map(|(_, weight)| amount * of(*weight) / sum).sum::<i128>();
    for (ours, weight) in weights {
        let one_more = i128::from(left > 0 && of(weight) > 0);
        left -= one_more;
        if ours {
            return i64::try_from(amount * of(weight) / sum + one_more).unwrap_or(i64::MAX);
        }
    }
    0
}
