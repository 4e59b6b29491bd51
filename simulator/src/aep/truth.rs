//! What the flights must have of the bookings, by arithmetic over what was planned: not by the code
//! that is tested.

use super::bookings::{Booking, Bookings, Event, Leg, Purchase, Refund, Said};
use crate::stop::Stop;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::money::Money;
use flightpulse_domain::reservation::{
    Ancillary, AncillaryCategory, Feed, FlightRecord, Order, Payment, RecordStatus, Totals,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// What is true of one flight of one booking in the end.
struct Standing<'a> {
    leg: &'a Leg,
    event: &'a Event,
    purchase: &'a Purchase,
    first_bought: Timestamp,
    given_up: bool,
    given_back: i64,
}

/// The records of a booking, one a flight.
pub(super) fn records(bookings: &Bookings, booking: &Booking) -> Vec<FlightRecord> {
    let standing = standing(bookings, booking);
    standing.values().map(|one| one.record(bookings, booking)).collect()
}

/// By the flight's id.
fn standing<'a>(
    bookings: &'a Bookings,
    booking: &'a Booking,
) -> BTreeMap<&'a FlightId, Standing<'a>> {
    let mut standing: BTreeMap<&FlightId, Standing<'_>> = BTreeMap::new();
    let id = |flight: usize| &bookings.flights[flight].id;
    for event in &booking.events {
        match &event.said {
            Said::Bought(purchase) => {
                for leg in &purchase.legs {
                    let before = standing.remove(id(leg.flight));
                    let first_bought = before.map_or(event.at, |before| before.first_bought);
                    let (given_up, given_back) = (false, 0);
                    let new = Standing { leg, event, purchase, first_bought, given_up, given_back };
                    standing.insert(id(leg.flight), new);
                }
            }
            Said::GaveUp(flights) => {
                for (flight, one) in &mut standing {
                    let named = flights.is_empty() || flights.iter().any(|n| id(*n) == *flight);
                    one.given_up |= named;
                }
            }
            Said::GaveBack(_) => {}
        }
    }
    for event in &booking.events {
        match &event.said {
            Said::GaveBack(Refund::Flights(flights)) => {
                for (flight, units) in flights {
                    if let Some(one) = standing.get_mut(id(*flight)) {
                        one.given_back += units;
                    }
                }
            }
            Said::GaveBack(Refund::Listed(amounts)) => {
                amounts_shared(&mut standing, amounts.iter().sum());
            }
            Said::GaveBack(Refund::Total(units)) => amounts_shared(&mut standing, *units),
            Said::Bought(_) | Said::GaveUp(_) => {}
        }
    }
    standing
}

/// What is given back for the whole order: each flight bears its part by what it cost; of what
/// division leaves, the first flights bear a unit each.
fn amounts_shared(standing: &mut BTreeMap<&FlightId, Standing<'_>>, units: i64) {
    let all: i128 = standing.values().map(|one| i128::from(one.leg.price())).sum();
    let part =
        |one: &Standing<'_>| (i128::from(units) * i128::from(one.leg.price()) / all.max(1)) as i64;
    let mut left = units - standing.values().map(part).sum::<i64>();
    for one in standing.values_mut() {
        one.given_back += part(one) + left.min(1);
        left -= left.min(1);
    }
}

impl Standing<'_> {
    fn record(&self, bookings: &Bookings, booking: &Booking) -> FlightRecord {
        let flight = &bookings.flights[self.leg.flight];
        let money = |minor_units| Money { minor_units, currency: self.event.currency };
        let payment = |(method, units): &(&str, i64)| Payment {
            method: (*method).to_owned(),
            amount: money(*units),
        };
        let extras = self.leg.extras.iter().map(|extra| Ancillary {
            kind: extra.kind.to_owned(),
            quantity: extra.count,
            price: Some(money(extra.units)),
        });
        FlightRecord {
            flight_id: flight.id.clone(),
            flight_number: flight.number.clone(),
            pnr: booking.pnr.clone(),
            order: Order::new(Some(self.event.order.clone())),
            origin: flight.origin.to_owned(),
            destination: flight.destination.to_owned(),
            departure_date: flight.date,
            status: if self.given_up { RecordStatus::Cancelled } else { RecordStatus::Booked },
            passengers: self.leg.seats.iter().map(|(cabin, count, _)| (*cabin, *count)).collect(),
            revenue: money(self.leg.price()),
            refunded: Some(self.given_back)
                .filter(|units| *units != 0)
                .map(money)
                .into_iter()
                .collect(),
            booking_timestamp: self.first_bought,
            purchased_at: self.event.at,
            contact_email: last_email(booking),
            payments: self.purchase.payments.iter().map(payment).collect(),
            ancillaries: extras.collect(),
            ancillaries_refunded: Vec::new(),
            source: Feed::Streaming,
        }
    }
}

fn last_email(booking: &Booking) -> Option<String> {
    let mut purchases = booking.events.iter().rev().filter_map(|event| match &event.said {
        Said::Bought(purchase) => Some(purchase),
        Said::GaveUp(_) | Said::GaveBack(_) => None,
    });
    purchases.next().and_then(|purchase| purchase.email.clone())
}

/// What the flights must have in the end.
#[derive(Debug, Default)]
pub(super) struct Truth {
    /// By flight: how many records, and their sums.
    pub(super) flights: HashMap<FlightId, (u64, Totals)>,
    /// Events of all bookings.
    pub(super) events: u64,
}

impl Truth {
    /// Of all bookings.
    pub(super) fn of(bookings: &Bookings) -> Result<Self, Stop> {
        let mut truth = Self::default();
        for number in 0..bookings.count {
            let booking = bookings.booking(number)?;
            truth.events += booking.events.len() as u64;
            for record in records(bookings, &booking) {
                let (count, sums) = truth.flights.entry(record.flight_id.clone()).or_default();
                *count += 1;
                add(sums, &record);
            }
        }
        Ok(truth)
    }

    /// Records of all flights.
    pub(super) fn records(&self) -> u64 {
        self.flights.values().map(|(count, _)| count).sum()
    }
}

/// Adds a record to the sums of its flight.
pub(super) fn add(sums: &mut Totals, record: &FlightRecord) {
    if record.status == RecordStatus::Booked {
        sums.reservations += 1;
        for (cabin, count) in &record.passengers {
            *sums.passengers.entry(*cabin).or_default() += i64::from(*count);
        }
        for extra in &record.ancillaries {
            let category = AncillaryCategory::of(&extra.kind);
            *sums.ancillaries.entry(category).or_default() += i64::from(extra.quantity);
        }
    }
    let mut earn = |money: &Money, sign: i64| {
        *sums.revenue.entry(money.currency).or_default() += sign * money.minor_units;
    };
    earn(&record.revenue, 1);
    record.refunded.iter().for_each(|money| earn(money, -1));
    for price in record.ancillaries.iter().filter_map(|extra| extra.price) {
        *sums.ancillary_revenue.entry(price.currency).or_default() += price.minor_units;
    }
}

/// Both, added up.
pub(super) fn sum(one: &Totals, other: &Totals) -> Totals {
    fn add<K: Ord + Clone>(sums: &mut BTreeMap<K, i64>, more: &BTreeMap<K, i64>) {
        more.iter().for_each(|(key, count)| *sums.entry(key.clone()).or_default() += count);
    }
    let mut sums = one.clone();
    sums.reservations += other.reservations;
    add(&mut sums.passengers, &other.passengers);
    add(&mut sums.revenue, &other.revenue);
    add(&mut sums.ancillary_revenue, &other.ancillary_revenue);
    add(&mut sums.ancillaries, &other.ancillaries);
    sums
}

/// Whether sums are the same; what comes to nothing says nothing.
pub(super) fn same(one: &Totals, other: &Totals) -> bool {
    fn same<K: Ord>(one: &BTreeMap<K, i64>, other: &BTreeMap<K, i64>) -> bool {
        let some = |sums: &BTreeMap<K, i64>| sums.values().filter(|count| **count != 0).count();
        some(one) == some(other)
            && one.iter().all(|(key, count)| *count == 0 || other.get(key) == Some(count))
    }
    one.reservations == other.reservations
        && same(&one.passengers, &other.passengers)
        && same(&one.revenue, &other.revenue)
        && same(&one.ancillary_revenue, &other.ancillary_revenue)
        && same(&one.ancillaries, &other.ancillaries)
}
