//! What the workflows hand to their tasks, and what the tasks answer. Ids and facts only.

pub mod reconciliation;

use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::delay::Reason;
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::message::CohortTexts;
use flightpulse_domain::notice::Notice;
use flightpulse_domain::passenger::Tier;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the flight updater is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum FlightUpdate {
    /// Apply an event to its flight and say whether passengers are to be told.
    Apply {
        /// The event's name on the bus.
        detail_type: String,
        /// The event's id: the detail's, else the envelope's.
        event_id: EventId,
        /// When it happened, UTC: the detail's, else the envelope's time.
        occurred_at: Timestamp,
        /// The event's detail, as it came.
        detail: Value,
    },
    /// The telling of this notice is over.
    RecordTold {
        /// The notice.
        notice: Notice,
        /// Whether it was broken off because something newer had overtaken it: then not all have
        /// been told.
        #[serde(default)]
        overtaken: bool,
    },
    /// The workflow of this event has failed: who was told of it is not known.
    AbandonTelling {
        /// The flight.
        flight_id: FlightId,
        /// The event. Names what was told where there is no notice, since the workflow may have
        /// failed before it had one.
        event_id: EventId,
        /// When it happened, UTC.
        occurred_at: Timestamp,
        /// The notice, once there was one.
        #[serde(default)]
        notice: Option<Notice>,
    },
}

/// The detail of a `flight.*` event that starts a workflow, as far as it is needed. One put on the
/// bus by hand has no more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DisruptionDetail {
    /// The flight.
    pub flight_id: FlightId,
    /// Whether an operator takes back a wrong broadcast with it.
    #[serde(default)]
    pub retracts: bool,
}

/// What a `flight.delay.*` detail says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DelayDetail {
    /// Minutes later than planned.
    pub delay_minutes: u32,
    /// Why, when it is said.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// The departure that the sender computed, UTC.
    #[serde(default)]
    pub new_departure: Option<Timestamp>,
    /// The arrival that the sender computed, UTC.
    #[serde(default)]
    pub new_arrival: Option<Timestamp>,
}

/// What a `flight.cancelled` detail says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CancellationDetail {
    /// Why, when it is said.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// How urgently its passengers need another flight.
    #[serde(default)]
    pub rebooking_priority: RebookingPriority,
}

/// What a `flight.gate_change` detail says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GateDetail {
    /// The gate that it was to leave from.
    #[serde(default)]
    pub old_gate: Option<String>,
    /// The gate that it leaves from.
    pub new_gate: String,
    /// Whether that is another terminal.
    #[serde(default)]
    pub terminal_change: bool,
}

/// What a `flight.reinstated` detail says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReinstatementDetail {
    /// The departure, UTC.
    #[serde(default)]
    pub new_departure: Option<Timestamp>,
    /// The arrival, UTC.
    #[serde(default)]
    pub new_arrival: Option<Timestamp>,
}

/// What the flight updater answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlightUpdated {
    /// The flight is changed and its passengers are to be told.
    Tell {
        /// Of what.
        notice: Box<Notice>,
        /// Whether text messages go before all emails.
        urgent: bool,
    },
    /// Passengers would learn nothing that matters.
    NotMaterial,
    /// A newer event has already changed the flight.
    Superseded,
    /// It is noted whether passengers have been told.
    Noted,
}

/// What the recipient finder is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FindRecipients {
    /// The flight.
    pub flight_id: FlightId,
    /// Where to go on: the `next` of the page before; none or empty for the first.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// One passenger to be told, by ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The booking.
    pub booking_id: BookingId,
    /// The passenger.
    pub passenger_id: PassengerId,
}

/// Recipients of one tier: the order of sending is by tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RankedRecipient {
    /// The recipient.
    #[serde(flatten)]
    pub recipient: Recipient,
    /// The place of the tier in the order of sending, from 0.
    pub rank: usize,
}

/// What the recipient finder answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecipientsFound {
    /// The recipients of this page.
    pub recipients: Vec<RankedRecipient>,
    /// The cohorts among them that want a text.
    pub cohorts: Vec<Cohort>,
    /// Where to go on; empty after the last page.
    pub next: String,
}

impl RankedRecipient {
    /// A recipient with the rank of its tier.
    #[must_use]
    pub fn new(recipient: Recipient, tier: Tier) -> Self {
        let rank = Tier::ALL.iter().position(|other| *other == tier).unwrap_or(Tier::ALL.len());
        Self { recipient, rank }
    }
}

/// What the booking updater is asked: bookings follow their flight.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UpdateBookings {
    /// The cancellation or reinstatement.
    pub notice: Notice,
    /// Whose bookings.
    pub recipients: Vec<Recipient>,
    /// What ties together everything that the event set off.
    pub correlation_id: CorrelationId,
}

/// What the booking updater answers, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BookingsUpdated {
    /// Bookings that have the status that the flight brings.
    pub changed: usize,
    /// Bookings left as they are: given up, on another flight, or changed by a newer event.
    pub left: usize,
    /// `rebooking.needed` events published.
    pub published: usize,
}

/// What the messenger is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComposeTexts {
    /// What there is to tell.
    pub notice: Notice,
    /// Whom.
    pub cohort: Cohort,
}

/// Which channels a page is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pass {
    /// All.
    #[default]
    All,
    /// Text messages: the first pass of urgent news.
    Sms,
    /// Emails: the second pass of urgent news. Whom nothing reaches and whom a dead letter names
    /// has been counted in the first.
    Email,
}

/// What the dispatcher is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dispatch {
    /// What there is to tell.
    pub notice: Notice,
    /// The texts of every cohort.
    pub texts: Vec<CohortTexts>,
    /// Whom.
    pub recipients: Vec<Recipient>,
    /// By which channels.
    #[serde(default)]
    pub pass: Pass,
    /// The execution that asks; owns the claims of what is sent.
    pub execution_id: String,
    /// What ties together everything that the event set off.
    pub correlation_id: CorrelationId,
}

/// What the dispatcher answers, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dispatched {
    /// Notifications published now.
    pub sent: usize,
    /// Notifications that had been published before.
    pub sent_before: usize,
    /// Passengers whom no channel reaches.
    pub unreachable: usize,
    /// Bookings that have been cancelled meanwhile.
    pub cancelled: usize,
    /// Bookings that ended in the dead letters.
    pub dead_lettered: usize,
    /// Whether something newer has overtaken the notice, so that the page was not sent.
    pub overtaken: bool,
}
