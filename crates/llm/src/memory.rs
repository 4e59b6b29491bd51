//! A writer in memory: for unit tests of what asks it.

use crate::{TextWriter, WriteError, Writing};
use flightpulse_domain::message::prompt::Prompt;
use std::sync::{Arc, Mutex, PoisonError};

/// A writer that gives one answer, and remembers what it was asked.
#[derive(Clone)]
pub struct MemoryWriter {
    answer: Result<Writing, WriteError>,
    asked: Arc<Mutex<Vec<Prompt>>>,
}

impl MemoryWriter {
    /// A writer that always gives this answer.
    #[must_use]
    pub fn answering(answer: Result<Writing, WriteError>) -> Self {
        Self { answer, asked: Arc::default() }
    }

    /// What it was asked, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<Prompt> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TextWriter for MemoryWriter {
    async fn write(&self, prompt: &Prompt) -> Result<Writing, WriteError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(prompt.clone());
        self.answer.clone()
    }
}
