//! From a batch of records to an answer for each.

use crate::quiet;
use crate::source::{Batch, read};
use flightpulse_bus::{Event, EventPublisher, PublishError};
use flightpulse_contracts::flight_events::FlightEvent;
use flightpulse_contracts::names::SOURCE_KAFKA_CONSUMER;
use flightpulse_dead_letters::DeadLetters;
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{CorrelationId, FlightId};
use flightpulse_domain::inbound::{Change, OperationsEvent};
use flightpulse_kafka_batch::{Invocation, Record, keep_dead_letters, partial_answer};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::{FlightReader, QuietWriter};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// What the function works with.
pub struct Consumer<S, B, D> {
    /// Reads the flights that events are about, and completes events of which nobody is told.
    pub flights: S,
    /// Takes the routed events.
    pub bus: B,
    /// Takes what cannot be processed.
    pub dead_letters: D,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// On the bus, with what has come of it already where nobody need be told.
    Published(Metric, Option<QuietOutcome>),
    /// In the dead letters, for this reason.
    DeadLettered(String),
    /// Neither: it must come again.
    Failed(String),
}

impl Fate {
    fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

impl<S: FlightReader + QuietWriter, B: EventPublisher, D: DeadLetters> Consumer<S, B, D> {
    /// Handles one invocation. `now` is its time.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for an event that has no records to answer for, and
    /// [`Failure::Unavailable`] when one handed over directly could not be published.
    pub async fn handle(&self, event: Invocation, now: Timestamp) -> Result<Value, Failure> {
        match read(event).map_err(|shape| Failure::InvalidInput(shape.to_string()))? {
            Batch::Kafka(records) => {
                let fates = self.process(&records, now).await;
                let failed = records.iter().zip(&fates).filter(|(_, fate)| fate.is_failed());
                Ok(partial_answer(failed.map(|(record, _)| record)))
            }
            Batch::Direct(record) => {
                let fates = self.process(std::slice::from_ref(&*record), now).await;
                direct_answer(fates.into_iter().next())
            }
        }
    }

    async fn process(&self, records: &[Record], now: Timestamp) -> Vec<Fate> {
        let mut fates: Vec<Option<Fate>> = vec![None; records.len()];
        let mut events = Vec::with_capacity(records.len());
        for (at, record) in records.iter().enumerate() {
            let event = record.value.as_ref().map_err(ToString::to_string).and_then(|value| {
                OperationsEvent::read(value.as_deref(), now).map_err(|error| error.to_string())
            });
            match event {
                Ok(event) => events.push((at, event)),
                Err(reason) => fates[at] = Some(Fate::DeadLettered(reason)),
            }
        }
        for (at, fate) in self.publish(records, events, now).await {
            fates[at] = Some(fate);
        }
        let unanswered = || Fate::Failed("no answer for the record".to_owned());
        let mut fates: Vec<_> =
            fates.into_iter().map(|fate| fate.unwrap_or_else(unanswered)).collect();
        self.keep_dead_letters(records, &mut fates, now).await;
        report(records, &fates, now);
        fates
    }

    async fn publish(
        &self,
        records: &[Record],
        events: Vec<(usize, OperationsEvent)>,
        now: Timestamp,
    ) -> Vec<(usize, Fate)> {
        if events.is_empty() {
            return Vec::new();
        }
        let ids: BTreeSet<FlightId> =
            events.iter().map(|(_, event)| event.flight_id.clone()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let flights = match self.flights.flights(&ids).await {
            Ok(flights) => flights,
            Err(error) => {
                // Even where trying again will not mend it: an event that comes again is not
                // lost, and the alarm on RecordsFailed calls someone.
                let fate = Fate::Failed(error.to_string());
                return events.into_iter().map(|(at, _)| (at, fate.clone())).collect();
            }
        };
        let outcomes = quiet::complete(&self.flights, &events, &flights, now).await;
        let mut answers = Vec::with_capacity(events.len());
        let (mut places, mut outgoing) = (Vec::new(), Vec::new());
        for (at, event) in events {
            let (metric, outcome) = (metric_of(&event.change), outcomes.get(&at).copied());
            match to_bus(event, &records[at], &flights, outcome) {
                Ok(event) => {
                    places.push((at, metric, outcome));
                    outgoing.push(event);
                }
                Err(error) => answers.push((at, Fate::DeadLettered(error.to_string()))),
            }
        }
        let published = self.bus.publish(&outgoing).await;
        answers.extend(places.into_iter().zip(published).map(|((at, metric, outcome), answer)| {
            let fate = match answer {
                Ok(()) => Fate::Published(metric, outcome),
                Err(PublishError::Unavailable(why)) => Fate::Failed(why),
                Err(error @ PublishError::Refused(_)) => Fate::DeadLettered(error.to_string()),
            };
            (at, fate)
        }));
        answers
    }

    // A record is done with only once its dead letter is kept.
    async fn keep_dead_letters(&self, records: &[Record], fates: &mut [Fate], now: Timestamp) {
        let reasons = fates.iter().map(|fate| match fate {
            Fate::DeadLettered(reason) => Some(reason.as_str()),
            _ => None,
        });
        for (at, why) in keep_dead_letters(&self.dead_letters, records, reasons, now).await {
            fates[at] = Fate::Failed(why);
        }
    }
}

fn to_bus(
    event: OperationsEvent,
    record: &Record,
    flights: &HashMap<FlightId, Flight>,
    outcome: Option<QuietOutcome>,
) -> Result<Event, Box<dyn std::error::Error>> {
    let correlation_id = match &record.correlation_id {
        Some(id) => id.clone(),
        None => CorrelationId::new(event.event_id.as_str())?,
    };
    let flight = flights.get(&event.flight_id);
    let event = FlightEvent { outcome, ..FlightEvent::new(event, correlation_id, flight) };
    Ok(Event::new(SOURCE_KAFKA_CONSUMER, event.detail_type(), &event)?)
}

fn metric_of(change: &Change) -> Metric {
    match change {
        Change::Delay { .. } => Metric::DelayEventsProcessed,
        Change::Cancelled { .. } => Metric::CancellationEventsProcessed,
        Change::Gate { .. } => Metric::GateChangeEventsProcessed,
        Change::Reinstated { .. } => Metric::ReinstatementEventsProcessed,
    }
}

fn direct_answer(fate: Option<Fate>) -> Result<Value, Failure> {
    let answer = |status: u16, body: Value| json!({"statusCode": status, "body": body.to_string()});
    match fate {
        Some(Fate::Published(..)) => Ok(answer(202, json!({"status": "published"}))),
        Some(Fate::DeadLettered(reason)) => {
            Ok(answer(400, json!({"status": "dead-lettered", "reason": reason})))
        }
        Some(Fate::Failed(why)) => Err(Failure::Unavailable(why)),
        None => Err(Failure::Defect("the event had no fate".to_owned())),
    }
}

fn report(records: &[Record], fates: &[Fate], now: Timestamp) {
    let mut counts: Vec<(Metric, usize)> = Vec::new();
    let mut count = |metric: Metric| match counts.iter_mut().find(|(known, _)| *known == metric) {
        Some((_, number)) => *number += 1,
        None => counts.push((metric, 1)),
    };
    for (record, fate) in records.iter().zip(fates) {
        match fate {
            Fate::Published(metric, outcome) => {
                count(*metric);
                if outcome.is_some() {
                    count(Metric::EventsDoneQuietly);
                }
            }
            Fate::DeadLettered(reason) => {
                count(Metric::RecordsDeadLettered);
                tracing::warn!(origin = ?record.origin, reason, "record dead-lettered");
            }
            Fate::Failed(why) => {
                count(Metric::RecordsFailed);
                tracing::error!(origin = ?record.origin, why, "record failed, to be delivered again");
            }
        }
    }
    metrics::emit("FlightPulse-KafkaConsumer", now.as_millisecond(), &counts);
}

#[cfg(test)]
mod tests;
