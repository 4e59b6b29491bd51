//! From a batch of the table's stream to events, in order, and to an answer for each record.
//!
//! What nobody can read must neither block its shard nor be published around for ever. Lambda
//! cuts a batch at the sequence number that it is answered and delivers the rest again; a batch
//! whose invocation fails it delivers in halves, which uses up no retry; a record that fails alone,
//! once more often than retries are allowed, it hands to the on-failure destination:
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>. Therefore:
//!
//! - What stands before an unreadable record is published, and the batch is cut there.
//! - An unreadable record at the head of others fails the invocation, before anything is published,
//!   until the halves have isolated it. To answer its number would deliver all of them again, and
//!   in the end give all of them up.
//! - Alone it is answered as failed, and is given up with nobody beside it.

use flightpulse_bus::eventbridge::ENTRIES_PER_CALL;
use flightpulse_bus::{Event, EventPublisher};
use flightpulse_contracts::names::SOURCE_STREAM_HANDLER;
use flightpulse_contracts::status_events::{BookingStatusChanged, FlightStatusChanged};
use flightpulse_domain::status_change::StatusChange;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::dynamo::stream::{
    Change, SequenceNumber, StreamEvent, StreamRecord, Unreadable,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What the function works with.
pub struct StreamHandler<B> {
    /// Takes the events.
    pub bus: B,
}

/// The records of a batch up to the first that cannot be read.
#[derive(Default)]
struct Batch {
    /// What there is to publish, in the batch's order.
    events: Vec<Event>,
    /// The number of each event's record.
    numbers: Vec<SequenceNumber>,
    /// The first record that cannot be read.
    poison: Option<Poison>,
}

struct Poison {
    unreadable: Unreadable,
    /// Whether its number may be answered: it has one, and it stands behind others or alone.
    answerable: bool,
}

impl<B: EventPublisher> StreamHandler<B> {
    /// Handles one invocation. `now` is its time, UTC.
    ///
    /// # Errors
    /// [`Failure::InvalidInput`] for what is no event of a stream, and for a record that cannot be
    /// read and has others behind it or no number: the mapping then delivers the batch in halves.
    pub async fn handle(&self, event: StreamEvent, now: Timestamp) -> Result<Value, Failure> {
        let StreamEvent(Some(records)) = event else {
            let why = "the event is none of a stream: it has no `Records`";
            return Err(Failure::InvalidInput(why.to_owned()));
        };
        let count = records.len();
        let batch = read(records)?;
        if let Some(Poison { unreadable, answerable }) = &batch.poison {
            let number = unreadable.sequence_number.as_ref().map(SequenceNumber::as_str);
            tracing::error!(%unreadable, number, records = count, "unreadable record");
            if !answerable {
                report(now, 0, 0, 1);
                return Err(Failure::InvalidInput(unreadable.to_string()));
            }
        }
        let left = self.publish(&batch).await;
        let published = batch.events.len() - left.len();
        report(now, published, left.len(), usize::from(batch.poison.is_some()));
        // From the lowest number on everything comes again.
        let unread =
            batch.poison.as_ref().and_then(|poison| poison.unreadable.sequence_number.as_ref());
        Ok(answer(left.into_iter().chain(unread).min()))
    }

    // Ten a call, one call after the other: what follows a failure comes again anyway, so it is not
    // published now. Gives the numbers of what is not on the bus.
    async fn publish<'a>(&self, batch: &'a Batch) -> Vec<&'a SequenceNumber> {
        for (call, events) in batch.events.chunks(ENTRIES_PER_CALL).enumerate() {
            let answers = self.bus.publish(events).await;
            for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
                tracing::error!(%error, "a change of status is not published");
            }
            // What has no answer was not published, and nothing after this call was.
            let from_here_on = batch.numbers.iter().skip(call * ENTRIES_PER_CALL).enumerate();
            let left: Vec<_> = from_here_on
                .filter(|(at, _)| !matches!(answers.get(*at), Some(Ok(()))))
                .map(|(_, number)| number)
                .collect();
            let more = batch.events.len() - call * ENTRIES_PER_CALL - events.len();
            if left.len() > more {
                return left;
            }
        }
        Vec::new()
    }
}

fn read(records: Vec<Result<StreamRecord, Unreadable>>) -> Result<Batch, Failure> {
    let (mut batch, count) = (Batch::default(), records.len());
    for (at, record) in records.into_iter().enumerate() {
        match record {
            Ok(StreamRecord { sequence_number, change }) => {
                let event = to_bus(change)
                    .map_err(|error| Failure::Defect(format!("an event is no JSON: {error}")))?;
                if let Some(event) = event {
                    batch.events.push(event);
                    batch.numbers.push(sequence_number);
                }
            }
            Err(unreadable) => {
                let isolated = at > 0 || count == 1;
                let answerable = unreadable.sequence_number.is_some() && isolated;
                batch.poison = Some(Poison { unreadable, answerable });
                break;
            }
        }
    }
    Ok(batch)
}

fn to_bus(change: Change) -> Result<Option<Event>, serde_json::Error> {
    match change {
        Change::Flight(write) => StatusChange::of_flight(write.old.as_ref(), write.new.as_ref())
            .map(|change| {
                let detail = FlightStatusChanged::new(&change, write.event_id.clone(), write.at);
                Event::new(SOURCE_STREAM_HANDLER, FlightStatusChanged::DETAIL_TYPE, &detail)
            }),
        Change::Booking(write) => StatusChange::of_booking(write.old.as_ref(), write.new.as_ref())
            .map(|change| {
                let detail = BookingStatusChanged::new(&change, write.event_id.clone(), write.at);
                Event::new(SOURCE_STREAM_HANDLER, BookingStatusChanged::DETAIL_TYPE, &detail)
            }),
        Change::Other => None,
    }
    .transpose()
}

fn answer(lowest: Option<&SequenceNumber>) -> Value {
    let failures: Vec<_> =
        lowest.iter().map(|number| json!({"itemIdentifier": number.as_str()})).collect();
    json!({ "batchItemFailures": failures })
}

fn report(now: Timestamp, published: usize, failed: usize, unreadable: usize) {
    let counts = [
        (Metric::StatusChangesPublished, published),
        (Metric::RecordsFailed, failed),
        (Metric::StreamRecordsUnreadable, unreadable),
    ];
    metrics::emit("FlightPulse-StreamHandler", now.as_millisecond(), &counts);
}

#[cfg(test)]
mod tests;
