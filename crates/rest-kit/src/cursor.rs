//! Cursors: where a list goes on, in a form that only we can make.
//!
//! A cursor is base64url of a version, an HMAC-SHA256 and a position. The HMAC covers the position
//! and the query that it belongs to, so a cursor that was changed, or is shown to another query,
//! is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flightpulse_contracts::rest::routes::parameters::MAX_CURSOR;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The form of cursors. Another form, or positions of another form, make another version.
const VERSION: u8 = 1;
const MAC_BYTES: usize = 32;
/// The shortest key, in bytes: that of the HMAC's output (RFC 2104, section 3).
pub const MIN_KEY_BYTES: usize = 32;

/// The query that a cursor belongs to: everything of it that decides which list it is. The `limit`
/// does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    parts: Vec<u8>,
}

impl Scope {
    /// The list of this operation.
    #[must_use]
    pub fn new(operation_id: &str) -> Self {
        Self { parts: Vec::new() }.and(operation_id)
    }

    /// The same, of this id or with this filter. The order of calls matters; a filter that is not
    /// given is an empty text.
    #[must_use]
    pub fn and(mut self, part: &str) -> Self {
        // With its length before it, so that no two lists of parts give the same bytes.
        self.parts.extend((part.len() as u64).to_be_bytes());
        self.parts.extend(part.as_bytes());
        self
    }
}

/// The key that cursors are signed with.
#[derive(Clone)]
pub struct CursorKey {
    mac: Hmac<Sha256>,
}

/// A key that is too short to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key of cursors must have at least {MIN_KEY_BYTES} bytes")]
pub struct WeakKey;

/// A cursor that we did not make for this query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not ours, or of another query")]
pub struct Forged;

/// Whether a text has the form of a cursor. One that has not needs no key to be refused.
#[must_use]
pub fn has_form(text: &str) -> bool {
    apart(text).is_ok()
}

/// The HMAC and the position of what has the form of a cursor.
fn apart(text: &str) -> Result<([u8; MAC_BYTES], Vec<u8>), Forged> {
    if text.len() > MAX_CURSOR {
        return Err(Forged);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Forged)?;
    let (version, rest) = bytes.split_first().ok_or(Forged)?;
    let (mac, position) = rest.split_first_chunk().ok_or(Forged)?;
    if *version != VERSION || position.is_empty() {
        return Err(Forged);
    }
    Ok((*mac, position.to_vec()))
}

impl CursorKey {
    /// The key of these bytes.
    ///
    /// # Errors
    /// [`WeakKey`]
    pub fn new(bytes: &[u8]) -> Result<Self, WeakKey> {
        if bytes.len() < MIN_KEY_BYTES {
            return Err(WeakKey);
        }
        Ok(Self { mac: Hmac::new_from_slice(bytes).map_err(|_| WeakKey)? })
    }

    fn over(&self, scope: &Scope, position: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(&[VERSION]);
        mac.update(&(scope.parts.len() as u64).to_be_bytes());
        mac.update(&scope.parts);
        mac.update(position);
        mac
    }

    /// The cursor for this position in the list of this query.
    #[must_use]
    pub fn seal(&self, scope: &Scope, position: &str) -> String {
        let mac = self.over(scope, position.as_bytes()).finalize().into_bytes();
        let mut bytes = vec![VERSION];
        bytes.extend(mac);
        bytes.extend(position.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that a cursor has.
    ///
    /// # Errors
    /// [`Forged`]
    pub fn open(&self, scope: &Scope, cursor: &str) -> Result<String, Forged> {
        let (mac, position) = apart(cursor)?;
        // In constant time: how much of a guess was right must not be told by the clock.
        self.over(scope, &position).verify_slice(&mac).map_err(|_| Forged)?;
        String::from_utf8(position).map_err(|_| Forged)
    }
}

#[cfg(test)]
mod tests;
