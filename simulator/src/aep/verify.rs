//! Holding what is in the table and among the dead letters against what must be there.

use super::bookings::Bookings;
use super::corrupt::Flaw;
use super::truth::{self, Truth};
use crate::stop::Stop;
use anyhow::Context;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::{FlightRecord, Order, Totals};
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
pub(super) struct Records {
    pub(super) expected: u64,
    /// All of it is as it must be.
    pub(super) exact: u64,
    pub(super) missing: u64,
    /// It is there, and says something else.
    pub(super) wrong: u64,
    /// It is there and must not be.
    pub(super) unexpected: u64,
}

/// Dead letters, as they must be and are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Letters {
    pub(super) expected: u64,
    /// It is there, and its reason names what is wrong.
    pub(super) exact: u64,
    pub(super) missing: u64,
    /// Its reason names something else, or its event should have been readable.
    pub(super) wrong: u64,
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
        let mut after: Option<String> = None;
        loop {
            let page = store.records_of(&sold.id, after.as_deref(), PAGE).await;
            let page =
                page.with_context(|| format!("the records of {} cannot be read", sold.id))?;
            for record in &page.items {
                let Some(number) = bookings.number_of(&record.pnr) else { continue };
                found.insert((number, record.order.clone()));
                all.hold(bookings, number, record, examples)?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
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
        let expected = if number < bookings.count {
            let booking = bookings.booking(number)?;
            let records = truth::records(bookings, &booking);
            let is = |one: &FlightRecord| one.flight_id == *flight && one.order == record.order;
            records.into_iter().find(is)
        } else {
            None
        };
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
