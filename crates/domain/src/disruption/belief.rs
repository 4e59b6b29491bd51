//! What passengers believe, and whether a report would tell them something that matters.

use super::Report;
use crate::delay::MATERIAL_CHANGE_MINUTES;
use crate::facet::FacetVersion;
use crate::flight::Flight;
use crate::inbound::Change;
use crate::news::{Told, ToldStatus};
use jiff::Timestamp;
use std::borrow::Borrow;

/// Whether passengers would learn something that matters.
pub(super) fn is_material(flight: &Flight, after: &Flight, report: &Report) -> bool {
    // Who has read what is not known while a telling is in doubt: only a message to everyone makes
    // it known again.
    match &report.change {
        Change::Delay { delay_minutes, .. } => {
            is_schedule_in_doubt(flight)
                || match departure(flight, &report.version) {
                    None => *delay_minutes > 0,
                    Some(believed) => differs(believed, after.departure()),
                }
        }
        Change::Gate { new_gate, .. } => {
            is_gate_in_doubt(flight) || gate(flight, &report.version) != Some(new_gate)
        }
        Change::Cancelled { .. } => {
            flight.status_news.maybe_told.is_some() || !is_cancelled(flight, &report.version)
        }
        Change::Reinstated { .. } => {
            flight.status_news.maybe_told.is_some()
                || is_cancelled(flight, &report.version)
                || departure(flight, &report.version).map_or_else(
                    || differs(flight.scheduled_departure, after.departure()),
                    |believed| differs(believed, after.departure()),
                )
        }
    }
}

/// Whether the flight leaves earlier than passengers believe.
pub(super) fn improves(flight: &Flight, after: &Flight, version: &FacetVersion) -> bool {
    departure(flight, version).is_some_and(|believed| after.departure() < believed)
}

/// The departure that passengers believe in, UTC; none when they know the plan only. It was said
/// with a delay or with a reinstatement, whichever came last.
pub(super) fn departure(flight: &Flight, version: &FacetVersion) -> Option<Timestamp> {
    let delay =
        flight.schedule_news.believed(version).map(|told| (told.revision, told.said.departure));
    let status = flight
        .status_news
        .believed(version)
        .and_then(|told| Some((told.revision, told.said.departure?)));
    delay.into_iter().chain(status).max_by_key(|(revision, _)| *revision).map(|(_, said)| said)
}

/// The gate that passengers believe in; none when they were never told one. It was said with a
/// gate change or with a reinstatement, whichever came last.
pub(super) fn gate<'a>(flight: &'a Flight, version: &FacetVersion) -> Option<&'a str> {
    let change =
        flight.gate_news.believed(version).map(|told| (told.revision, told.said.gate.as_str()));
    let status = flight
        .status_news
        .believed(version)
        .and_then(|told| Some((told.revision, told.said.gate.as_deref()?)));
    change.into_iter().chain(status).max_by_key(|(revision, _)| *revision).map(|(_, said)| said)
}

fn is_cancelled(flight: &Flight, version: &FacetVersion) -> bool {
    flight.status_news.believed(version).is_some_and(|told| told.said.cancelled)
}

fn is_schedule_in_doubt(flight: &Flight) -> bool {
    let Flight { schedule_news: delay, status_news: status, .. } = flight;
    let says = |told: &&Told<ToldStatus>| told.said.departure.is_some();
    is_in_doubt(
        [revision(&delay.maybe_told), revision(&status.maybe_told.as_ref().filter(says))],
        [revision(&delay.told), revision(&status.told.as_ref().filter(says))],
    )
}

fn is_gate_in_doubt(flight: &Flight) -> bool {
    let Flight { gate_news: change, status_news: status, .. } = flight;
    let says = |told: &&Told<ToldStatus>| told.said.gate.is_some();
    is_in_doubt(
        [revision(&change.maybe_told), revision(&status.maybe_told.as_ref().filter(says))],
        [revision(&change.told), revision(&status.told.as_ref().filter(says))],
    )
}

fn revision<T>(told: &Option<impl Borrow<Told<T>>>) -> Option<u64> {
    told.as_ref().map(|told| told.borrow().revision)
}

// What all were told later settles what some may have read before.
fn is_in_doubt(doubts: [Option<u64>; 2], told: [Option<u64>; 2]) -> bool {
    doubts.into_iter().max().flatten() > told.into_iter().max().flatten()
}

fn differs(a: Timestamp, b: Timestamp) -> bool {
    minutes_between(a, b) >= MATERIAL_CHANGE_MINUTES
}

pub(super) fn minutes_between(a: Timestamp, b: Timestamp) -> i64 {
    a.duration_since(b).abs().as_mins()
}
