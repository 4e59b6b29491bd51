//! A history in memory: for unit tests of what reads one.

use crate::{BookingHistory, Found, HistoryError, OpensHistory};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
struct State {
    rows: Vec<(Timestamp, Value)>,
    max_events: usize,
    failing: Option<HistoryError>,
    asked: Vec<(Timestamp, Timestamp)>,
    opened: usize,
    slow_from: Option<SignedDuration>,
}

/// A history in memory. Its clones share it.
#[derive(Clone, Default)]
pub struct MemoryHistory {
    state: Arc<Mutex<State>>,
}

impl MemoryHistory {
    /// An empty one that answers so many events at once.
    #[must_use]
    pub fn new(max_events: usize) -> Self {
        let history = Self::default();
        history.with(|state| state.max_events = max_events);
        history
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds an event that happened at a time.
    pub fn add(&self, at: Timestamp, event: Value) {
        self.with(|state| state.rows.push((at, event)));
    }

    /// Makes it fail, or work again.
    pub fn fail_with(&self, error: Option<HistoryError>) {
        self.with(|state| state.failing = error);
    }

    /// Makes it too slow for spans of that length and longer.
    pub fn slow_from(&self, length: SignedDuration) {
        self.with(|state| state.slow_from = Some(length));
    }

    /// How often it was opened.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.with(|state| state.opened)
    }

    /// The spans that it was asked for, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<(Timestamp, Timestamp)> {
        self.with(|state| state.asked.clone())
    }
}

impl BookingHistory for MemoryHistory {
    async fn events(&self, from: Timestamp, until: Timestamp) -> Result<Found, HistoryError> {
        self.with(|state| {
            state.asked.push((from, until));
            if let Some(error) = &state.failing {
                return Err(error.clone());
            }
            if state.slow_from.is_some_and(|length| until.duration_since(from) >= length) {
                return Ok(Found::TooSlow);
            }
            let inside = state.rows.iter().filter(|(at, _)| (from..until).contains(at));
            let mut found: Vec<_> = inside.cloned().collect();
            if found.len() > state.max_events {
                return Ok(Found::TooMany);
            }
            found.sort_by_key(|(at, _)| *at);
            Ok(Found::Events(found.into_iter().map(|(_, event)| event).collect()))
        })
    }
}

impl OpensHistory for MemoryHistory {
    type History = Self;

    async fn open(&self, _: &str) -> Result<Self, HistoryError> {
        self.with(|state| state.opened += 1);
        Ok(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{self, Keeps};

    impl Keeps for MemoryHistory {
        async fn keep(&self, at: Timestamp, event: &Value) {
            self.add(at, event.clone());
        }
    }

    #[tokio::test]
    async fn memory_conforms() {
        conformance::all(&MemoryHistory::new(conformance::MAX_EVENTS)).await;
    }
}
