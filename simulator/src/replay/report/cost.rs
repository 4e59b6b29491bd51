//! What a replay would have cost on AWS, at list prices.
//!
//! Prices are those of the project's one list, `bench/prices.json`. Workflows and model calls are
//! counted from outside, on this stack since the replay began; what is estimated says so.

mod prices;

use crate::replay::outcome::{Model, Workflows};
use crate::scenario::Line;
use prices::Prices;
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
/// Write units of an event at most: its claim, taken and done; its flight, changed and told of, each with
/// its place in the index of statuses. One that the consumer is done with takes half or three quarters of it. Of a notification: the claim, sent, and two indexes. Of a
/// booking that needs another flight: itself and its place in the list of those.
const UNITS_OF_AN_EVENT: u64 = 8;
const UNITS_OF_A_NOTIFICATION: u64 = 4;
const UNITS_OF_A_BOOKING: u64 = 2;
/// Bytes of a notification's line beside its texts.
const BYTES_AROUND_A_TEXT: usize = 900;

const NOT_IN_IT: &str = "Not in it: Lambda's duration (that of another machine would mislead) and requests outside the \
    workflows, reads of the table, its stream, seeding, storage, the functions' own logs, traces, \
    what runs by the hour (Kafka, its pollers), sending by SES and a carrier: docs/COST.md has most of these.";

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
///
/// # Errors
/// When the list of prices cannot be read or lacks one.
pub(in crate::replay) fn of(
    counts: &Counts,
    model: &Model,
    workflows: &Workflows,
    lines: &[Line],
) -> anyhow::Result<Cost> {
    let prices = Prices::read()?;
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
    let position = |what, counted, count, price| -> anyhow::Result<Position> {
        Ok(Position { what, counted, count, per_million: prices.per_million(price)? })
    };
    let positions = vec![
        position(
            "Step Functions: state transitions",
            "mean of a sample of executions",
            transitions,
            "states.transitions",
        )?,
        position(
            "Lambda: requests of the workflows",
            "mean of a sample of executions",
            invocations,
            "lambda.requests",
        )?,
        position(
            "EventBridge: events",
            "events, notifications, bookings to rebook, changes of status",
            // A booking to rebook is an event, and its change of status another.
            events + notifications + changed_flights + 2 * rebooked,
            "events.published",
        )?,
        position(
            "DynamoDB: write units",
            "estimated: 8 an event, 4 a notification, 2 a booking to rebook",
            UNITS_OF_AN_EVENT * events
                + UNITS_OF_A_NOTIFICATION * notifications
                + UNITS_OF_A_BOOKING * rebooked,
            "dynamodb.write_units",
        )?,
        position(
            "Bedrock: tokens in",
            "calls, at 514 each (estimated)",
            TOKENS_IN * calls,
            "bedrock.input_tokens",
        )?,
        position(
            "Bedrock: tokens out",
            "calls, at 103 each (estimated)",
            TOKENS_OUT * calls,
            "bedrock.output_tokens",
        )?,
        Position {
            what: "CloudWatch Logs: kilobytes of notifications",
            counted: "their texts and some 900 bytes each",
            count: (bytes / 1_000) as u64,
            per_million: prices.per_million("logs.bytes")? * 1e3,
        },
    ];
    let total: f64 = positions.iter().map(Position::dollars).sum();
    let per_passenger = if passengers == 0 { 0.0 } else { total / passengers as f64 };
    Ok(Cost { positions, total, per_passenger, not_in_it: NOT_IN_IT })
}

impl Position {
    /// Dollars.
    pub(in crate::replay) fn dollars(&self) -> f64 {
        self.count as f64 * self.per_million / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_has_a_price_and_makes_the_total() {
        let counts = Counts {
            events: 10,
            notifications: 20,
            passengers: 4,
            changed_flights: 1,
            rebooked: 2,
        };
        let model = Model { texts: 3, ..Model::default() };
        let workflows = Workflows {
            executions: 10,
            transitions: 6.0,
            invocations: 2.0,
            ..Workflows::default()
        };
        let cost = of(&counts, &model, &workflows, &[]).unwrap();
        assert!(cost.positions.iter().all(|position| position.per_million > 0.0), "{cost:?}");
        let transitions = &cost.positions[0];
        assert_eq!((transitions.count, transitions.per_million), (60, 25.0));
        let sum: f64 = cost.positions.iter().map(Position::dollars).sum();
        assert!((cost.total - sum).abs() < 1e-12 && cost.total > 0.0, "{cost:?}");
        assert!((cost.per_passenger - cost.total / 4.0).abs() < 1e-12, "{cost:?}");
    }
}
