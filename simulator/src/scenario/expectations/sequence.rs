//! What a sequence of events must bring about: committed, as for a single event. Where concurrency
//! lets more than one thing happen, the file lists the ways in which it may go.

use super::{Expectations, Expected, NotTold, Rebooked, Rule, Texts};
use crate::scenario::observation::Bookings;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::passenger::Tier;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const FILE: &str = include_str!("../../../../sample-data/expectations/scenario-5.json");

/// The expectations of a sequence of events.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sequence {
    pub(crate) scenario: u32,
    pub(crate) title: String,
    /// How long it may take, unless the command line says otherwise.
    pub(crate) patience_seconds: u64,
    /// The records, in the order in which they are written, without waiting in between.
    events: Vec<Write>,
    /// How many messages of an event a reader gets, at least and at most, by what came of it.
    pub(crate) messages_by_outcome: BTreeMap<String, [usize; 2]>,
    pub(crate) flights: Vec<FlightExpected>,
    /// For all texts, beside each event's own.
    rules_for_all: Vec<Rule>,
    order_of_tiers: Vec<Tier>,
    /// Of one execution.
    pub(crate) max_state_transitions: usize,
    min_model_share: f64,
    /// One call a cohort of each telling.
    max_model_calls: u64,
}

/// One record.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Write {
    Event(Box<SentEvent>),
    Again(Again),
}

/// An event that is written once more, under the same id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    again: String,
}

/// An event.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentEvent {
    /// Its name in this file, and the end of its id: of two of one time the later name wins.
    pub(crate) name: String,
    /// How long before now it says that it happened.
    pub(crate) seconds_ago: i64,
    /// Who says so.
    pub(crate) source: String,
    /// `event_type` and the payload's fields.
    event: Map<String, Value>,
    workflow: String,
    route: String,
    #[serde(default)]
    sms_before_emails: bool,
    /// What every message about it says, the last one or not.
    texts: Texts,
}

/// What must become of one flight.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlightExpected {
    pub(crate) flight_id: String,
    before: Map<String, Value>,
    after: Map<String, Value>,
    #[serde(default)]
    departure_moves_by_minutes: Option<i64>,
    bookings_after: Bookings,
    #[serde(default)]
    pub(crate) may_be_rebooked: Option<MayBeRebooked>,
    pub(crate) facets: Vec<FacetExpected>,
    /// Messages to its readers, at least and at most.
    pub(crate) messages: [usize; 2],
    /// Each passenger and channel that hears of it.
    pub(crate) readers: Vec<Expected>,
    must_not_be_told: Vec<NotTold>,
}

/// Bookings that may be put up for rebooking on the way, each once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MayBeRebooked {
    /// By this event.
    pub(crate) by: String,
    pub(crate) priority: RebookingPriority,
    pub(crate) bookings: Vec<Rebooked>,
}

/// What may come of all events about one facet of a flight.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FacetExpected {
    pub(crate) facet: Facet,
    /// It goes in one of these.
    pub(crate) ways: Vec<Way>,
}

/// One way in which it may go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Way {
    /// The outcomes that each event may then have.
    pub(crate) outcomes: BTreeMap<String, Vec<String>>,
    /// The events of which one is the last that every reader was told of; none: nobody is told.
    pub(crate) last_told_by: Vec<String>,
}

impl FacetExpected {
    /// Whether an event is about it.
    pub(crate) fn has(&self, event: &str) -> bool {
        self.ways.iter().any(|way| way.outcomes.contains_key(event))
    }
}

impl SentEvent {
    fn text(&self, name: &str) -> &str {
        self.event.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its type.
    pub(crate) fn event_type(&self) -> &str {
        self.text("event_type")
    }

    /// Its flight.
    pub(crate) fn flight_id(&self) -> &str {
        self.text("flight_id")
    }

    /// Its payload.
    pub(crate) fn payload(&self) -> Value {
        let mut payload = self.event.clone();
        payload.remove("event_type");
        payload.into()
    }
}

impl Sequence {
    /// Scenario 5.
    pub(crate) fn read() -> anyhow::Result<Self> {
        Ok(serde_json::from_str(FILE)?)
    }

    /// The events, each once, in the order in which they are first written.
    pub(crate) fn events(&self) -> impl Iterator<Item = &SentEvent> {
        self.events.iter().filter_map(|write| match write {
            Write::Event(event) => Some(&**event),
            Write::Again(_) => None,
        })
    }

    /// The name of the event in each record, in the order of writing.
    pub(crate) fn writes(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|write| match write {
            Write::Event(event) => event.name.as_str(),
            Write::Again(Again { again }) => again.as_str(),
        })
    }

    /// How many records an event is in.
    pub(crate) fn copies(&self, event: &str) -> usize {
        self.writes().filter(|name| *name == event).count()
    }

    /// The flight that an event is about.
    pub(crate) fn flight_of(&self, event: &SentEvent) -> Option<&FlightExpected> {
        self.flights.iter().find(|flight| flight.flight_id == event.flight_id())
    }

    /// What holds of one event and its flight, in the words of a single event's expectations.
    pub(crate) fn of_event(&self, event: &SentEvent, flight: &FlightExpected) -> Expectations {
        let mut texts = event.texts.clone();
        texts.rules.extend(self.rules_for_all.iter().cloned());
        Expectations {
            scenario: self.scenario,
            title: event.name.clone(),
            feed: None,
            event: event.event.clone(),
            workflow: event.workflow.clone(),
            route: event.route.clone(),
            execution_status: "SUCCEEDED".to_owned(),
            max_state_transitions: self.max_state_transitions,
            flight_before: flight.before.clone(),
            flight_after: flight.after.clone(),
            departure_moves_by_minutes: flight.departure_moves_by_minutes,
            bookings_after: flight.bookings_after.clone(),
            rebooking: None,
            notifications: flight.readers.clone(),
            must_not_be_told: flight.must_not_be_told.clone(),
            texts,
            sms_before_emails: event.sms_before_emails,
            order_of_tiers: self.order_of_tiers.clone(),
            min_model_share: self.min_model_share,
            max_model_calls: self.max_model_calls,
        }
    }
}

#[cfg(test)]
mod tests;
