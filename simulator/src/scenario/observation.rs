//! What a scenario brought about, as it was seen from outside.

use crate::clients::ModelUse;
use crate::kafka::RecordAt;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::rebooking_events::RebookingEvent;
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
    /// What the model was used for meanwhile, where that is counted.
    pub(crate) model: Option<ModelUse>,
    #[serde(flatten)]
    pub(crate) seen: Seen,
}

/// What polling has seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// Executions of any workflow for this event.
    pub(crate) executions: Vec<Execution>,
    /// Lines of the notification logs for this event, in order of time.
    pub(crate) notifications: Vec<Line>,
    /// Messages of the rebooking queue for this event.
    pub(crate) rebooking: Vec<RebookingEvent>,
    /// Lines that name the event and are no notification.
    pub(crate) unreadable: Vec<String>,
    /// Dead letters about this event.
    pub(crate) dead_letters: Vec<String>,
}

/// One execution of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Execution {
    pub(crate) name: String,
    /// The name of its state machine.
    pub(crate) workflow: String,
    /// The name of the event that started it.
    pub(crate) route: String,
    pub(crate) status: String,
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
