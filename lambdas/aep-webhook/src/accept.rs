//! Who sent a request: the schemes put to work, with sources and keys that must be had first.

use crate::envelope::recipient;
use crate::keys::NoKey;
use crate::router::Asked;
use crate::webhook::{Accepted, Refused, Webhook};
use flightpulse_authenticity::adobe_io::{self, Signature};
use flightpulse_authenticity::{Flaw, Scheme, Sources, adobe_legacy, bearer, deciding, own};
use flightpulse_booking_queue::{BookingQueue, events, opened};
use flightpulse_key_host::{KeyHost, KeyPath};
use flightpulse_secrets::{Secret, SecretReader};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How long the sources are used before they are read again: within this time a source that was
/// taken away is heard nowhere any more.
const SOURCES_AGE: SignedDuration = SignedDuration::from_mins(5);
/// The same when a request does not go with them: its secret may be newer. Forged requests cost an
/// instance one read in this time at most.
const DOUBTED_SOURCES_AGE: SignedDuration = SignedDuration::from_secs(10);

impl<Q: BookingQueue, S: SecretReader, H: KeyHost> Webhook<Q, S, H> {
    /// The events of a request, if a configured source sent it. What is in the body is not judged
    /// before it is known whose it is.
    ///
    /// # Errors
    /// [`Refused`]
    pub(crate) async fn accepted(
        &self,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Accepted, Refused> {
        let secret = self.secret(SOURCES_AGE, now).await?;
        let refused = match self.accepted_from(&secret, asked, now).await {
            Err(refused) if may_be_taken_later(&refused) => refused,
            answer => return answer,
        };
        let newer = self.secret(DOUBTED_SOURCES_AGE, now).await?;
        if newer.is(&secret) {
            return Err(refused);
        }
        self.accepted_from(&newer, asked, now).await
    }

    async fn secret(&self, age: SignedDuration, now: Timestamp) -> Result<Secret, Refused> {
        let secret = self.sources.within(age, now).await;
        secret.map_err(|error| Refused::Unavailable(error.to_string()))
    }

    async fn accepted_from(
        &self,
        secret: &Secret,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Accepted, Refused> {
        let sources = Sources::read(secret.bytes()).map_err(Refused::NoSources)?;
        let (headers, body) = (&asked.headers, asked.body.as_slice());
        let scheme = deciding(headers, &sources).map_err(Refused::Unauthentic)?;
        let (source, events) = match scheme {
            Scheme::AdobeIo => self.sent_by_adobe(&sources, asked, now).await?,
            Scheme::AdobeLegacy => {
                let by = adobe_legacy::source(headers, body, &sources);
                let (source, client_id) = by.map_err(Refused::Unauthentic)?;
                (source, envelopes(body, |id| client_id.is_none_or(|ours| id == Some(ours)))?)
            }
            Scheme::Own => {
                let source = own::source(headers, body, &sources, now);
                (source.map_err(Refused::Unauthentic)?, events(body)?)
            }
            Scheme::Bearer => {
                let source = bearer::source(headers, &sources);
                (source.map_err(Refused::Unauthentic)?, events(body)?)
            }
        };
        Ok(Accepted { source: source.to_owned(), events })
    }

    async fn sent_by_adobe<'s>(
        &self,
        sources: &'s Sources,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<(&'s str, Vec<Value>), Refused> {
        // Whom it is for before whose it is: whoever does not know a client id of ours has no key
        // fetched for them, and what has none in it is no delivery of Adobe's.
        let other = Refused::Unauthentic(Flaw::OtherRecipient);
        let mut of_all: Option<Option<&str>> = None;
        let read = envelopes(&asked.body, |id| {
            let source = id.and_then(|id| adobe_io::source(id, sources));
            source.is_some() && *of_all.get_or_insert(source) == source
        });
        let (Some(source), Ok(events)) = (of_all.flatten(), read) else {
            return Err(other);
        };
        self.verify(asked, now).await?;
        Ok((source, events))
    }

    /// Whether either of Adobe's signatures is one.
    async fn verify(&self, asked: &Asked, now: Timestamp) -> Result<(), Refused> {
        let signatures = adobe_io::signatures(&asked.headers).map_err(Refused::Unauthentic)?;
        let mut refused = Refused::Unauthentic(Flaw::NoMatch);
        for signature in signatures {
            match self.verify_one(&signature, &asked.body, now).await {
                Ok(()) => return Ok(()),
                // One whose key cannot be had may be a good one: whatever is wrong with the other,
                // its sender must not take it for refused.
                Err(_) if matches!(refused, Refused::Unavailable(_)) => {}
                Err(of_this) => refused = of_this,
            }
        }
        Err(refused)
    }

    async fn verify_one(
        &self,
        signature: &Signature<'_>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Refused> {
        let malformed = |_| Refused::Unauthentic(Flaw::Malformed(signature.path_header));
        let path = KeyPath::new(signature.key_path).map_err(malformed)?;
        match self.keys.key(&path, now).await {
            Ok(key) if signature.is_by(&key, body) => Ok(()),
            Ok(_) | Err(NoKey::NotThere) => Err(Refused::Unauthentic(Flaw::NoMatch)),
            Err(NoKey::Unavailable(why)) => Err(Refused::Unavailable(why)),
        }
    }
}

fn may_be_taken_later(refused: &Refused) -> bool {
    match refused {
        Refused::Unauthentic(flaw) => flaw.may_be_of_a_newer_source(),
        // They may have been mended by now.
        Refused::NoSources(_) => true,
        Refused::TooLarge(_) | Refused::NoEvents | Refused::Unavailable(_) => false,
    }
}

/// The events in Adobe's envelopes, each of which is meant for one whom `is_ours` knows.
fn envelopes(
    body: &[u8],
    mut is_ours: impl FnMut(Option<&str>) -> bool,
) -> Result<Vec<Value>, Refused> {
    let envelopes = events(body)?;
    if !envelopes.iter().all(|envelope| is_ours(recipient(envelope))) {
        return Err(Refused::Unauthentic(Flaw::OtherRecipient));
    }
    Ok(envelopes.into_iter().map(opened).collect())
}
