//! The details of `flight.*` events.

use flightpulse_domain::delay::{DelayCategory, Reason};
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{CorrelationId, EventId, FlightId};
use flightpulse_domain::inbound::{Change, OperationsEvent, RebookingPriority};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{SCHEMA_VERSION, names};

/// What every `flight.*` detail carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Head {
    /// The version of the detail.
    pub schema_version: u32,
    /// The id that the operations centre gave to the event.
    pub event_id: EventId,
    /// What ties together everything that the event set off.
    pub correlation_id: CorrelationId,
    /// When it happened, UTC.
    #[schemars(with = "String")]
    pub occurred_at: Timestamp,
    /// Who said so.
    pub reported_by: String,
    /// The flight.
    pub flight_id: FlightId,
    /// The flight as it was when the event was read; none when it is not in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flight: Option<FlightSummary>,
}

/// What the consumer adds of the flight, so that a rule or a reader need not look it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FlightSummary {
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// Departure as planned, UTC.
    #[schemars(with = "String")]
    pub scheduled_departure: Timestamp,
    /// Arrival as planned, UTC.
    #[schemars(with = "String")]
    pub scheduled_arrival: Timestamp,
}

impl From<&Flight> for FlightSummary {
    fn from(flight: &Flight) -> Self {
        Self {
            origin: flight.origin.clone(),
            destination: flight.destination.clone(),
            scheduled_departure: flight.scheduled_departure,
            scheduled_arrival: flight.scheduled_arrival,
        }
    }
}

/// What a `flight.*` detail says beside its head, by the event's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Body {
    /// `flight.delay.*`
    Delay {
        /// Minutes later than planned.
        delay_minutes: u32,
        /// The delay's category.
        category: DelayCategory,
        /// Why.
        reason: Reason,
        /// Why, in the sender's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason_detail: Option<String>,
        /// The departure that the sender computed, UTC.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        new_departure: Option<Timestamp>,
        /// The arrival that the sender computed, UTC.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        new_arrival: Option<Timestamp>,
    },
    /// `flight.cancelled`
    Cancelled {
        /// Why.
        reason: Reason,
        /// Why, in the sender's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason_detail: Option<String>,
        /// How urgently its passengers need another flight.
        rebooking_priority: RebookingPriority,
    },
    /// `flight.gate_change`
    Gate {
        /// The gate that it was to leave from.
        #[serde(skip_serializing_if = "Option::is_none")]
        old_gate: Option<String>,
        /// The gate that it leaves from.
        new_gate: String,
        /// Whether that is another terminal.
        terminal_change: bool,
    },
    /// `flight.reinstated`
    Reinstated {
        /// The departure, UTC.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        new_departure: Option<Timestamp>,
        /// The arrival, UTC.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        new_arrival: Option<Timestamp>,
    },
}

/// The detail of a `flight.*` event. `flight.unknown` has the body of what it would have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FlightEvent {
    /// What every detail carries.
    #[serde(flatten)]
    pub head: Head,
    /// The kind of event that the operations centre sent.
    pub event_type: &'static str,
    /// What it says.
    #[serde(flatten)]
    pub body: Body,
    /// Whether an operator takes back a wrong broadcast with it: passengers are then told whatever
    /// they believe.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retracts: bool,
    /// What has come of it already, where nobody need be told: no rule starts a workflow for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<QuietOutcome>,
}

/// The detail of a `flight.resend.*` event: an operator asks to tell passengers again what is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ResendEvent {
    /// What every detail carries.
    #[serde(flatten)]
    pub head: Head,
    /// Of what.
    pub facet: Facet,
}

impl FlightEvent {
    /// The event that tells the bus of what the operations centre said.
    #[must_use]
    pub fn new(
        event: OperationsEvent,
        correlation_id: CorrelationId,
        flight: Option<&Flight>,
    ) -> Self {
        let event_type = event.event_type();
        let body = match event.change {
            Change::Delay { delay_minutes, reason, reason_detail, new_departure, new_arrival } => {
                Body::Delay {
                    delay_minutes,
                    category: DelayCategory::of(delay_minutes),
                    reason,
                    reason_detail,
                    new_departure,
                    new_arrival,
                }
            }
            Change::Cancelled { reason, reason_detail, rebooking_priority } => {
                Body::Cancelled { reason, reason_detail, rebooking_priority }
            }
            Change::Gate { old_gate, new_gate, terminal_change } => {
                Body::Gate { old_gate, new_gate, terminal_change }
            }
            Change::Reinstated { new_departure, new_arrival } => {
                Body::Reinstated { new_departure, new_arrival }
            }
        };
        let head = Head {
            schema_version: SCHEMA_VERSION,
            event_id: event.event_id,
            correlation_id,
            occurred_at: event.occurred_at,
            reported_by: event.source,
            flight_id: event.flight_id,
            flight: flight.map(FlightSummary::from),
        };
        Self { head, event_type, body, retracts: false, outcome: None }
    }

    /// The name under which it is published.
    #[must_use]
    pub fn detail_type(&self) -> &'static str {
        if self.head.flight.is_none() {
            return names::FLIGHT_UNKNOWN;
        }
        match &self.body {
            Body::Delay { category, .. } => names::flight_delay(*category),
            Body::Cancelled { .. } => names::FLIGHT_CANCELLED,
            Body::Gate { .. } => names::FLIGHT_GATE_CHANGE,
            Body::Reinstated { .. } => names::FLIGHT_REINSTATED,
        }
    }
}
