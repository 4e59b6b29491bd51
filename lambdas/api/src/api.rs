//! What the function works with.

use flightpulse_secrets::Kept;

/// What the function works with: a store to read, and the secret that cursors are signed with.
pub struct Api<S, K> {
    /// Reads the table.
    pub store: S,
    /// The key of cursors; read when the first cursor is needed.
    pub(crate) cursor_secret: Kept<K>,
}

impl<S, K: flightpulse_secrets::SecretReader> Api<S, K> {
    /// Works with this store and this secret.
    pub fn new(store: S, cursor_secret: K) -> Self {
        Self { store, cursor_secret: Kept::new(cursor_secret) }
    }
}
