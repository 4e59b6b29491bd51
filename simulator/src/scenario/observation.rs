//! What a scenario brought about, as it was seen from outside.

use crate::clients::ModelUse;
use crate::kafka::RecordAt;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::disruption::QuietOutcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Bookings with their status, by id.
pub(crate) type Bookings = BTreeMap<String, String>;

/// Everything that was seen of one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Observation {
    pub(crate) event_id: String,
    pub(crate) record: RecordAt,
    /// The API's answer before the record.
    pub(crate) flight_before: Value,
    /// The API's answer at the end.
    pub(crate) flight_after: Value,
    /// The flight's bookings in the table before the record.
    pub(crate) bookings_before: Bookings,
    /// The same at the end.
    pub(crate) bookings_after: Bookings,
    /// What operations reads of the flight at the end; null where no bookings were sent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) operations: Value,
    /// What the model was used for meanwhile, where that is counted.
    pub(crate) model: Option<ModelUse>,
    #[serde(flatten)]
    pub(crate) seen: Seen,
}

/// Everything that was seen of a scenario of one event or of several.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Whole {
    /// The events that were sent.
    pub(crate) events: Vec<Sent>,
    /// Their flights, by id.
    pub(crate) flights: BTreeMap<String, FlightSeen>,
    /// What the model was used for meanwhile, where that is counted.
    pub(crate) model: Option<ModelUse>,
    #[serde(flatten)]
    pub(crate) seen: Seen,
}

/// An event that was sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// Its name in the expectations; none where there is no other.
    pub(crate) name: Option<String>,
    pub(crate) event_id: String,
    pub(crate) flight_id: String,
    /// How long before now it said that it happened.
    pub(crate) seconds_ago: i64,
    /// Every record that it was in.
    pub(crate) records: Vec<RecordAt>,
}

/// A flight before and after.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct FlightSeen {
    /// The API's answer before the records.
    pub(crate) before: Value,
    /// The API's answer at the end.
    pub(crate) after: Value,
    /// The flight's bookings in the table before the records.
    pub(crate) bookings_before: Bookings,
    /// The same at the end.
    pub(crate) bookings_after: Bookings,
    /// What operations reads of it at the end; null where no bookings were sent.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) operations: Value,
}

impl Whole {
    /// What was seen of the only event.
    pub(crate) fn of_the_one(&self) -> Observation {
        let sent = self.events.first().cloned().unwrap_or_default();
        Observation { seen: self.seen.clone(), ..self.of(&sent) }
    }

    /// What was seen of one event and of its flight.
    pub(crate) fn of(&self, sent: &Sent) -> Observation {
        let flight = self.flights.get(&sent.flight_id).cloned().unwrap_or_default();
        let Seen { executions, quiet, notifications, rebooking, .. } = &self.seen;
        let is = |id: &str| id == sent.event_id;
        let seen = Seen {
            executions: executions.iter().filter(|one| is(&one.event_id)).cloned().collect(),
            quiet: quiet.iter().filter(|one| is(&one.event_id)).cloned().collect(),
            notifications: notifications
                .iter()
                .filter(|line| is(line.notification.event_id.as_str()))
                .cloned()
                .collect(),
            rebooking: rebooking.iter().filter(|one| is(one.event_id.as_str())).cloned().collect(),
            ..Seen::default()
        };
        Observation {
            event_id: sent.event_id.clone(),
            record: sent.records.first().cloned().unwrap_or_default(),
            flight_before: flight.before,
            flight_after: flight.after,
            bookings_before: flight.bookings_before,
            bookings_after: flight.bookings_after,
            operations: flight.operations,
            model: self.model,
            seen,
        }
    }
}

/// What polling has seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Executions of any workflow for our events.
    pub(crate) executions: Vec<Execution>,
    /// Those of our events that were done with where they were read: no workflow started for them.
    #[serde(default)]
    pub(crate) quiet: Vec<Quiet>,
    /// Lines of the notification logs for our events, in order of time.
    pub(crate) notifications: Vec<Line>,
    /// Messages of the rebooking queue for our events.
    pub(crate) rebooking: Vec<RebookingEvent>,
    /// Lines that name an event of ours and are no notification.
    pub(crate) unreadable: Vec<String>,
    /// Dead letters about our events.
    pub(crate) dead_letters: Vec<String>,
}

/// An event of which nobody was told, done with by the consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quiet {
    pub(crate) event_id: String,
    pub(crate) outcome: QuietOutcome,
}

/// One execution of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Execution {
    pub(crate) name: String,
    /// The event that started it.
    #[serde(default)]
    pub(crate) event_id: String,
    /// The name of its state machine.
    pub(crate) workflow: String,
    /// The name of the event that started it.
    pub(crate) route: String,
    pub(crate) status: String,
    /// What came of the event, in the workflow's word; none while it runs, and when it failed.
    #[serde(default)]
    pub(crate) outcome: Option<String>,
    /// The names of the states that it entered, in order.
    pub(crate) states: Vec<String>,
    /// Why it failed.
    pub(crate) error: Option<String>,
}

impl Execution {
    /// Whether it has come to its end.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.status.as_str(), "RUNNING" | "PENDING_REDRIVE")
    }
}

/// One line of a notification log: a whole event of the bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// When it was logged, in milliseconds of Unix time.
    pub(crate) at_ms: i64,
    pub(crate) log_group: String,
    pub(crate) detail_type: String,
    pub(crate) notification: NotificationEvent,
}
