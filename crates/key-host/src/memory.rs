//! A host of keys in memory: for unit tests of what needs one.

use crate::{KeyError, KeyHost, KeyPath};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
struct State {
    keys: BTreeMap<String, Vec<u8>>,
    away: bool,
    asked: Vec<String>,
}

/// A host of keys in memory. Its clones share it.
#[derive(Clone, Default)]
pub struct MemoryKeyHost {
    state: Arc<Mutex<State>>,
}

impl MemoryKeyHost {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts something at a path, or takes away what is there.
    pub fn set(&self, path: &str, key: Option<&[u8]>) {
        self.with(|state| match key {
            Some(key) => state.keys.insert(path.to_owned(), key.to_vec()),
            None => state.keys.remove(path),
        });
    }

    /// Makes it unreachable, or reachable again.
    pub fn away(&self, away: bool) {
        self.with(|state| state.away = away);
    }

    /// Which paths it was asked for, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.with(|state| state.asked.clone())
    }
}

impl KeyHost for MemoryKeyHost {
    async fn fetch(&self, path: &KeyPath) -> Result<Vec<u8>, KeyError> {
        self.with(|state| {
            state.asked.push(path.as_str().to_owned());
            if state.away {
                return Err(KeyError::Unavailable("made to be away".to_owned()));
            }
            state.keys.get(path.as_str()).cloned().ok_or(KeyError::NotThere(404))
        })
    }
}
