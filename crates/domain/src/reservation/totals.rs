//! What a flight has of its reservations, added up.

use super::{AncillaryCategory, Cabin, Order, Reservation};
use crate::ids::FlightId;
use crate::money::Currency;
use std::collections::BTreeMap;

/// Sums over reservations, or the difference of two such sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Reservations that hold seats on the flight.
    pub reservations: i64,
    /// Passengers of those, by cabin.
    pub passengers: BTreeMap<Cabin, i64>,
    /// What seats were sold for, less what was given back, in minor units. A cancellation alone
    /// gives nothing back.
    pub revenue: BTreeMap<Currency, i64>,
    /// What else was sold for, less what was given back, in minor units.
    pub ancillary_revenue: BTreeMap<Currency, i64>,
    /// How many ancillaries of each category go with the seats that are held.
    pub ancillaries: BTreeMap<AncillaryCategory, i64>,
}

impl Totals {
    /// What a flight has of one reservation.
    #[must_use]
    pub fn of(reservation: &Reservation, flight: &FlightId) -> Self {
        let mut totals = Self::default();
        for order in reservation.orders_of(flight) {
            totals.add_purchase(reservation, flight, order);
        }
        let held = |order: &Order| !reservation.is_cancelled(flight, order);
        totals.reservations = i64::from(reservation.orders_of(flight).any(held));
        totals.without_zeros()
    }

    fn add_purchase(&mut self, reservation: &Reservation, flight: &FlightId, order: &Order) {
        let Some(purchase) = reservation.purchase(flight, order) else {
            return;
        };
        let purchased = &purchase.stated.said;
        let sold = reservation.ancillaries_of(flight, order);
        if !reservation.is_cancelled(flight, order) {
            for (cabin, count) in &purchased.passengers {
                *self.passengers.entry(*cabin).or_default() += i64::from(*count);
            }
            for ancillary in &sold {
                let category = AncillaryCategory::of(&ancillary.kind);
                *self.ancillaries.entry(category).or_default() += i64::from(ancillary.quantity);
            }
        }
        *self.revenue.entry(purchased.price.currency).or_default() += purchased.price.minor_units;
        for price in sold.iter().filter_map(|ancillary| ancillary.price) {
            *self.ancillary_revenue.entry(price.currency).or_default() += price.minor_units;
        }
        let refunded = reservation.refunded(flight, order);
        for (currency, units) in refunded.seats {
            *self.revenue.entry(currency).or_default() -= units;
        }
        for (currency, units) in refunded.ancillaries {
            *self.ancillary_revenue.entry(currency).or_default() -= units;
        }
    }

    /// These and others, added up.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.combined(other, 1)
    }

    /// What must be added to `other` to come to these.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.combined(other, -1)
    }

    /// Whether there is nothing to add.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// All passengers.
    #[must_use]
    pub fn all_passengers(&self) -> i64 {
        self.passengers.values().sum()
    }

    fn combined(&self, other: &Self, sign: i64) -> Self {
        fn sum<K: Ord + Clone>(
            one: &BTreeMap<K, i64>,
            other: &BTreeMap<K, i64>,
            sign: i64,
        ) -> BTreeMap<K, i64> {
            let mut sums = one.clone();
            for (key, count) in other {
                *sums.entry(key.clone()).or_default() += sign * count;
            }
            sums
        }
        let totals = Self {
            reservations: self.reservations + sign * other.reservations,
            passengers: sum(&self.passengers, &other.passengers, sign),
            revenue: sum(&self.revenue, &other.revenue, sign),
            ancillary_revenue: sum(&self.ancillary_revenue, &other.ancillary_revenue, sign),
            ancillaries: sum(&self.ancillaries, &other.ancillaries, sign),
        };
        totals.without_zeros()
    }

    // What comes to nothing says nothing: two sums are equal whichever way each came about.
    fn without_zeros(mut self) -> Self {
        self.passengers.retain(|_, count| *count != 0);
        self.revenue.retain(|_, count| *count != 0);
        self.ancillary_revenue.retain(|_, count| *count != 0);
        self.ancillaries.retain(|_, count| *count != 0);
        self
    }
}
