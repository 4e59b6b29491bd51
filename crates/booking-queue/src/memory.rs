//! The queue in memory: for unit tests of what sends to it. It groups messages into calls as the one
//! over SQS does.

use crate::calls::{Call, NotTaken, deliver};
use crate::{BookingQueue, NotSent};
use flightpulse_contracts::booking_events::BookingMessage;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
struct State {
    sent: Vec<BookingMessage>,
    calls: usize,
    failing: bool,
    refusing: usize,
}

/// The queue in memory. Its clones share it.
#[derive(Clone, Default)]
pub struct MemoryBookingQueue {
    state: Arc<Mutex<State>>,
}

impl MemoryBookingQueue {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes calls fail, or work again.
    pub fn fail(&self, failing: bool) {
        self.with(|state| state.failing = failing);
    }

    /// Makes calls not take so many messages, in all.
    pub fn refuse(&self, messages: usize) {
        self.with(|state| state.refusing = messages);
    }

    /// What is in the queue, in the order in which it was taken.
    #[must_use]
    pub fn sent(&self) -> Vec<BookingMessage> {
        self.with(|state| state.sent.clone())
    }

    /// How many calls were made.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.with(|state| state.calls)
    }
}

impl Call for MemoryBookingQueue {
    async fn call(&self, bodies: &[String]) -> Result<Vec<NotTaken>, NotSent> {
        self.with(|state| {
            state.calls += 1;
            if state.failing {
                return Err(NotSent("made to fail".to_owned()));
            }
            let mut not_taken = Vec::new();
            for (index, body) in bodies.iter().enumerate() {
                match serde_json::from_str(body) {
                    Ok(_) if state.refusing > 0 => {
                        state.refusing -= 1;
                        not_taken.push(NotTaken { index, why: "made to be refused".to_owned() });
                    }
                    Ok(message) => state.sent.push(message),
                    Err(error) => not_taken.push(NotTaken { index, why: error.to_string() }),
                }
            }
            Ok(not_taken)
        })
    }
}

impl BookingQueue for MemoryBookingQueue {
    async fn send(&self, messages: &[BookingMessage]) -> Result<(), NotSent> {
        deliver(self, messages).await
    }
}
