//! What the flights must have of the bookings, by arithmetic over what was planned: not by the code
//! that is tested.

use super::bookings::{Booking, Bookings, Event, Extra, Leg, Purchase, Refund, Said};
use crate::stop::Stop;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::money::Money;
use flightpulse_domain::reservation::{
    Ancillary, AncillaryCategory, FlightRecord, Order, Payment, RecordStatus, Totals,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is true in the end of what one order of one booking has on one flight.
struct Standing<'a> {
    leg: &'a Leg,
    event: &'a Event,
    purchase: &'a Purchase,
    first_bought: Timestamp,
    given_up: bool,
    /// What was bought beside afterwards.
    later: Vec<&'a Extra>,
    given_back: i64,
    given_back_beside: i64,
}

/// By flight and order.
type Standings<'a> = BTreeMap<(&'a FlightId, &'a str), Standing<'a>>;

/// The records of a booking: one for each flight and order.
pub(super) fn records(bookings: &Bookings, booking: &Booking) -> Vec<FlightRecord> {
    let mut standing = bought(bookings, booking);
    buy_beside(bookings, booking, &mut standing);
    give_back(bookings, booking, &mut standing);
    standing.values().map(|one| one.record(bookings, booking)).collect()
}

/// What was bought and given up, in the order in which it happened.
fn bought<'a>(bookings: &'a Bookings, booking: &'a Booking) -> Standings<'a> {
    let mut standing = Standings::new();
    let id = |flight: usize| &bookings.flights[flight].id;
    for event in &booking.events {
        match &event.said {
            Said::Bought(purchase) => {
                for leg in &purchase.legs {
                    let place = (id(leg.flight), event.order.as_str());
                    let before = standing.remove(&place);
                    let first_bought = before.map_or(event.at, |before| before.first_bought);
                    let new = Standing {
                        leg,
                        event,
                        purchase,
                        first_bought,
                        given_up: false,
                        later: Vec::new(),
                        given_back: 0,
                        given_back_beside: 0,
                    };
                    standing.insert(place, new);
                }
            }
            Said::GaveUp(flights) => {
                for ((flight, order), one) in &mut standing {
                    let named = flights.is_empty() || flights.iter().any(|n| id(*n) == *flight);
                    one.given_up |= named && *order == event.order;
                }
            }
            Said::BoughtBeside(..) | Said::GaveBack(_) => {}
        }
    }
    standing
}

/// What is bought beside later goes with the flight that it names, else with any: with seats that are
/// held before others, on the way there before the way back.
fn buy_beside<'a>(bookings: &'a Bookings, booking: &'a Booking, standing: &mut Standings<'a>) {
    for event in &booking.events {
        let Said::BoughtBeside(named, extra) = &event.said else { continue };
        let named = named.map(|flight| &bookings.flights[flight].id);
        let may = |id: &FlightId| named.is_none_or(|named| named == id);
        let among = standing.iter_mut().filter(|((id, _), _)| may(id));
        let first =
            among.min_by_key(|(_, one)| (one.given_up, bookings.flights[one.leg.flight].date));
        if let Some((_, one)) = first {
            one.later.push(extra);
        }
    }
}

fn give_back<'a>(bookings: &'a Bookings, booking: &'a Booking, standing: &mut Standings<'a>) {
    for event in &booking.events {
        let Said::GaveBack(refund) = &event.said else { continue };
        // Of an order that has no flight, as that of a bag, the others bear it.
        let has_flights = standing.keys().any(|(_, order)| *order == event.order);
        let bears = |order: &str| !has_flights || order == event.order;
        let bearers = standing.iter_mut().filter(|((_, order), _)| bears(order));
        let mut bearers: Vec<_> = bearers.map(|((id, _), one)| (*id, one)).collect();
        match refund {
            Refund::Flights(flights) => {
                for (flight, units) in flights {
                    let id = &bookings.flights[*flight].id;
                    let bearers = bearers.iter_mut().filter(|(bearer, _)| *bearer == id);
                    bearers.for_each(|(_, one)| one.given_back += units);
                }
            }
            Refund::Extras(units) => {
                let weights: Vec<_> = bearers.iter().map(|(_, one)| one.beside()).collect();
                for ((_, one), part) in bearers.iter_mut().zip(shares(*units, &weights)) {
                    one.given_back_beside += part;
                }
            }
            Refund::Listed(_) | Refund::Total(_) => {
                let units = match refund {
                    Refund::Listed(amounts) => amounts.iter().sum(),
                    Refund::Total(units) => *units,
                    Refund::Flights(_) | Refund::Extras(_) => 0,
                };
                let weights: Vec<_> = bearers.iter().map(|(_, one)| one.leg.price()).collect();
                for ((_, one), part) in bearers.iter_mut().zip(shares(units, &weights)) {
                    one.given_back += part;
                }
            }
        }
    }
}

/// An amount by weights; of what division leaves, the first that weigh anything bear a unit each. Where
/// nothing weighs anything, as where a bag is given back whose purchase was lost, all bear alike.
fn shares(units: i64, weights: &[i64]) -> Vec<i64> {
    let alike = vec![1; weights.len()];
    let weights = if weights.iter().all(|weight| *weight == 0) { &alike } else { weights };
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let part = |weight: &i64| (i128::from(units) * i128::from(*weight) / all.max(1)) as i64;
    let mut parts: Vec<i64> = weights.iter().map(part).collect();
    let mut left = units - parts.iter().sum::<i64>();
    for (part, _) in parts.iter_mut().zip(weights).filter(|(_, weight)| **weight > 0) {
        *part += left.min(1);
        left -= left.min(1);
    }
    parts
}

impl Standing<'_> {
    fn extras(&self) -> impl Iterator<Item = &Extra> {
        self.leg.extras.iter().chain(self.later.iter().copied())
    }

    fn beside(&self) -> i64 {
        self.extras().map(|extra| extra.units).sum()
    }

    fn record(&self, bookings: &Bookings, booking: &Booking) -> FlightRecord {
        let flight = &bookings.flights[self.leg.flight];
        let money = |minor_units| Money { minor_units, currency: self.event.currency };
        let any = |units: i64| Some(units).filter(|units| *units != 0).map(money);
        let payment = |(method, units): &(&str, i64)| Payment {
            method: (*method).to_owned(),
            amount: money(*units),
        };
        let extras = self.extras().map(|extra| Ancillary {
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
            refunded: any(self.given_back).into_iter().collect(),
            booking_timestamp: self.first_bought,
            purchased_at: self.event.at,
            contact_email: last_email(booking),
            payments: self.purchase.payments.iter().map(payment).collect(),
            ancillaries: extras.collect(),
            ancillaries_refunded: any(self.given_back_beside).into_iter().collect(),
            source: self.event.feed,
        }
    }
}

/// The newest that there is: a purchase without one says nothing of it.
fn last_email(booking: &Booking) -> Option<String> {
    booking.events.iter().rev().find_map(|event| match &event.said {
        Said::Bought(purchase) => purchase.email.clone(),
        Said::BoughtBeside(..) | Said::GaveUp(_) | Said::GaveBack(_) => None,
    })
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
            let mut holds = BTreeSet::new();
            for record in records(bookings, &booking) {
                let (count, sums) = truth.flights.entry(record.flight_id.clone()).or_default();
                *count += 1;
                add(sums, &record);
                // Two orders on one flight are one reservation of it.
                let held = record.status == RecordStatus::Booked;
                sums.reservations += i64::from(held && holds.insert(record.flight_id));
            }
        }
        Ok(truth)
    }

    /// Records of all flights.
    pub(super) fn records(&self) -> u64 {
        self.flights.values().map(|(count, _)| count).sum()
    }
}

/// Adds a record to the sums of its flight, but for the reservations: how many these are shows only
/// in all records of each.
pub(super) fn add(sums: &mut Totals, record: &FlightRecord) {
    if record.status == RecordStatus::Booked {
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
    let mut earn_beside = |money: &Money, sign: i64| {
        *sums.ancillary_revenue.entry(money.currency).or_default() += sign * money.minor_units;
    };
    record.ancillaries.iter().filter_map(|one| one.price).for_each(|money| earn_beside(&money, 1));
    record.ancillaries_refunded.iter().for_each(|money| earn_beside(money, -1));
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
