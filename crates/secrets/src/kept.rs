//! A secret that is read once and kept for a while.

use crate::{SecretError, SecretReader};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::Mutex;

/// A secret as it was when it was read.
#[derive(Clone)]
pub struct Secret {
    text: Arc<str>,
    read_at: Timestamp,
}

impl Secret {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Whether it is the same as another.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Keeps a secret between requests, so that it is read when it is first needed and then seldom.
pub struct Kept<R> {
    reader: R,
    secret: Mutex<Option<Secret>>,
}

impl<R: SecretReader> Kept<R> {
    /// Keeps what this reads. Nothing is read yet.
    pub fn new(reader: R) -> Self {
        Self { reader, secret: Mutex::new(None) }
    }

    /// The secret, as it was at most `age` before `now`.
    ///
    /// # Errors
    /// [`SecretError`] when it must be read and cannot be.
    pub async fn within(&self, age: SignedDuration, now: Timestamp) -> Result<Secret, SecretError> {
        // Held while it is read, so that requests at once read it once.
        let mut kept = self.secret.lock().await;
        if let Some(secret) =
            kept.as_ref().filter(|secret| now.duration_since(secret.read_at) <= age)
        {
            return Ok(secret.clone());
        }
        let secret = Secret { text: self.reader.read().await?.into(), read_at: now };
        *kept = Some(secret.clone());
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemorySecret;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn it_is_read_when_it_is_needed_and_again_when_it_is_old() {
        let secret = MemorySecret::new("one");
        let kept = Kept::new(secret.clone());
        assert_eq!(secret.reads(), 0);
        let five = SignedDuration::from_mins(5);
        let first = kept.within(five, at(0)).await.unwrap();
        secret.set(Some("two"));
        let second = kept.within(five, at(300)).await.unwrap();
        assert!(first.is(&second) && secret.reads() == 1);
        let third = kept.within(five, at(301)).await.unwrap();
        assert_eq!((third.bytes(), secret.reads()), (b"two".as_slice(), 2));
    }

    #[tokio::test]
    async fn one_that_cannot_be_read_is_asked_for_again() {
        let secret = MemorySecret::new("one");
        secret.set(None);
        let kept = Kept::new(secret.clone());
        let age = SignedDuration::from_mins(5);
        assert!(kept.within(age, at(0)).await.is_err());
        secret.set(Some("one"));
        assert!(kept.within(age, at(0)).await.is_ok());
    }
}
