//! The ports to what operators do: the switch that holds notifications, and the log of actions.

use crate::StoreError;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::ids::{EventId, FlightId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// Whether notifications are held, and who said so last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hold {
    /// Whether they are held.
    pub held: bool,
    /// Since when, UTC; none when nobody ever said.
    #[serde(default)]
    pub changed_at: Option<Timestamp>,
    /// The operator.
    #[serde(default)]
    pub changed_by: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How far an action came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// It is noted and not yet known to be done. An action that stays so was cut short.
    Requested,
    /// It is done, or on the bus.
    Done,
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The action's id: its time and a random part, so that ids are in the order of time.
    pub action_id: String,
    /// When, UTC.
    pub at: Timestamp,
    /// Who they say they are.
    pub operator: String,
    /// Who signed the request: the ARN of the caller.
    pub identity: String,
    /// What: `hold`, `release`, `resend`, `correct`.
    pub action: String,
    /// Why.
    pub reason: String,
    /// The flight that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flight_id: Option<FlightId>,
    /// The facets that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
    /// The events that it put on the bus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_ids: Vec<EventId>,
    /// How far it came.
    pub outcome: Outcome,
}

/// Actions, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionPage {
    /// The actions.
    pub actions: Vec<Action>,
    /// Where to go on; none after the last page.
    pub next: Option<String>,
}

/// Reads the switch.
pub trait SwitchReader: Send + Sync {
    /// Whether notifications are held.
    fn hold(&self) -> impl Future<Output = Result<Hold, StoreError>> + Send;
}

/// Turns the switch.
pub trait SwitchWriter: SwitchReader {
    /// Turns the switch and notes the action, both or neither.
    fn turn(
        &self,
        hold: &Hold,
        action: &Action,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Keeps what operators did.
pub trait ActionLog: Send + Sync {
    /// Notes an action; one noted before under the same id is replaced.
    fn note(&self, action: &Action) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Up to `limit` actions, newest first, from `cursor` on.
    fn actions(
        &self,
        cursor: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<ActionPage, StoreError>> + Send;
}
