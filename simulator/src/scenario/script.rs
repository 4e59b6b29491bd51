//! What a scenario sends and expects, be it one event or a sequence of them.

use super::expectations::{Expectations, Feed, Sequence, THERE_IS};
use super::judge::{self, Verdict};
use super::observation::{Seen, Sent, Whole};
use crate::operations::NewEvent;
use crate::stop::Stop;
use flightpulse_domain::ids::EventId;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uuid::Uuid;

/// How long a single event may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One scenario.
pub(super) enum Script {
    /// A single event.
    One(Box<Expectations>),
    /// A sequence of events.
    Many(Box<Sequence>),
}

/// What is to be sent.
pub(super) struct Plan {
    /// Everything that is sent names it.
    pub(super) correlation_id: String,
    /// The events, each once.
    pub(super) events: Vec<Planned>,
    /// The event of each record, in the order of writing: an index of `events`.
    pub(super) writes: Vec<usize>,
}

/// An event that is to be sent.
pub(super) struct Planned {
    /// Its name for people; none where there is no other.
    pub(super) name: Option<String>,
    pub(super) event: NewEvent,
    /// How long before now it says that it happened.
    pub(super) seconds_ago: i64,
}

impl Script {
    /// The scenario with this number.
    pub(super) fn of(number: u32) -> anyhow::Result<Self> {
        match number {
            1..=4 | 6 => Ok(Self::One(Box::new(Expectations::of(number, Timestamp::now())?))),
            5 => Ok(Self::Many(Box::new(Sequence::read()?))),
            _ => Err(Stop::Usage(format!("there is no scenario {number}; {THERE_IS}")).into()),
        }
    }

    /// Its number.
    pub(super) fn number(&self) -> u32 {
        match self {
            Self::One(expected) => expected.scenario,
            Self::Many(expected) => expected.scenario,
        }
    }

    /// Its title.
    pub(super) fn title(&self) -> &str {
        match self {
            Self::One(expected) => &expected.title,
            Self::Many(expected) => &expected.title,
        }
    }

    /// How long it may take, where nobody says otherwise.
    pub(super) fn patience(&self) -> Duration {
        match self {
            Self::One(_) => PATIENCE,
            Self::Many(expected) => Duration::from_secs(expected.patience_seconds),
        }
    }

    /// The flights that it is about.
    pub(super) fn flights(&self) -> Vec<&str> {
        match self {
            Self::One(expected) => vec![expected.flight_id()],
            Self::Many(expected) => {
                expected.flights.iter().map(|flight| flight.flight_id.as_str()).collect()
            }
        }
    }

    /// The bookings that are sent before; none where there are none.
    pub(super) fn feed(&self) -> Option<&Feed> {
        match self {
            Self::One(expected) => expected.feed.as_ref(),
            Self::Many(_) => None,
        }
    }

    /// How many bookings must be put up for rebooking.
    pub(super) fn rebooked(&self) -> usize {
        match self {
            Self::One(expected) => expected.rebooked().len(),
            Self::Many(_) => 0,
        }
    }

    /// The events to send, at this time.
    pub(super) fn plan(&self, now: Timestamp) -> Result<Plan, Stop> {
        match self {
            Self::One(expected) => {
                let (kind, payload) = (expected.event_type(), expected.payload());
                let event = NewEvent::new(kind, &payload, None, now, now)?;
                let correlation_id = event.event_id.to_string();
                let events = vec![Planned { name: None, event, seconds_ago: 0 }];
                Ok(Plan { correlation_id, events, writes: vec![0] })
            }
            Self::Many(expected) => plan(expected, now),
        }
    }

    /// Whether all is there that must be, as far as that is known before the end.
    pub(super) fn is_complete(&self, sent: &[Sent], seen: &Seen) -> bool {
        match self {
            Self::One(expected) => all_told(expected, seen) && all_rebooked(expected, seen),
            Self::Many(expected) => judge::sequence::is_complete(expected, sent, seen),
        }
    }

    /// Holds what was seen against what was expected.
    pub(super) fn judge(&self, observed: &Whole) -> Verdict {
        match self {
            Self::One(expected) => judge::judge(expected, &observed.of_the_one()),
            Self::Many(expected) => judge::sequence::judge(expected, observed),
        }
    }
}

fn plan(expected: &Sequence, now: Timestamp) -> Result<Plan, Stop> {
    let usage = |error: flightpulse_domain::ids::InvalidId| Stop::Usage(error.to_string());
    let correlation_id = format!("sim-{}", Uuid::new_v4());
    let mut events = Vec::new();
    for one in expected.events() {
        let id = EventId::new(format!("{correlation_id}-{}", one.name)).map_err(usage)?;
        let at = now.saturating_sub(SignedDuration::from_secs(one.seconds_ago)).unwrap_or(now);
        let event = NewEvent::new(one.event_type(), &one.payload(), Some(id), at, now)?;
        events.push(Planned {
            name: Some(one.name.clone()),
            event: event.said_by(&one.source),
            seconds_ago: one.seconds_ago,
        });
    }
    let of = |name: &str| events.iter().position(|one| one.name.as_deref() == Some(name));
    let writes = expected.writes().filter_map(of).collect();
    Ok(Plan { correlation_id, events, writes })
}

fn all_told(expected: &Expectations, seen: &Seen) -> bool {
    expected.notifications.iter().all(|one| seen.notifications.iter().any(|line| one.is(line)))
}

fn all_rebooked(expected: &Expectations, seen: &Seen) -> bool {
    let is_there = |id: &str| seen.rebooking.iter().any(|event| event.booking_id.as_str() == id);
    expected.rebooked().iter().all(|one| is_there(&one.booking_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_that_is_not_there_is_said_with_those_that_are() {
        for number in [0, 7, 8] {
            let error = Script::of(number).err().unwrap().to_string();
            assert!(error.starts_with(&format!("there is no scenario {number}")), "{error}");
            assert!(error.contains("5 (a rapid sequence)"), "{error}");
        }
        for number in 1..=6 {
            assert_eq!(Script::of(number).unwrap().number(), number);
        }
    }

    #[test]
    fn a_sequence_is_sent_in_another_order_than_it_happened_and_one_event_twice() {
        let plan = Script::of(5).unwrap().plan("2026-11-21T10:00:00Z".parse().unwrap()).unwrap();
        assert_eq!((plan.events.len(), plan.writes.len()), (12, 13));
        let ids: std::collections::BTreeSet<_> =
            plan.events.iter().map(|one| one.event.event_id.to_string()).collect();
        assert_eq!(ids.len(), 12);
        assert!(ids.iter().all(|id| id.starts_with(&plan.correlation_id)));
        let times = plan.writes.iter().map(|at| plan.events[*at].event.value["timestamp"].clone());
        let times: Vec<_> = times.map(|time| time.as_str().unwrap().to_owned()).collect();
        assert!(!times.is_sorted());
        let sources: std::collections::BTreeSet<_> =
            plan.events.iter().map(|one| one.event.value["source"].to_string()).collect();
        assert_eq!(sources.len(), 2);
    }
}
