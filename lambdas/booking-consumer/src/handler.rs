//! From a batch of records to an answer for each.

use flightpulse_booking_queue::{BookingQueue, events, opened, split};
use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_contracts::rest::routes::MAX_EVENTS;
use flightpulse_dead_letters::DeadLetters;
use flightpulse_domain::reservation::Feed;
use flightpulse_kafka_batch::{Invocation, Record, keep_dead_letters, partial_answer};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use jiff::Timestamp;
use serde_json::Value;

/// Who sent the events, as the queue's messages have it: whoever may write to the topic. The brokers
/// know who that is; their mapping does not say.
const SOURCE: &str = "event-hubs";

/// What the function works with.
pub struct Consumer<Q, D> {
    /// Takes the events.
    pub queue: Q,
    /// Takes the records that have none.
    pub dead_letters: D,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// So many events of it are in the queue.
    Queued(usize),
    /// In the dead letters, for this reason.
    DeadLettered(String),
    /// Neither: it must come again.
    Failed(String),
}

impl<Q: BookingQueue, D: DeadLetters> Consumer<Q, D> {
    /// Handles one invocation. `now` is its time.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for an event that has no records to answer for.
    pub async fn handle(&self, event: Invocation, now: Timestamp) -> Result<Value, Failure> {
        let Invocation::Records(records) = event else {
            return Err(Failure::InvalidInput(
                "the event is no Kafka event: it has no `records` by topic and partition"
                    .to_owned(),
            ));
        };
        let (mut fates, events) = read(&records, now);
        if let Err(why) = self.send(events, now).await {
            // Which of them are in the queue is not known: all come again, and count once.
            for fate in fates.iter_mut().filter(|fate| matches!(fate, Fate::Queued(_))) {
                *fate = Fate::Failed(why.clone());
            }
        }
        self.keep_dead_letters(&records, &mut fates, now).await;
        report(&records, &fates, now);
        let failed = records.iter().zip(&fates);
        let failed = failed.filter(|(_, fate)| matches!(fate, Fate::Failed(_)));
        Ok(partial_answer(failed.map(|(record, _)| record)))
    }

    // The events of all records at once: as few messages, and as few calls, as can be.
    async fn send(&self, events: Vec<Value>, now: Timestamp) -> Result<(), String> {
        if events.is_empty() {
            return Ok(());
        }
        let messages = messages(events, now)?;
        self.queue.send(&messages).await.map_err(|error| error.to_string())
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

/// What is to become of each record, and the events of those that have any, in their order.
fn read(records: &[Record], now: Timestamp) -> (Vec<Fate>, Vec<Value>) {
    let mut all = Vec::new();
    let fates = records.iter().map(|record| match events_of(record, now) {
        Ok(events) => {
            let count = events.len();
            all.extend(events);
            Fate::Queued(count)
        }
        Err(reason) => Fate::DeadLettered(reason),
    });
    (fates.collect(), all)
}

/// The events of one record, if all of them can be queued; else why not. What they are is the
/// worker's to say.
fn events_of(record: &Record, now: Timestamp) -> Result<Vec<Value>, String> {
    let value = record.value.as_ref().map_err(ToString::to_string)?;
    let value = value.as_deref().ok_or("the record has no value")?;
    let events = events(value).map_err(|error| error.to_string())?;
    if events.len() > MAX_EVENTS {
        return Err(format!("it has {} events: a record has at most {MAX_EVENTS}", events.len()));
    }
    let events: Vec<_> = events.into_iter().map(opened).collect();
    // By itself first: one event that is too large must not keep its neighbours.
    messages(events.clone(), now)?;
    Ok(events)
}

fn messages(events: Vec<Value>, now: Timestamp) -> Result<Vec<BookingMessage>, String> {
    split(SOURCE, Feed::EventHubs, now, events).map_err(|error| error.to_string())
}

fn report(records: &[Record], fates: &[Fate], now: Timestamp) {
    let (mut received, mut dead_lettered, mut failed) = (0, 0, 0);
    for (record, fate) in records.iter().zip(fates) {
        match fate {
            Fate::Queued(events) => received += events,
            Fate::DeadLettered(reason) => {
                dead_lettered += 1;
                tracing::warn!(origin = ?record.origin, reason, "record dead-lettered");
            }
            Fate::Failed(why) => {
                failed += 1;
                tracing::error!(origin = ?record.origin, why, "record failed, to be delivered again");
            }
        }
    }
    let counts = [
        (Metric::AepEventsReceived, received),
        (Metric::RecordsDeadLettered, dead_lettered),
        (Metric::RecordsFailed, failed),
    ];
    metrics::emit("FlightPulse-BookingConsumer", now.as_millisecond(), &counts);
}

#[cfg(test)]
mod tests;
