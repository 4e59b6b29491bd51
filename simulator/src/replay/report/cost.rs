//! What a replay would have cost on AWS, at list prices.
//!
//! Prices of us-east-1 as published in November 2026, without free tiers. Workflows and model calls are
//! counted from outside, on this stack since the replay began; what is estimated says so.

use crate::replay::outcome::{Model, Workflows};
use crate::scenario::Line;
use serde::Serialize;

/// One kind of use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::replay) struct Position {
    pub(in crate::replay) what: &'static str,
    /// How the count came about.
    pub(in crate::replay) counted: &'static str,
    pub(in crate::replay) count: u64,
    /// Dollars for a million.
    pub(in crate::replay) per_million: f64,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(in crate::replay) struct Cost {
    pub(in crate::replay) positions: Vec<Position>,
    /// Dollars.
    pub(in crate::replay) total: f64,
    /// Dollars for one passenger who was told.
    pub(in crate::replay) per_passenger: f64,
    pub(in crate::replay) not_in_it: &'static str,
}

/// Tokens of one call of the model, into it and out of it: the mean of the 1,361 calls of the storm of
/// 2013-02-08, as the local cloud's model estimates them (four characters each).
const TOKENS_IN: u64 = 514;
const TOKENS_OUT: u64 = 103;
/// Write units of an event: its claim, taken and done; its flight, changed and told of, each with
/// its place in the index of statuses. Of a notification: the claim, sent, and two indexes. Of a
/// booking that needs another flight: itself and its place in the list of those.
const UNITS_OF_AN_EVENT: u64 = 8;
const UNITS_OF_A_NOTIFICATION: u64 = 4;
const UNITS_OF_A_BOOKING: u64 = 2;
/// Bytes of a notification's line beside its texts.
const BYTES_AROUND_A_TEXT: usize = 900;

const NOT_IN_IT: &str = "Not in it: Lambda's duration (that of another machine would mislead) and requests outside the \
    workflows, reads of the table ($0.125 a million), its stream, seeding, storage, the functions' own logs, traces, \
    what runs by the hour (Kafka, its pollers), sending by SES and a carrier.";

/// What was counted of a replay.
pub(in crate::replay) struct Counts {
    pub(in crate::replay) events: u64,
    pub(in crate::replay) notifications: u64,
    /// Passengers told.
    pub(in crate::replay) passengers: u64,
    /// Flights with another status.
    pub(in crate::replay) changed_flights: u64,
    /// Bookings that need another flight.
    pub(in crate::replay) rebooked: u64,
}

/// The cost of what was counted.
pub(in crate::replay) fn of(
    counts: &Counts,
    model: &Model,
    workflows: &Workflows,
    lines: &[Line],
) -> Cost {
    let Counts { events, notifications, passengers, changed_flights, rebooked } = *counts;
    let executions = workflows.executions as f64;
    let calls = model.texts + model.fallbacks;
    let bytes: usize = lines
        .iter()
        .map(|line| {
            let subject = line.notification.subject.as_deref().unwrap_or_default().len();
            line.notification.text.len() + subject + BYTES_AROUND_A_TEXT
        })
        .sum();
    let transitions = (workflows.transitions * executions).round() as u64;
    let invocations = (workflows.invocations * executions).round() as u64;
    let position =
        |what, counted, count, per_million| Position { what, counted, count, per_million };
    let positions = vec![
        position(
            "Step Functions: state transitions",
            "mean of a sample of executions",
            transitions,
            25.0,
        ),
        position(
            "Lambda: requests of the workflows",
            "mean of a sample of executions",
            invocations,
            0.20,
        ),
        position(
            "EventBridge: events",
            "events, notifications, bookings to rebook, changes of status",
            // A booking to rebook is an event, and its change of status another.
            events + notifications + changed_flights + 2 * rebooked,
            1.0,
        ),
        position(
            "DynamoDB: write units",
            "estimated: 8 an event, 4 a notification, 2 a booking to rebook",
            UNITS_OF_AN_EVENT * events
                + UNITS_OF_A_NOTIFICATION * notifications
                + UNITS_OF_A_BOOKING * rebooked,
            0.625,
        ),
        position("Bedrock: tokens in", "calls, at 514 each (estimated)", TOKENS_IN * calls, 1.0),
        position("Bedrock: tokens out", "calls, at 103 each (estimated)", TOKENS_OUT * calls, 5.0),
        position(
            "CloudWatch Logs: kilobytes of notifications",
            "their texts and some 900 bytes each",
            (bytes / 1_000) as u64,
            0.5,
        ),
    ];
    let total: f64 = positions.iter().map(Position::dollars).sum();
    let per_passenger = if passengers == 0 { 0.0 } else { total / passengers as f64 };
    Cost { positions, total, per_passenger, not_in_it: NOT_IN_IT }
}

impl Position {
    /// Dollars.
    pub(in crate::replay) fn dollars(&self) -> f64 {
        self.count as f64 * self.per_million / 1e6
    }
}
