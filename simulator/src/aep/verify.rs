//! Holding what is in the table and among the dead letters against what must be there.

use super::bookings::Bookings;
use super::corrupt::Flaw;
use super::truth::{self, Truth};
use crate::stop::Stop;
use anyhow::Context;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::money::{Currency, Money};
use flightpulse_domain::reservation::{Feed, FlightRecord, Order, RecordStatus, Totals};
use flightpulse_store::{OperationsReader, ReservationReader};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Records of one call.
const PAGE: usize = 500;
/// Flights and reservations of one call.
const PER_CALL: usize = 100;
/// The most faults that are told in words.
const MOST_EXAMPLES: usize = 10;

/// Records, as they must be and are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Records {
    pub(crate) expected: u64,
    /// All of it is as it must be.
    pub(crate) exact: u64,
    pub(crate) missing: u64,
    /// It is there, and says something else.
    pub(crate) wrong: u64,
    /// It is there and must not be.
    pub(crate) unexpected: u64,
    /// Of those that are there, those whose purchase an export has brought.
    pub(crate) recovered: u64,
}

/// Dead letters, as they must be and are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Letters {
    pub(crate) expected: u64,
    /// It is there, and its reason names what is wrong.
    pub(crate) exact: u64,
    pub(crate) missing: u64,
    /// Its reason names something else, or its event should have been readable.
    pub(crate) wrong: u64,
}

/// Faults in words, the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Examples(pub(super) Vec<String>);

impl Examples {
    pub(super) fn add(&mut self, example: impl FnOnce() -> String) {
        if self.0.len() < MOST_EXAMPLES {
            self.0.push(example());
        }
    }
}

/// The totals of the flights.
pub(super) async fn totals(
    store: &impl OperationsReader,
    bookings: &Bookings,
) -> anyhow::Result<HashMap<FlightId, Totals>> {
    let ids: Vec<_> = bookings.flights.iter().map(|flight| flight.id.clone()).collect();
    let mut totals = HashMap::new();
    for some in ids.chunks(PER_CALL) {
        totals.extend(store.totals(some).await.context("the flights' totals cannot be read")?);
    }
    Ok(totals)
}

/// The flights whose totals are not what they were `before` and the bookings.
pub(super) fn wrong_totals(
    before: &HashMap<FlightId, Totals>,
    truth: &Truth,
    now: &HashMap<FlightId, Totals>,
) -> Vec<FlightId> {
    let none = Totals::default();
    let is_wrong = |(flight, (_, sums)): &(&FlightId, &(u64, Totals))| {
        let expected = truth::sum(before.get(*flight).unwrap_or(&none), sums);
        !truth::same(&expected, now.get(*flight).unwrap_or(&none))
    };
    let mut wrong: Vec<_> =
        truth.flights.iter().filter(is_wrong).map(|(flight, _)| flight.clone()).collect();
    wrong.sort();
    wrong
}

async fn each_record(
    store: &impl OperationsReader,
    flight: &FlightId,
    mut act: impl FnMut(&FlightRecord) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after: Option<String> = None;
    loop {
        let page = store.records_of(flight, after.as_deref(), PAGE).await;
        let page = page.with_context(|| format!("the records of {flight} cannot be read"))?;
        page.items.iter().try_for_each(&mut act)?;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// The flights whose totals are not the sum of all of their records, whoever has sent these.
pub(super) async fn totals_that_do_not_add_up(
    store: &impl OperationsReader,
    bookings: &Bookings,
) -> anyhow::Result<Vec<FlightId>> {
    let totals = totals(store, bookings).await?;
    let none = Totals::default();
    let mut wrong = Vec::new();
    for sold in &bookings.flights {
        let mut sums = Totals::default();
        let mut holds = HashSet::new();
        each_record(store, &sold.id, |record| {
            truth::add(&mut sums, record);
            let held = record.status == RecordStatus::Booked;
            sums.reservations += i64::from(held && holds.insert(record.pnr.clone()));
            Ok(())
        })
        .await?;
        if !truth::same(&sums, totals.get(&sold.id).unwrap_or(&none)) {
            wrong.push(sold.id.clone());
        }
    }
    Ok(wrong)
}

/// How often all reservations of the bookings were written, together: with each write it grows.
pub(super) async fn writes(
    store: &impl ReservationReader,
    bookings: &Bookings,
) -> anyhow::Result<u64> {
    let mut writes = 0;
    for first in (0..bookings.count).step_by(PER_CALL) {
        let last = bookings.count.min(first + PER_CALL as u32);
        let pnrs = (first..last).map(|number| Ok(bookings.booking(number)?.pnr));
        let pnrs = pnrs.collect::<Result<Vec<_>, Stop>>()?;
        let found = store.reservations(&pnrs).await.context("reservations cannot be read")?;
        for reservation in found.into_values() {
            writes += reservation.context("a reservation cannot be read")?.revision;
        }
    }
    Ok(writes)
}

/// What was earned by the seats of the bookings, less what was given back, in minor units.
pub(super) async fn revenue(
    store: &impl OperationsReader,
    bookings: &Bookings,
) -> anyhow::Result<BTreeMap<Currency, i64>> {
    let mut revenue = BTreeMap::new();
    let mut earn = |money: &Money, sign: i64| {
        *revenue.entry(money.currency).or_default() += sign * money.minor_units;
    };
    for sold in &bookings.flights {
        each_record(store, &sold.id, |record| {
            if bookings.number_of(&record.pnr).is_some() {
                earn(&record.revenue, 1);
                record.refunded.iter().for_each(|money| earn(money, -1));
            }
            Ok(())
        })
        .await?;
    }
    Ok(revenue)
}

/// Every record of every flight, those of other runs left out.
pub(super) async fn records(
    store: &impl OperationsReader,
    bookings: &Bookings,
    truth: &Truth,
    examples: &mut Examples,
) -> anyhow::Result<Records> {
    let mut all = Records { expected: truth.records(), ..Records::default() };
    for (flight, sold) in bookings.flights.iter().enumerate() {
        let mut found = HashSet::new();
        each_record(store, &sold.id, |record| {
            let Some(number) = bookings.number_of(&record.pnr) else { return Ok(()) };
            found.insert((number, record.order.clone()));
            Ok(all.hold(bookings, number, record, examples)?)
        })
        .await?;
        let expected = truth.flights.get(&sold.id).map_or(0, |(count, _)| *count);
        let there = found.iter().filter(|(number, _)| *number < bookings.count).count() as u64;
        if there < expected {
            all.missing += expected - there;
            tell_missing(bookings, flight, &found, examples)?;
        }
    }
    Ok(all)
}

impl Records {
    fn hold(
        &mut self,
        bookings: &Bookings,
        number: u32,
        record: &FlightRecord,
        examples: &mut Examples,
    ) -> Result<(), Stop> {
        let (flight, pnr) = (&record.flight_id, &record.pnr);
        self.recovered += u64::from(record.source == Feed::Reconciliation);
        let expected = if number < bookings.count {
            let booking = bookings.booking(number)?;
            let records = truth::records(bookings, &booking);
            let is = |one: &FlightRecord| one.flight_id == *flight && one.order == record.order;
            records.into_iter().find(is)
        } else {
            None
        };
        // Where it is not known what the stream lost, either feed may have brought it.
        let expected = expected.map(|mut expected| {
            let either = matches!(record.source, Feed::Streaming | Feed::Reconciliation);
            if bookings.lost.is_none() && either {
                expected.source = record.source;
            }
            expected
        });
        match expected {
            Some(expected) if expected == *record => self.exact += 1,
            Some(expected) => {
                self.wrong += 1;
                examples.add(|| format!("{flight}, {pnr}: {}", difference(&expected, record)));
            }
            None => {
                self.unexpected += 1;
                examples.add(|| format!("{flight}, {pnr}: there is a record, and must be none"));
            }
        }
        Ok(())
    }
}

/// The fields that differ.
fn difference(expected: &FlightRecord, found: &FlightRecord) -> String {
    let fields = |record| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (expected, found) = (fields(expected), fields(found));
    let names: std::collections::BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    let differ = names.into_iter().filter(|name| expected.get(*name) != found.get(*name));
    let said = differ.map(|name| {
        format!("{name} is {} for {}", shown(found.get(name)), shown(expected.get(name)))
    });
    said.collect::<Vec<_>>().join(", ")
}

fn tell_missing(
    bookings: &Bookings,
    flight: usize,
    found: &HashSet<(u32, Order)>,
    examples: &mut Examples,
) -> Result<(), Stop> {
    let id = &bookings.flights[flight].id;
    for number in 0..bookings.count {
        let booking = bookings.booking(number)?;
        let is_missing = |record: &FlightRecord| {
            record.flight_id == *id && !found.contains(&(number, record.order.clone()))
        };
        if truth::records(bookings, &booking).iter().any(is_missing) {
            let (pnr, events) = (booking.pnr, booking.events.len());
            examples.add(|| format!("{id}, {pnr}: there is no record, after {events} events"));
            return Ok(());
        }
    }
    Ok(())
}

/// The dead letters of this run: each an event and its reason.
pub(super) fn letters(
    bookings: &Bookings,
    spoilt: &BTreeMap<String, Flaw>,
    found: &[(Value, String)],
    examples: &mut Examples,
) -> Letters {
    let mut letters = Letters { expected: spoilt.len() as u64, ..Letters::default() };
    let ours = format!("aep-{}", bookings.run.id());
    let mut seen = HashSet::new();
    for (event, reason) in found {
        let id = ["_id", "@id"].iter().find_map(|name| event.get(*name)?.as_str());
        let Some(id) = id.filter(|id| id.starts_with(&ours)) else { continue };
        // Delivered again, an event is a letter again.
        if !seen.insert(id) {
            continue;
        }
        match spoilt.get(id) {
            Some(flaw) if reason.contains(flaw.reason()) => letters.exact += 1,
            flaw => {
                letters.wrong += 1;
                let flaw = flaw.map_or("nothing", |flaw| flaw.reason());
                examples.add(|| format!("dead letter {id}: {reason:?}, and wrong is {flaw}"));
            }
        }
    }
    letters.missing = spoilt.keys().filter(|id| !seen.contains(id.as_str())).count() as u64;
    letters
}

/// How many of these reservations are there.
pub(super) async fn there(store: &impl ReservationReader, pnrs: &[Pnr]) -> anyhow::Result<u64> {
    let mut there = 0;
    for some in pnrs.chunks(PER_CALL) {
        let found = store.reservations(some).await;
        there += found.context("reservations cannot be read")?.len() as u64;
    }
    Ok(there)
}

#[cfg(test)]
mod tests;
