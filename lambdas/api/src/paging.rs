//! Pages: how many, from where on, and how to ask for the next.

use crate::api::Api;
use flightpulse_rest_kit::cursor::{CursorKey, Scope, has_form};
use flightpulse_rest_kit::problem::Problem;
use flightpulse_rest_kit::query::Query;
use flightpulse_secrets::{Secret, SecretReader};
use jiff::{SignedDuration, Timestamp};

/// How long the key of cursors is used before it is read again, so that a new one is in use
/// everywhere within this time.
const KEY_AGE: SignedDuration = SignedDuration::from_mins(5);
/// The same when a cursor does not go with it: the cursor may be signed with a newer one. Forged
/// cursors cost one read in this time at most.
const DOUBTED_KEY_AGE: SignedDuration = SignedDuration::from_mins(1);

/// The page that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    scope: Scope,
    /// How many at most.
    pub(crate) limit: usize,
    /// After which position; none for the first page.
    pub(crate) after: Option<String>,
}

impl<S, K: SecretReader> Api<S, K> {
    /// The page that a query asks for. `scope` is what its cursors belong to.
    ///
    /// # Errors
    /// A 400 that says what is allowed; a 503 when there is a cursor and no key.
    pub(crate) async fn wanted(
        &self,
        scope: Scope,
        query: &Query,
        now: Timestamp,
    ) -> Result<Wanted, Problem> {
        let limit = query.limit()?;
        let after = match query.get("cursor") {
            Some(cursor) => Some(self.position(&scope, cursor, now).await?),
            None => None,
        };
        Ok(Wanted { scope, limit, after })
    }

    /// The cursor of the next page; none after the last. The key is read only when there is one.
    ///
    /// # Errors
    /// A 503 when there is no key.
    pub(crate) async fn next(
        &self,
        wanted: &Wanted,
        position: Option<String>,
        now: Timestamp,
    ) -> Result<Option<String>, Problem> {
        let Some(position) = position else {
            return Ok(None);
        };
        let key = key(&self.secret(KEY_AGE, now).await?)?;
        Ok(Some(key.seal(&wanted.scope, &position)))
    }

    async fn position(
        &self,
        scope: &Scope,
        cursor: &str,
        now: Timestamp,
    ) -> Result<String, Problem> {
        let refused = || {
            let what = "cursor must be the `next` of an earlier answer to the same query.";
            Problem::invalid(what)
        };
        if !has_form(cursor) {
            return Err(refused());
        }
        let secret = self.secret(KEY_AGE, now).await?;
        if let Ok(position) = key(&secret)?.open(scope, cursor) {
            return Ok(position);
        }
        let newer = self.secret(DOUBTED_KEY_AGE, now).await?;
        if newer.is(&secret) {
            return Err(refused());
        }
        key(&newer)?.open(scope, cursor).map_err(|_| refused())
    }

    async fn secret(&self, age: SignedDuration, now: Timestamp) -> Result<Secret, Problem> {
        self.cursor_secret.within(age, now).await.map_err(|error| {
            tracing::error!(%error, "there is no key for cursors");
            Problem::unavailable()
        })
    }
}

fn key(secret: &Secret) -> Result<CursorKey, Problem> {
    CursorKey::new(secret.bytes()).map_err(|error| {
        tracing::error!(%error, "the secret is no key for cursors");
        Problem::unavailable()
    })
}
