//! Notices, from the flight as it is when they are told.

use crate::delay::{DelayCategory, Reason};
use crate::facet::FacetVersion;
use crate::flight::Flight;
use crate::inbound::RebookingPriority;
use crate::news::{Told, ToldGate, ToldSchedule, ToldStatus};
use crate::notice::{Nature, Notice, Subject};

pub(super) fn notice(
    flight: &Flight,
    subject: Subject,
    version: FacetVersion,
    nature: Nature,
) -> Notice {
    Notice {
        flight_id: flight.flight_id.clone(),
        origin: flight.origin.clone(),
        destination: flight.destination.clone(),
        facet: subject.facet(),
        version,
        nature,
        resend_id: None,
        subject,
    }
}

pub(super) fn delay(flight: &Flight) -> Subject {
    Subject::Delay {
        category: DelayCategory::of(flight.delay_minutes),
        delay_minutes: flight.delay_minutes,
        reason: flight.delay_reason.unwrap_or(Reason::Other),
        new_departure: flight.departure(),
        new_arrival: flight.arrival(),
    }
}

pub(super) fn cancellation(flight: &Flight) -> Subject {
    let known = flight.cancellation;
    Subject::Cancellation {
        reason: known.map_or(Reason::Other, |known| known.reason),
        rebooking_priority: known
            .map_or(RebookingPriority::Normal, |known| known.rebooking_priority),
        scheduled_departure: flight.scheduled_departure,
    }
}

/// A gate that passengers knew already is no old gate.
pub(super) fn gate_change(
    flight: &Flight,
    known: Option<String>,
    terminal_change: bool,
) -> Subject {
    let new_gate = flight.gate.clone().unwrap_or_default();
    Subject::GateChange {
        old_gate: known.filter(|gate| *gate != new_gate),
        new_gate,
        terminal_change,
        departure: flight.departure(),
    }
}

pub(super) fn reinstatement(flight: &Flight) -> Subject {
    Subject::Reinstatement {
        delay_minutes: flight.delay_minutes,
        departure: flight.departure(),
        arrival: flight.arrival(),
        gate: flight.gate.clone(),
        as_of: [&flight.versions.schedule, &flight.versions.gate]
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
    }
}

/// Notes on the flight that passengers are going to be told of this.
pub(super) fn begin(flight: &mut Flight, notice: &Notice) {
    let (version, revision) = (notice.version.clone(), flight.revision);
    match &notice.subject {
        Subject::Delay { new_departure, .. } => {
            let said = ToldSchedule { departure: *new_departure };
            flight.schedule_news.begin(Told { version, revision, said });
        }
        Subject::GateChange { old_gate, new_gate, terminal_change, .. } => {
            let said = ToldGate {
                gate: new_gate.clone(),
                old_gate: old_gate.clone(),
                terminal_change: *terminal_change,
            };
            flight.gate_news.begin(Told { version, revision, said });
        }
        Subject::Cancellation { .. } => {
            let said = ToldStatus { cancelled: true, departure: None, gate: None };
            flight.status_news.begin(Told { version, revision, said });
        }
        Subject::Reinstatement { departure, gate, .. } => {
            let said =
                ToldStatus { cancelled: false, departure: Some(*departure), gate: gate.clone() };
            flight.status_news.begin(Told { version, revision, said });
        }
    }
}
