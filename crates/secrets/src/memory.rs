//! A secret in memory: for unit tests of what needs one.

use crate::{SecretError, SecretReader};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
struct State {
    text: Option<String>,
    reads: usize,
}

/// A secret in memory. Its clones share it.
#[derive(Clone, Default)]
pub struct MemorySecret {
    state: Arc<Mutex<State>>,
}

impl MemorySecret {
    /// A secret of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let secret = Self::default();
        secret.set(Some(text));
        secret
    }

    /// Changes it; none makes reading fail.
    pub fn set(&self, text: Option<&str>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).text = text.map(str::to_owned);
    }

    /// How often it was read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).reads
    }
}

impl SecretReader for MemorySecret {
    async fn read(&self) -> Result<String, SecretError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.reads += 1;
        state.text.clone().ok_or_else(|| SecretError::Unavailable("there is none".to_owned()))
    }
}
