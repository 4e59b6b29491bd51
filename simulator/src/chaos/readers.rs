//! What passengers read, and what they believe in the end.

use super::history::{History, Reader};
use crate::scenario::Line;
use flightpulse_domain::facet::{Facet, FacetVersion};
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId, NotificationId};
use flightpulse_domain::inbound::Change;
use flightpulse_domain::notice::{Nature, Notice, Subject};
use flightpulse_domain::notification::notification_id;
use flightpulse_simulation::model::Said;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a reader believes of a flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Belief {
    pub(super) cancelled: bool,
    pub(super) departure: Timestamp,
    pub(super) gate: Option<String>,
}

/// What was read of a history.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// In the end, by flight and reader.
    pub(super) beliefs: BTreeMap<(FlightId, Reader), Belief>,
    /// Who was told of which event.
    pub(super) told: BTreeSet<(EventId, Reader)>,
    /// Messages, each once.
    pub(super) messages: usize,
    /// When the last of them was logged, in milliseconds of Unix time.
    pub(super) last_ms: i64,
    /// Lines that repeat a message under its id.
    pub(super) repeated: usize,
    /// The same told to a reader under more than one id, in words.
    pub(super) doubled: Vec<String>,
    /// Messages that say what nobody has said, or to whom nothing is to be said, in words.
    pub(super) unexpected: Vec<String>,
}

/// What a message is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Time,
    Gate,
    Cancellation,
    Reinstatement,
}

impl What {
    /// What a message of this kind is of, if an event that says this can be told so. A reinstatement of
    /// a flight that is not cancelled may bring another time, which is told as one.
    fn of(kind: &str, change: &Change) -> Option<Self> {
        match (kind, change) {
            ("DELAY", _) if says_time(change) => Some(Self::Time),
            ("GATE_CHANGE", Change::Gate { .. }) => Some(Self::Gate),
            ("CANCELLATION", Change::Cancelled { .. }) => Some(Self::Cancellation),
            ("REINSTATEMENT", Change::Reinstated { .. }) => Some(Self::Reinstatement),
            _ => None,
        }
    }

    fn facet(self) -> Facet {
        match self {
            Self::Time => Facet::Schedule,
            Self::Gate => Facet::Gate,
            Self::Cancellation | Self::Reinstatement => Facet::Status,
        }
    }
}

/// The versions of time and gate that a reinstatement states: it is another message with others.
type AsOf = (Option<FacetVersion>, Option<FacetVersion>);

/// What was read, from the lines of the logs in their order.
pub(super) fn read(history: &History, lines: &[Line]) -> Read {
    let readers = history.readers();
    let mut read = Read::default();
    let mut ids = BTreeSet::new();
    let mut once: HashMap<_, BTreeSet<&NotificationId>> = HashMap::new();
    let flights: HashMap<_, _> = history
        .flights
        .iter()
        .zip(&history.script.said)
        .map(|(flight, said)| (&flight.flight_id, (flight, said)))
        .collect();
    for (flight, readers) in &readers {
        let Some((planned, _)) = flights.get(flight) else { continue };
        let plan = || Belief {
            cancelled: false,
            departure: planned.departure(),
            gate: planned.gate.clone(),
        };
        read.beliefs.extend(readers.iter().map(|one| ((flight.clone(), one.clone()), plan())));
    }
    for Line { notification, at_ms, .. } in lines {
        let reader = (notification.passenger_id.clone(), notification.channel);
        let unexpected = || format!("{} to {reader:?}", notification.event_id);
        let of = flights.get(&notification.flight_id).and_then(|(planned, said)| {
            let event = said.iter().find(|one| *one.version.event_id() == notification.event_id)?;
            let what = What::of(&notification.kind, &event.change)?;
            let as_of = stated(planned, said, event, what, &notification.notification_id, &reader)?;
            Some((*planned, *said, event, what, as_of))
        });
        let belief = read.beliefs.get_mut(&(notification.flight_id.clone(), reader.clone()));
        let (Some((planned, said, event, what, as_of)), Some(belief)) = (of, belief) else {
            read.unexpected.push(unexpected());
            continue;
        };
        let told = (&notification.event_id, reader.clone(), what, as_of.clone());
        once.entry(told).or_default().insert(&notification.notification_id);
        if !ids.insert(&notification.notification_id) {
            // Whoever delivers it drops it.
            read.repeated += 1;
            continue;
        }
        read.last_ms = read.last_ms.max(*at_ms);
        read.told.insert((notification.event_id.clone(), reader));
        believe(belief, planned, said, event, what, &as_of);
    }
    let twice = once.iter().filter(|(_, ids)| ids.len() > 1);
    read.doubled = twice.map(|((event, reader, ..), _)| format!("{event} to {reader:?}")).collect();
    read.messages = ids.len();
    read
}

/// What the message with this id states beside its own event; none where no message about that event
/// can have this id.
fn stated(
    planned: &Flight,
    said: &[Said],
    event: &Said,
    what: What,
    id: &NotificationId,
    (passenger, channel): &Reader,
) -> Option<AsOf> {
    let is = |subject: Subject| {
        let notice = Notice {
            flight_id: planned.flight_id.clone(),
            origin: planned.origin.clone(),
            destination: planned.destination.clone(),
            facet: what.facet(),
            version: event.version.clone(),
            nature: Nature::News,
            resend_id: None,
            subject,
        };
        notification_id(&notice, passenger, *channel) == *id
    };
    // Of what it states the id has a reinstatement's versions alone.
    let reinstatement = |as_of: Vec<FacetVersion>| Subject::Reinstatement {
        delay_minutes: 0,
        departure: planned.departure(),
        arrival: planned.arrival(),
        gate: None,
        as_of,
    };
    if what != What::Reinstatement {
        return is(reinstatement(Vec::new())).then_some((None, None));
    }
    let versions = |says: fn(&Change) -> bool| {
        let all = said.iter().filter(move |one| says(&one.change));
        std::iter::once(None).chain(all.map(|one| Some(one.version.clone())))
    };
    versions(says_time).find_map(|time| {
        versions(says_gate).find_map(|gate| {
            let as_of: Vec<_> = [&time, &gate].into_iter().flatten().cloned().collect();
            is(reinstatement(as_of)).then(|| (time.clone(), gate))
        })
    })
}

fn says_time(change: &Change) -> bool {
    matches!(change, Change::Delay { .. } | Change::Reinstated { new_departure: Some(_), .. })
}

fn says_gate(change: &Change) -> bool {
    matches!(change, Change::Gate { .. })
}

/// A reader reads a message.
fn believe(
    belief: &mut Belief,
    planned: &Flight,
    said: &[Said],
    event: &Said,
    what: What,
    as_of: &AsOf,
) {
    let of = |version: &Option<FacetVersion>| {
        said.iter().find(|one| Some(&one.version) == version.as_ref())
    };
    match what {
        What::Cancellation => belief.cancelled = true,
        What::Time => belief.departure = departure(planned, &event.change),
        What::Gate => belief.gate = gate(&event.change),
        What::Reinstatement => {
            belief.cancelled = false;
            belief.departure =
                of(&as_of.0).map_or(planned.departure(), |one| departure(planned, &one.change));
            belief.gate = of(&as_of.1).map_or(planned.gate.clone(), |one| gate(&one.change));
        }
    }
}

fn departure(planned: &Flight, change: &Change) -> Timestamp {
    let scheduled = planned.scheduled_departure;
    match change {
        Change::Delay { delay_minutes, .. } => {
            let late = SignedDuration::from_mins(i64::from(*delay_minutes));
            scheduled.saturating_add(late).unwrap_or(scheduled)
        }
        Change::Reinstated { new_departure, .. } => new_departure.unwrap_or(scheduled),
        Change::Gate { .. } | Change::Cancelled { .. } => scheduled,
    }
}

fn gate(change: &Change) -> Option<String> {
    match change {
        Change::Gate { new_gate, .. } => Some(new_gate.clone()),
        _ => None,
    }
}
