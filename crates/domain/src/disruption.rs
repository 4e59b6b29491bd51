//! What a disruption does to its flight, and whether passengers are to be told.
//!
//! Event time decides, facet by facet: an event that is older than what the facet already knows
//! changes nothing and tells nobody. The rest is compared with what passengers were last told,
//! so that the same news from two sources is one message.

use crate::delay::{DelayCategory, MATERIAL_CHANGE_MINUTES, Reason};
use crate::facet::{Facet, FacetVersion};
use crate::flight::{Flight, FlightStatus, ToldSchedule};
use crate::notice::{Notice, Subject};
use jiff::{SignedDuration, Timestamp};

/// A delay as it was reported for a flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelayReport {
    /// The version that the report gives to the flight's schedule.
    pub version: FacetVersion,
    /// Minutes later than planned; 0 means back on schedule.
    pub delay_minutes: u32,
    /// Why.
    pub reason: Reason,
    /// The departure that the sender computed, UTC.
    pub new_departure: Option<Timestamp>,
    /// The arrival that the sender computed, UTC.
    pub new_arrival: Option<Timestamp>,
}

/// The new state of a flight's schedule facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleUpdate {
    /// The version that the facet then has.
    pub version: FacetVersion,
    /// The status that the flight then has.
    pub status: FlightStatus,
    /// Minutes later than planned.
    pub delay_minutes: u32,
    /// Why.
    pub reason: Reason,
    /// The departure then expected, UTC.
    pub departure: Timestamp,
    /// The arrival then expected, UTC.
    pub arrival: Timestamp,
}

impl ScheduleUpdate {
    /// What passengers are told when they are told of this update.
    #[must_use]
    pub fn news(&self) -> ToldSchedule {
        ToldSchedule {
            version: self.version.clone(),
            departure: self.departure,
            delay_minutes: self.delay_minutes,
        }
    }
}

/// What is to be done about a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A newer event has already changed the facet: nothing changes and nobody is told.
    Superseded {
        /// The version that the facet has.
        by: FacetVersion,
    },
    /// The flight has left or landed: a delay of its departure changes nothing any more.
    TooLate,
    /// The flight changes, and passengers are told when there is a notice.
    Apply {
        /// What changes.
        update: ScheduleUpdate,
        /// What passengers are told; none when it would not differ materially from what they
        /// believe, or when the flight does not wait for them any more.
        notice: Option<Notice>,
    },
    /// The flight has changed since, but not materially, and passengers have not all been told of
    /// this report yet: they are told of it, and the flight stays as it is.
    TellOnly {
        /// What they are told, for the record.
        news: ToldSchedule,
        /// What they are told.
        notice: Notice,
    },
}

/// Decides what a reported delay does to its flight. Asked again about the same report, it
/// answers the same until passengers have been told.
#[must_use]
pub fn decide_delay(flight: &Flight, report: &DelayReport) -> Decision {
    if has_left(flight.status) {
        return Decision::TooLate;
    }
    let (departure, arrival) = expected_times(flight, report);
    let update = ScheduleUpdate {
        version: report.version.clone(),
        status: status_after(flight.status, report.delay_minutes),
        delay_minutes: report.delay_minutes,
        reason: report.reason,
        departure,
        arrival,
    };
    if let Some(current) =
        flight.versions.schedule.as_ref().filter(|known| **known > report.version)
    {
        return if is_untold(flight, &update) {
            let notice = notice(flight, &update, corrects(flight, &update));
            Decision::TellOnly { news: update.news(), notice }
        } else {
            Decision::Superseded { by: current.clone() }
        };
    }
    let is_told = is_waiting(flight.status) && is_material(flight, &update);
    let notice = is_told.then(|| notice(flight, &update, corrects(flight, &update)));
    Decision::Apply { update, notice }
}

// Whether an older report is still the news: its telling was begun and not finished, and what has
// changed the flight since was too little to be told by itself.
fn is_untold(flight: &Flight, update: &ScheduleUpdate) -> bool {
    let begun = [&flight.telling_schedule, &flight.maybe_told_schedule]
        .into_iter()
        .flatten()
        .any(|news| news.version == update.version);
    let now = flight.actual_departure.unwrap_or(flight.scheduled_departure);
    begun
        && is_waiting(flight.status)
        && minutes_between(now, update.departure) < MATERIAL_CHANGE_MINUTES
}

/// What passengers believe when they read of this update: what they are being told just now, or
/// may have been, if that is not the update itself (a workflow entered again), else what they were
/// told last. A delay that is taken back while its messages are under way is a correction.
fn believed<'a>(flight: &'a Flight, update: &ScheduleUpdate) -> Option<&'a ToldSchedule> {
    let others = |news: &&ToldSchedule| news.version != update.version;
    let telling = flight.telling_schedule.as_ref().filter(others);
    telling
        .or_else(|| flight.maybe_told_schedule.as_ref().filter(others))
        .or(flight.told_schedule.as_ref())
}

/// Whether passengers would learn something that matters.
fn is_material(flight: &Flight, update: &ScheduleUpdate) -> bool {
    // Who has read what is not known: only a message to everyone makes it known again.
    if flight.maybe_told_schedule.is_some() {
        return true;
    }
    match believed(flight, update) {
        None => update.delay_minutes > 0,
        Some(news) => minutes_between(update.departure, news.departure) >= MATERIAL_CHANGE_MINUTES,
    }
}

/// Whether the update takes back something worse that passengers were told.
fn corrects(flight: &Flight, update: &ScheduleUpdate) -> bool {
    update.delay_minutes == 0
        || believed(flight, update).is_some_and(|news| update.departure < news.departure)
}

// The minutes decide: the category that routed the event came from them. The sender's own times
// are used when they say the same to the minute, which also lets an arrival be made up in flight.
fn expected_times(flight: &Flight, report: &DelayReport) -> (Timestamp, Timestamp) {
    let delay = SignedDuration::from_mins(i64::from(report.delay_minutes));
    let later = |time: Timestamp| time.saturating_add(delay).unwrap_or(time);
    let (departure, arrival) = (later(flight.scheduled_departure), later(flight.scheduled_arrival));
    match (report.new_departure, report.new_arrival) {
        (Some(said), Some(lands)) if minutes_between(said, departure) == 0 && lands > said => {
            (departure, lands)
        }
        _ => (departure, arrival),
    }
}

fn minutes_between(a: Timestamp, b: Timestamp) -> i64 {
    a.duration_since(b).abs().as_mins()
}

fn has_left(status: FlightStatus) -> bool {
    matches!(status, FlightStatus::Departed | FlightStatus::Diverted | FlightStatus::Arrived)
}

fn is_waiting(status: FlightStatus) -> bool {
    matches!(status, FlightStatus::Scheduled | FlightStatus::Boarding | FlightStatus::Delayed)
}

// A delay says when a flight leaves, not whether it does: only a flight that still waits for its
// passengers changes status by it, and CANCELLED gives way to FLIGHT_REINSTATED alone.
fn status_after(status: FlightStatus, delay_minutes: u32) -> FlightStatus {
    match status {
        waiting if is_waiting(waiting) && delay_minutes > 0 => FlightStatus::Delayed,
        FlightStatus::Delayed => FlightStatus::Scheduled,
        other => other,
    }
}

fn notice(flight: &Flight, update: &ScheduleUpdate, correction: bool) -> Notice {
    Notice {
        flight_id: flight.flight_id.clone(),
        origin: flight.origin.clone(),
        destination: flight.destination.clone(),
        facet: Facet::Schedule,
        version: update.version.clone(),
        correction,
        subject: Subject::Delay {
            category: DelayCategory::of(update.delay_minutes),
            delay_minutes: update.delay_minutes,
            reason: update.reason,
            new_departure: update.departure,
            new_arrival: update.arrival,
        },
    }
}

#[cfg(test)]
mod tests;
