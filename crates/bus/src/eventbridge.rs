//! The bus over EventBridge.

use crate::{Event, EventPublisher, PublishError, check};
use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use futures::{StreamExt, stream};
use std::time::Duration;

/// EventBridge's limit of entries in one PutEvents.
pub const ENTRIES_PER_CALL: usize = 10;
/// EventBridge's limit of bytes in one PutEvents is 256 KB in the regions that have not been
/// raised; a call stays within it whatever its entries.
const BYTES_PER_CALL: usize = 250 * 1_024;
/// How often failed entries are sent again.
const RETRIES: u32 = 3;
/// Calls under way at once.
const CONCURRENT_CALLS: usize = 8;

/// The bus of one name.
#[derive(Debug, Clone)]
pub struct EventBridge {
    client: Client,
    bus: String,
}

impl EventBridge {
    /// The bus of this name.
    #[must_use]
    pub fn new(client: Client, bus: impl Into<String>) -> Self {
        Self { client, bus: bus.into() }
    }

    // A call that succeeds says nothing of its entries: each has its own error code. Only the
    // entries that failed are sent again, since a repeat of the others would be a second event.
    async fn put(
        &self,
        events: &[Event],
        batch: Vec<usize>,
    ) -> Vec<(usize, Result<(), PublishError>)> {
        let mut answers = Vec::with_capacity(batch.len());
        let mut left = batch;
        for attempt in 0..=RETRIES {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
            }
            let entries = left.iter().map(|index| self.entry(&events[*index])).collect();
            match self.client.put_events().set_entries(Some(entries)).send().await {
                Ok(output) => {
                    let results = output.entries();
                    let mut failed = Vec::new();
                    for (at, index) in left.into_iter().enumerate() {
                        // An entry without an answer is one that we do not know to be published.
                        let code = match results.get(at) {
                            Some(result) => result.error_code(),
                            None => Some("NoAnswer"),
                        };
                        match code {
                            None => answers.push((index, Ok(()))),
                            Some(code) => failed.push((index, code.to_owned())),
                        }
                    }
                    if failed.is_empty() {
                        return answers;
                    }
                    if attempt == RETRIES {
                        let unavailable = |code| Err(PublishError::Unavailable(code));
                        answers.extend(
                            failed.into_iter().map(|(index, code)| (index, unavailable(code))),
                        );
                        return answers;
                    }
                    left = failed.into_iter().map(|(index, _)| index).collect();
                }
                Err(error) => {
                    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
                    // Denied access is a defect of the deployment, not of the events: they wait.
                    let refused = code == Some("ValidationException");
                    if refused || attempt == RETRIES {
                        let text = DisplayErrorContext(&error).to_string();
                        let error = if refused {
                            PublishError::Refused(text)
                        } else {
                            PublishError::Unavailable(text)
                        };
                        answers.extend(left.into_iter().map(|index| (index, Err(error.clone()))));
                        return answers;
                    }
                }
            }
        }
        answers
    }

    fn entry(&self, event: &Event) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus)
            .source(event.source)
            .detail_type(event.detail_type)
            .detail(&event.detail)
            .build()
    }
}

impl EventPublisher for EventBridge {
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), PublishError>> {
        let mut answers: Vec<_> = events.iter().map(check).collect();
        let fit = events.iter().enumerate().filter(|(index, _)| answers[*index].is_ok());
        // Each call becomes a future when its turn comes: it takes kilobytes, and a batch may be a thousand calls.
        let calls = batches(fit).into_iter().map(|batch| self.put(events, batch));
        let mut done = stream::iter(calls).buffer_unordered(CONCURRENT_CALLS);
        while let Some(answered) = done.next().await {
            for (index, answer) in answered {
                answers[index] = answer;
            }
        }
        answers
    }
}

/// What goes in one call each, as places in the list.
fn batches<'a>(events: impl Iterator<Item = (usize, &'a Event)>) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<_>> = Vec::new();
    let mut bytes = 0;
    for (index, event) in events {
        let fits = |batch: &&mut Vec<_>| {
            batch.len() < ENTRIES_PER_CALL && bytes + event.size() <= BYTES_PER_CALL
        };
        match batches.last_mut().filter(fits) {
            Some(batch) => {
                batch.push(index);
                bytes += event.size();
            }
            None => {
                batches.push(vec![index]);
                bytes = event.size();
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_EVENT_BYTES;

    fn event(bytes: usize) -> Event {
        Event { source: "s", detail_type: "t", detail: "x".repeat(bytes) }
    }

    #[test]
    fn a_call_has_at_most_ten_entries() {
        let events = vec![event(10); 25];
        let sizes: Vec<_> = batches(events.iter().enumerate()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [10, 10, 5]);
    }

    #[test]
    fn a_call_stays_within_its_bytes() {
        let events = vec![event(100 * 1_024); 5];
        let sizes: Vec<_> = batches(events.iter().enumerate()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 2, 1]);
    }

    #[test]
    fn an_event_that_is_too_large_is_refused_before_it_is_sent() {
        assert!(matches!(check(&event(MAX_EVENT_BYTES)), Err(PublishError::Refused(_))));
        assert!(check(&event(1_000)).is_ok());
    }
}
