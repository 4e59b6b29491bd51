//! Dead letters in memory: for unit tests of what keeps them.

use crate::{DeadLetter, DeadLetters, NotKept};
use std::sync::{Arc, Mutex, PoisonError};

/// Dead letters in memory. Its clones share them.
#[derive(Clone, Default)]
pub struct MemoryDeadLetters {
    kept: Arc<Mutex<Vec<DeadLetter>>>,
    failing: Arc<Mutex<bool>>,
}

impl MemoryDeadLetters {
    /// Makes keeping fail, or work again.
    pub fn fail(&self, failing: bool) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = failing;
    }

    /// What was kept, in order.
    #[must_use]
    pub fn kept(&self) -> Vec<DeadLetter> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl DeadLetters for MemoryDeadLetters {
    async fn keep(&self, letters: &[DeadLetter]) -> Vec<Result<(), NotKept>> {
        if *self.failing.lock().unwrap_or_else(PoisonError::into_inner) {
            return letters.iter().map(|_| Err(NotKept("made to fail".into()))).collect();
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(letters.iter().cloned());
        letters.iter().map(|_| Ok(())).collect()
    }
}
