//! Events of the operations centre, as records of Kafka have them, and what they do to a flight.

use crate::now;
use flightpulse_contracts::flight_events::FlightEvent;
use flightpulse_contracts::names::facet_of;
use flightpulse_contracts::tasks::{
    CancellationDetail, DelayDetail, DisruptionDetail, GateDetail, ReinstatementDetail,
};
use flightpulse_domain::delay::{DelayCategory, MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::disruption::{Decision, Report, decide, implausible};
use flightpulse_domain::facet::{Facet, FacetVersion};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::inbound::{Change, OperationsEvent, is_from_the_future, is_gate};
use flightpulse_domain::message::facts::Facts;
use flightpulse_domain::message::{check, templates};
use flightpulse_domain::passenger::{Language, Tier};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Records of one input.
const MOST: usize = 12;

/// Reads records, one a line, and has them happen to a flight, one after the other.
pub fn operations_events(input: &[u8]) {
    let mut flight = None;
    for record in input.split(|byte| *byte == b'\n').take(MOST) {
        let Ok(event) = OperationsEvent::read(Some(record), now()) else { continue };
        plausible(&event);
        carried(&event);
        let before = flight.unwrap_or_else(|| planned(&event));
        flight = Some(happened(before, event));
    }
}

fn plausible(event: &OperationsEvent) {
    assert!(!is_from_the_future(event.occurred_at, now()), "{event:?}");
    assert!(!event.source.trim().is_empty());
    match &event.change {
        Change::Delay { delay_minutes, .. } => assert!(*delay_minutes <= MAX_DELAY_MINUTES),
        Change::Gate { old_gate, new_gate, .. } => {
            assert!(old_gate.iter().chain([new_gate]).all(|gate| is_gate(gate)), "{event:?}");
        }
        Change::Cancelled { .. } | Change::Reinstated { .. } => {}
    }
}

fn said<T: DeserializeOwned>(detail: &Value) -> Option<T> {
    serde_json::from_value(detail.clone()).ok()
}

/// What is put on the bus says to whoever takes it what the record said.
fn carried(event: &OperationsEvent) {
    let routed = FlightEvent::new(event.clone(), (&event.event_id).into(), Some(&planned(event)));
    assert_eq!(facet_of(routed.detail_type()), Some(event.change.facet()));
    let detail = serde_json::to_value(&routed).unwrap_or_default();
    let head = said::<DisruptionDetail>(&detail).map(|head| (head.flight_id, head.retracts));
    assert_eq!(head, Some((event.flight_id.clone(), false)));
    let heard = match &event.change {
        Change::Delay { reason_detail, .. } => said(&detail).map(|said: DelayDetail| {
            assert_eq!(detail["category"], DelayCategory::of(said.delay_minutes).name());
            Change::Delay {
                delay_minutes: said.delay_minutes,
                reason: said.reason.unwrap_or(Reason::Other),
                reason_detail: reason_detail.clone(),
                new_departure: said.new_departure,
                new_arrival: said.new_arrival,
            }
        }),
        Change::Cancelled { reason_detail, .. } => {
            said(&detail).map(|said: CancellationDetail| Change::Cancelled {
                reason: said.reason.unwrap_or(Reason::Other),
                reason_detail: reason_detail.clone(),
                rebooking_priority: said.rebooking_priority,
            })
        }
        Change::Gate { .. } => said(&detail).map(|said: GateDetail| Change::Gate {
            old_gate: said.old_gate,
            new_gate: said.new_gate,
            terminal_change: said.terminal_change,
        }),
        Change::Reinstated { .. } => said(&detail).map(|said: ReinstatementDetail| {
            Change::Reinstated { new_departure: said.new_departure, new_arrival: said.new_arrival }
        }),
    };
    assert_eq!(heard.as_ref(), Some(&event.change));
}

/// The flight, half a day from now, in Denver.
fn planned(event: &OperationsEvent) -> Flight {
    let at = |hours| now().saturating_add(SignedDuration::from_hours(hours)).unwrap_or(now());
    Flight::scheduled(event.flight_id.clone(), "DEN", "PHX", at(12), at(14))
}

/// The flight after an event, of which passengers can be told.
fn happened(before: Flight, event: OperationsEvent) -> Flight {
    // One language an event, by its id: the check is most of the work, and histories want to be many.
    let bytes = event.event_id.as_str().bytes().map(usize::from);
    let language = Language::ALL[bytes.sum::<usize>() % Language::ALL.len()];
    let version = FacetVersion::new(event.occurred_at, event.event_id);
    let report = Report { version, change: event.change, retracts: false };
    if implausible(&before, &report).is_some() {
        return before;
    }
    let Decision::Write { flight, notice } = decide(&before, &report) else { return before };
    for facet in Facet::ALL {
        let (known, now) = (before.versions.of(facet), flight.versions.of(facet));
        assert!(known <= now, "the {} goes back from {known:?} to {now:?}", facet.name());
    }
    assert!(flight.delay_minutes <= MAX_DELAY_MINUTES, "{flight:?}");
    let written = serde_json::to_value(&flight).unwrap_or_default();
    assert_eq!(serde_json::from_value(written).ok().as_ref(), Some(&flight));
    // Asked again about the same, it says the same until passengers have been told.
    match decide(&flight, &report) {
        Decision::Write { flight: again, notice: told } => {
            assert_eq!((told.is_some(), again.departure()), (notice.is_some(), flight.departure()));
        }
        Decision::Superseded { by } => assert!(by > report.version),
        Decision::TooLate => unreachable!("it has not left"),
    }
    if let Some(notice) = notice {
        let facts = Facts::of(&notice, language);
        let draft = templates::draft(&facts, Tier::Member);
        let found = check::check_for(&facts, Tier::Member, &draft);
        let too_long = matches!(found, Err(check::Breach::SmsTooLong(_)));
        // A flight's number of any length is told in a text message where it fits one.
        assert!(found.is_ok() || too_long && facts.flight.len() > 8, "{found:?} of {draft:?}");
    }
    *flight
}
