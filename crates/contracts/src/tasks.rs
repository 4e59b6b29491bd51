//! What the workflows hand to their tasks, and what the tasks answer. Ids and facts only.

use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::delay::Reason;
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::message::CohortTexts;
use flightpulse_domain::notice::Notice;
use flightpulse_domain::passenger::Tier;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the flight updater is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum FlightUpdate {
    /// Apply a reported delay to its flight and say whether passengers are to be told.
    ApplyDelay {
        /// The event's id: the detail's, else the envelope's.
        event_id: EventId,
        /// When it happened, UTC: the detail's, else the envelope's time.
        occurred_at: Timestamp,
        /// The event's detail, as it came.
        detail: DelayDetail,
    },
    /// Passengers have been told of this notice.
    RecordTold {
        /// The notice.
        notice: Notice,
    },
    /// The workflow of this event has failed: who was told of it is not known. Named by the event,
    /// since the workflow may have failed before it had a notice.
    AbandonTelling {
        /// The flight.
        flight_id: FlightId,
        /// The event.
        event_id: EventId,
        /// When it happened, UTC.
        occurred_at: Timestamp,
    },
}

/// The least that a `flight.delay.*` detail has: one put on the bus by hand has no more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DelayDetail {
    /// The flight.
    pub flight_id: FlightId,
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

/// What the flight updater answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlightUpdated {
    /// The flight is changed and its passengers are to be told.
    Tell {
        /// Of what.
        notice: Notice,
    },
    /// The flight is changed; passengers would learn nothing that matters.
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

/// What the messenger is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ComposeTexts {
    /// What there is to tell.
    pub notice: Notice,
    /// Whom.
    pub cohort: Cohort,
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
    /// Whether a newer message has taken the place of this one.
    pub superseded: bool,
}
