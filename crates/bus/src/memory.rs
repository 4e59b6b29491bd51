//! The bus in memory: for unit tests of what publishes.

use crate::{Event, EventPublisher, PublishError, check};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
struct Bus {
    published: Vec<Event>,
    failing: Vec<String>,
}

/// The bus in memory. Its clones share what was published.
#[derive(Clone, Default)]
pub struct MemoryBus {
    bus: Arc<Mutex<Bus>>,
}

impl MemoryBus {
    /// Makes every event fail whose detail contains this text, until it is called with none.
    pub fn fail_containing(&self, texts: &[&str]) {
        let mut bus = self.bus.lock().unwrap_or_else(PoisonError::into_inner);
        bus.failing = texts.iter().map(|&text| text.to_owned()).collect();
    }

    /// What was published, in order.
    #[must_use]
    pub fn published(&self) -> Vec<Event> {
        self.bus.lock().unwrap_or_else(PoisonError::into_inner).published.clone()
    }
}

impl EventPublisher for MemoryBus {
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), PublishError>> {
        let mut bus = self.bus.lock().unwrap_or_else(PoisonError::into_inner);
        let mut answers = Vec::with_capacity(events.len());
        for event in events {
            let failing = bus.failing.iter().any(|text| event.detail.contains(text));
            answers.push(match check(event) {
                Ok(()) if failing => Err(PublishError::Unavailable("made to fail".into())),
                Ok(()) => {
                    bus.published.push(event.clone());
                    Ok(())
                }
                Err(error) => Err(error),
            });
        }
        answers
    }
}
