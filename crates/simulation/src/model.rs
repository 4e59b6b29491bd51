//! The reference model: what must come of a flight's events, whatever happens on the way.
//!
//! It knows neither order of arrival nor retries: of each facet the newest event counts, by its time
//! and then its id. It is another way of saying what the domain decides step by step.

use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::inbound::Change;
use jiff::{SignedDuration, Timestamp};

/// One event about a flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When it happened, and its id.
    pub version: FacetVersion,
    /// What it says.
    pub change: Change,
}

/// How a flight must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Its status.
    pub status: FlightStatus,
    /// Its delay, in minutes.
    pub delay_minutes: u32,
    /// When it leaves, UTC.
    pub departure: Timestamp,
    /// Its gate.
    pub gate: Option<String>,
}

/// How this flight must end, after these events, in whatever order they came.
#[must_use]
pub fn ending(scheduled: &Flight, said: &[Said]) -> Ending {
    let planned = scheduled.scheduled_departure;
    let minutes = newest(said, |change| match change {
        Change::Delay { delay_minutes, .. } => Some(*delay_minutes),
        Change::Reinstated { new_departure: Some(departure), .. } => {
            u32::try_from(departure.duration_since(planned).as_mins()).ok()
        }
        _ => None,
    });
    let gate = newest(said, |change| match change {
        Change::Gate { new_gate, .. } => Some(new_gate.clone()),
        _ => None,
    });
    let cancelled = newest(said, |change| match change {
        Change::Cancelled { .. } => Some(true),
        Change::Reinstated { .. } => Some(false),
        _ => None,
    });
    let delay_minutes = minutes.unwrap_or(0);
    let late = SignedDuration::from_mins(i64::from(delay_minutes));
    let status = match (cancelled.unwrap_or(false), delay_minutes) {
        (true, _) => FlightStatus::Cancelled,
        (false, 0) => FlightStatus::Scheduled,
        (false, _) => FlightStatus::Delayed,
    };
    Ending {
        status,
        delay_minutes,
        departure: planned.saturating_add(late).unwrap_or(planned),
        gate: gate.or_else(|| scheduled.gate.clone()),
    }
}

fn newest<T>(said: &[Said], says: impl Fn(&Change) -> Option<T>) -> Option<T> {
    let about = said.iter().filter_map(|one| Some((&one.version, says(&one.change)?)));
    about.max_by(|a, b| a.0.cmp(b.0)).map(|(_, says)| says)
}
