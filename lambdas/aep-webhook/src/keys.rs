//! Adobe's keys, as far as they are known.

use flightpulse_authenticity::adobe_io::PublicKey;
use flightpulse_key_host::{KeyError, KeyHost, KeyPath};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long a key is used before it is fetched again, as Adobe asks: a key that it has withdrawn is
/// known to be by then.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(24);
/// The most keys that are kept. Adobe signs with two at a time.
const MAX_KEYS: usize = 16;
/// The most keys that are fetched in a minute: whoever forges requests names paths at will.
const MAX_FETCHES: usize = 10;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// There is none at this path.
    NotThere,
    /// Whether there is one is not known just now: why, in words.
    Unavailable(String),
}

struct Known {
    key: Arc<PublicKey>,
    fetched_at: Timestamp,
}

#[derive(Default)]
struct State {
    keys: BTreeMap<KeyPath, Known>,
    fetches: VecDeque<Timestamp>,
}

/// Keys that are fetched when they are first needed, and then kept.
pub(crate) struct KnownKeys<H> {
    host: H,
    state: Mutex<State>,
}

impl<H: KeyHost> KnownKeys<H> {
    /// Keeps the keys of this host. Nothing is fetched yet.
    pub(crate) fn new(host: H) -> Self {
        Self { host, state: Mutex::default() }
    }

    /// The key at a path. While the host is away, an older one serves.
    ///
    /// # Errors
    /// [`NoKey`]
    pub(crate) async fn key(
        &self,
        path: &KeyPath,
        now: Timestamp,
    ) -> Result<Arc<PublicKey>, NoKey> {
        // Held while a key is fetched, so that requests at once fetch it once.
        let mut state = self.state.lock().await;
        let known = state.keys.get(path);
        let older = known.map(|known| Arc::clone(&known.key));
        if let Some(known) = known.filter(|known| now.duration_since(known.fetched_at) <= MAX_AGE) {
            return Ok(Arc::clone(&known.key));
        }
        if !state.may_fetch(now) {
            let why = format!("{MAX_FETCHES} keys were asked for in the last minute");
            return older.ok_or(NoKey::Unavailable(why));
        }
        match self.host.fetch(path).await {
            Ok(pem) => match PublicKey::from_pem(&pem) {
                Ok(key) => Ok(state.keep(path, key, now)),
                Err(error) => {
                    tracing::warn!(path = path.as_str(), %error, "there is no key at the path");
                    older.ok_or(NoKey::NotThere)
                }
            },
            Err(error @ KeyError::NotThere(_)) => {
                tracing::warn!(path = path.as_str(), %error, "there is no key at the path");
                state.keys.remove(path);
                Err(NoKey::NotThere)
            }
            Err(error) => {
                tracing::warn!(path = path.as_str(), %error, "a key could not be fetched");
                older.ok_or_else(|| NoKey::Unavailable(error.to_string()))
            }
        }
    }
}

impl State {
    fn may_fetch(&mut self, now: Timestamp) -> bool {
        while self.fetches.front().is_some_and(|then| now.duration_since(*then) >= MINUTE) {
            self.fetches.pop_front();
        }
        let may = self.fetches.len() < MAX_FETCHES;
        if may {
            self.fetches.push_back(now);
        }
        may
    }

    fn keep(&mut self, path: &KeyPath, key: PublicKey, now: Timestamp) -> Arc<PublicKey> {
        if !self.keys.contains_key(path) && self.keys.len() >= MAX_KEYS {
            let oldest = self.keys.iter().min_by_key(|(_, known)| known.fetched_at);
            if let Some(path) = oldest.map(|(path, _)| path.clone()) {
                self.keys.remove(&path);
            }
        }
        let key = Arc::new(key);
        self.keys.insert(path.clone(), Known { key: Arc::clone(&key), fetched_at: now });
        key
    }
}

#[cfg(test)]
mod tests;
