//! What a disruption does to its flight, and whether passengers are to be told.
//!
//! Event time decides, facet by facet: an event that is older than what the facet already knows
//! changes nothing and tells nobody. The rest is compared with what passengers were last told,
//! so that the same news from two sources is one message.

mod belief;
mod notices;
mod quiet;
mod resend;

pub use quiet::{QuietFlight, QuietOutcome};
pub use resend::decide_resend;

use crate::delay::{MATERIAL_CHANGE_MINUTES, MAX_DELAY_MINUTES, Reason};
use crate::facet::{Facet, FacetVersion};
use crate::flight::{Cancellation, Flight, FlightStatus};
use crate::inbound::{Change, OperationsEvent};
use crate::notice::{Nature, Notice, Subject};
use belief::minutes_between;
use jiff::{SignedDuration, Timestamp};

/// What an event says of a flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The version that it gives to the facet that it changes.
    pub version: FacetVersion,
    /// What it says.
    pub change: Change,
    /// Whether an operator takes back a wrong broadcast with it: it is then told whatever
    /// passengers believe.
    pub retracts: bool,
}

impl From<&OperationsEvent> for Report {
    /// What an event of the operations centre says.
    fn from(event: &OperationsEvent) -> Self {
        let version = FacetVersion::new(event.occurred_at, event.event_id.clone());
        Self { version, change: event.change.clone(), retracts: false }
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
    /// The flight has left or landed: nothing about its departure changes any more.
    TooLate,
    /// The flight becomes this, and passengers are told when there is a notice.
    Write {
        /// The flight as it then is, with what passengers are being told.
        flight: Box<Flight>,
        /// What passengers are told; none when it would not differ materially from what they
        /// believe, or when the flight does not wait for them any more.
        notice: Option<Notice>,
    },
}

/// Decides what a report does to its flight. Asked again about the same report, it answers the
/// same until passengers have been told.
#[must_use]
pub fn decide(flight: &Flight, report: &Report) -> Decision {
    if flight.status.has_left() {
        return Decision::TooLate;
    }
    let facet = report.change.facet();
    let changed = applied(flight, report);
    if let Some(newer) = flight.versions.of(facet).filter(|known| **known > report.version) {
        // An older report is still the news when its telling was begun and not finished, and what
        // has changed the flight since was too little to be told by itself. What newer news are
        // being told of must not lose its telling to it.
        let notice = notice(flight, &changed, report);
        let news = flight.news(facet);
        let is_unfinished = news.is_begun(&report.version) && !news.has_newer(&report.version);
        if !is_unfinished || !is_true(flight, &notice.subject) {
            // Its times are news of another facet, which may not have heard newer ones.
            return match times_alone(flight, report) {
                Some(times) => decide(flight, &times),
                None => Decision::Superseded { by: newer.clone() },
            };
        }
        return Decision::Write {
            flight: Box::new(telling(revised(flight), &notice)),
            notice: Some(notice),
        };
    }
    // What was begun is told whoever tells the same by now: they may have said nothing because this one did.
    let is_begun = flight.news(facet).is_begun(&report.version);
    let is_news = report.retracts || is_begun || belief::is_material(flight, &changed, report);
    let notice = is_news
        .then(|| notice(flight, &changed, report))
        .filter(|notice| notice.facet == Facet::Status || changed.status.is_waiting());
    let flight = match &notice {
        Some(notice) => telling(changed, notice),
        None => changed,
    };
    Decision::Write { flight: Box::new(flight), notice }
}

/// What cannot be of a report about this flight, in words.
#[must_use]
pub fn implausible(flight: &Flight, report: &Report) -> Option<String> {
    let Change::Reinstated { new_departure: Some(departure), .. } = report.change else {
        return None;
    };
    let planned = flight.scheduled_departure;
    let late = departure.duration_since(planned);
    // Whoever was told that it is cancelled cannot be there sooner; and as for a delay, beyond two
    // days an error of the sender is likelier.
    let is_plausible =
        (0..=i64::from(MAX_DELAY_MINUTES)).contains(&late.as_mins()) && !late.is_negative();
    (!is_plausible).then(|| {
        format!(
            "new_departure must be 0 to {MAX_DELAY_MINUTES} minutes after the planned departure \
             {planned}; got {departure}"
        )
    })
}

/// Whether telling passengers of a notice has lost its point: newer news of the facet are known to
/// some, or what it says is not true any more.
#[must_use]
pub fn is_overtaken(flight: &Flight, notice: &Notice) -> bool {
    flight.news(notice.facet).has_newer(&notice.version) || !is_true(flight, &notice.subject)
}

// A time counts as the same within what is not worth a message. Facets change independently, so a
// reinstatement, which states time and gate too, may be overtaken by news of those.
fn is_true(flight: &Flight, subject: &Subject) -> bool {
    let leaves_at = |time: Timestamp| {
        flight.status.is_waiting()
            && minutes_between(flight.departure(), time) < MATERIAL_CHANGE_MINUTES
    };
    match subject {
        Subject::Delay { new_departure, .. } => leaves_at(*new_departure),
        Subject::GateChange { new_gate, .. } => {
            flight.status.is_waiting() && flight.gate.as_ref() == Some(new_gate)
        }
        Subject::Cancellation { .. } => flight.status == FlightStatus::Cancelled,
        Subject::Reinstatement { departure, gate, .. } => {
            leaves_at(*departure) && flight.gate == *gate
        }
    }
}

/// The flight as it is when the report is the last word on its facet.
fn applied(flight: &Flight, report: &Report) -> Flight {
    let mut after = revised(flight);
    after.versions.set(report.change.facet(), report.version.clone());
    match &report.change {
        Change::Delay { delay_minutes, reason, new_departure, new_arrival, .. } => {
            let (departure, arrival) =
                delayed_times(flight, *delay_minutes, *new_departure, *new_arrival);
            after.delay_minutes = *delay_minutes;
            after.delay_reason = Some(*reason);
            after.actual_departure = Some(departure);
            after.actual_arrival = Some(arrival);
            after.status = status_after(flight.status, *delay_minutes);
        }
        Change::Gate { new_gate, .. } => after.gate = Some(new_gate.clone()),
        Change::Cancelled { reason, rebooking_priority, .. } => {
            after.status = FlightStatus::Cancelled;
            after.cancellation =
                Some(Cancellation { reason: *reason, rebooking_priority: *rebooking_priority });
        }
        Change::Reinstated { new_departure, new_arrival } => {
            set_times(&mut after, report, *new_departure, *new_arrival);
            after.cancellation = None;
            let before = match flight.status {
                FlightStatus::Cancelled => FlightStatus::Scheduled,
                other => other,
            };
            after.status = status_after(before, after.delay_minutes);
        }
    }
    after
}

// The minutes decide: the category that routed the event came from them. The sender's own times
// are used when they say the same to the minute, which also lets an arrival be made up in flight.
fn delayed_times(
    flight: &Flight,
    minutes: u32,
    new_departure: Option<Timestamp>,
    new_arrival: Option<Timestamp>,
) -> (Timestamp, Timestamp) {
    let delay = SignedDuration::from_mins(i64::from(minutes));
    let later = |time: Timestamp| time.saturating_add(delay).unwrap_or(time);
    let (departure, arrival) = (later(flight.scheduled_departure), later(flight.scheduled_arrival));
    match (new_departure, new_arrival) {
        (Some(said), Some(lands)) if minutes_between(said, departure) == 0 && lands > said => {
            (departure, lands)
        }
        _ => (departure, arrival),
    }
}

// The times that a reinstatement brings count unless the schedule has heard newer ones. One
// without times leaves the schedule as it is.
fn set_times(
    after: &mut Flight,
    report: &Report,
    new_departure: Option<Timestamp>,
    new_arrival: Option<Timestamp>,
) {
    let Some(new_departure) = new_departure else {
        return;
    };
    if after.versions.schedule.as_ref().is_some_and(|known| *known > report.version) {
        return;
    }
    let minutes = minutes_late(after, new_departure);
    let (departure, arrival) = delayed_times(after, minutes, Some(new_departure), new_arrival);
    after.versions.schedule = Some(report.version.clone());
    after.actual_departure = Some(departure);
    after.actual_arrival = Some(arrival);
    after.delay_minutes = minutes;
    if minutes == 0 {
        after.delay_reason = None;
    }
}

fn minutes_late(flight: &Flight, departure: Timestamp) -> u32 {
    u32::try_from(departure.duration_since(flight.scheduled_departure).as_mins()).unwrap_or(0)
}

/// What a reinstatement says of the times alone.
fn times_alone(flight: &Flight, report: &Report) -> Option<Report> {
    let Change::Reinstated { new_departure: Some(departure), new_arrival } = report.change else {
        return None;
    };
    let change = Change::Delay {
        delay_minutes: minutes_late(flight, departure),
        reason: flight.delay_reason.unwrap_or(Reason::Other),
        reason_detail: None,
        new_departure: Some(departure),
        new_arrival,
    };
    Some(Report { change, ..report.clone() })
}

// A delay says when a flight leaves, not whether it does: only a flight that still waits for its
// passengers changes status by it, and CANCELLED gives way to FLIGHT_REINSTATED alone.
fn status_after(status: FlightStatus, delay_minutes: u32) -> FlightStatus {
    match status {
        waiting if waiting.is_waiting() && delay_minutes > 0 => FlightStatus::Delayed,
        FlightStatus::Delayed => FlightStatus::Scheduled,
        other => other,
    }
}

/// The flight as the next write leaves it, before anything else changes.
fn revised(flight: &Flight) -> Flight {
    Flight { revision: flight.revision + 1, ..flight.clone() }
}

/// The flight with a notice being told.
fn telling(mut flight: Flight, notice: &Notice) -> Flight {
    notices::begin(&mut flight, notice);
    flight
}

fn notice(flight: &Flight, after: &Flight, report: &Report) -> Notice {
    let subject = match &report.change {
        Change::Delay { .. } => notices::delay(after),
        Change::Gate { old_gate, terminal_change, .. } => {
            // What passengers know is what the new gate is new against; the sender's own word
            // where they were never told one.
            let known = || {
                belief::gate(flight, &report.version)
                    .or(old_gate.as_deref())
                    .or(flight.gate.as_deref())
                    .map(str::to_owned)
            };
            // Entered again, the flight has the new gate already: what was said stays said.
            let begun = flight.gate_news.begun(&report.version);
            let old = begun.map_or_else(known, |told| told.said.old_gate.clone());
            notices::gate_change(after, old, *terminal_change)
        }
        Change::Cancelled { .. } => notices::cancellation(after),
        Change::Reinstated { .. } => notices::reinstatement(after),
    };
    let nature = match &subject {
        // What nobody was ever told needs no taking back.
        _ if report.retracts && !flight.news(report.change.facet()).is_empty() => {
            Nature::Retraction
        }
        Subject::Reinstatement { .. } => Nature::Improvement,
        Subject::Delay { delay_minutes, .. }
            if *delay_minutes == 0 || belief::improves(flight, after, &report.version) =>
        {
            Nature::Improvement
        }
        _ => Nature::News,
    };
    notices::notice(after, subject, report.version.clone(), nature)
}

impl Change {
    /// The facet that it changes.
    #[must_use]
    pub fn facet(&self) -> Facet {
        match self {
            Self::Delay { .. } => Facet::Schedule,
            Self::Gate { .. } => Facet::Gate,
            Self::Cancelled { .. } | Self::Reinstated { .. } => Facet::Status,
        }
    }
}

#[cfg(test)]
mod tests;
