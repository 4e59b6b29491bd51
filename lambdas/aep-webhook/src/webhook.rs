//! Taking events: who sent them, what they are, and into the queue.

use crate::keys::KnownKeys;
use crate::router::Asked;
use flightpulse_authenticity::{Flaw, NoSources};
use flightpulse_booking_queue::{BookingQueue, NoEvents, split};
use flightpulse_contracts::rest::routes::{MAX_BODY_BYTES, MAX_EVENTS};
use flightpulse_contracts::rest::webhooks::Received;
use flightpulse_domain::reservation::Feed;
use flightpulse_key_host::KeyHost;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_rest_kit::problem::Problem;
use flightpulse_secrets::{Kept, SecretReader};
use jiff::Timestamp;
use serde_json::Value;

/// After how many seconds a sender may try again when something of ours did not answer.
const TRY_AGAIN_AFTER: u16 = 30;

/// What the function works with.
pub struct Webhook<Q, S, H> {
    pub(crate) queue: Q,
    pub(crate) sources: Kept<S>,
    pub(crate) keys: KnownKeys<H>,
}

/// The events of a request, of which it is known who sent them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Accepted {
    /// The name of the source.
    pub(crate) source: String,
    /// XDM events, or what came in their place.
    pub(crate) events: Vec<Value>,
}

/// Why a request's events are not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is not known who sent them.
    Unauthentic(Flaw),
    /// They are more than is taken at once.
    TooLarge(String),
    /// They are none.
    NoEvents,
    /// Something that is needed did not answer: what, for the log.
    Unavailable(String),
    /// Nobody can be known: why, for the log.
    NoSources(NoSources),
}

impl From<NoEvents> for Refused {
    fn from(_: NoEvents) -> Self {
        Self::NoEvents
    }
}

impl Refused {
    // Of a request that nobody vouches for the log has the reason and nothing of what was sent.
    fn problem(self) -> Problem {
        match self {
            Self::Unauthentic(flaw) => {
                tracing::warn!(reason = %flaw, "a request to the webhook is refused");
                Problem::unauthorized(
                    "The request has no signature that a configured source would make.",
                )
            }
            Self::TooLarge(detail) => {
                tracing::warn!(reason = detail, "a request to the webhook is refused");
                Problem::too_large(detail)
            }
            Self::NoEvents => {
                tracing::warn!(reason = "no events", "a request to the webhook is refused");
                Problem::invalid(
                    "The body must be an event, an array of events, or {\"events\": […]}, in JSON.",
                )
            }
            Self::Unavailable(error) => unavailable(&error),
            Self::NoSources(error) => unavailable(&error),
        }
    }
}

fn unavailable(error: &impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the events could not be taken");
    let detail = "The events cannot be kept just now. Send them again in a moment.";
    Problem::try_again(TRY_AGAIN_AFTER, detail)
}

impl<Q: BookingQueue, S: SecretReader, H: KeyHost> Webhook<Q, S, H> {
    /// Puts events into this queue, from the sources in this secret; Adobe's keys are at this host.
    pub fn new(queue: Q, sources: S, keys: H) -> Self {
        Self { queue, sources: Kept::new(sources), keys: KnownKeys::new(keys) }
    }

    /// Takes the events of a request; when it returns, they are in the queue.
    ///
    /// # Errors
    /// A problem for the sender.
    pub(crate) async fn take(&self, asked: &Asked, now: Timestamp) -> Result<Received, Problem> {
        let taken = self.taken(asked, now).await;
        let counted = match &taken {
            Ok(received) => [(Metric::AepEventsReceived, *received)],
            Err(Refused::Unavailable(_) | Refused::NoSources(_)) => {
                [(Metric::AepRequestsRefused, 0)]
            }
            Err(_) => [(Metric::AepRequestsRefused, 1)],
        };
        metrics::emit("FlightPulse-AEPWebhook", now.as_millisecond(), &counted);
        taken.map(|received| Received { received }).map_err(Refused::problem)
    }

    async fn taken(&self, asked: &Asked, now: Timestamp) -> Result<usize, Refused> {
        if asked.body.len() > MAX_BODY_BYTES {
            return Err(Refused::TooLarge(format!(
                "The body may have at most {MAX_BODY_BYTES} bytes. Send fewer events at once."
            )));
        }
        let Accepted { source, events } = self.accepted(asked, now).await?;
        let received = events.len();
        if received > MAX_EVENTS {
            return Err(Refused::TooLarge(format!(
                "The body may have at most {MAX_EVENTS} events. Send fewer at once."
            )));
        }
        // All or none: nothing is sent before it is known that everything can be.
        let messages = split(&source, Feed::Streaming, now, events).map_err(|too_large| {
            Refused::TooLarge(format!("The events cannot be kept: {too_large}."))
        })?;
        let sent = self.queue.send(&messages).await;
        sent.map_err(|error| Refused::Unavailable(error.to_string()))?;
        tracing::info!(source, events = received, messages = messages.len(), "events are taken");
        Ok(received)
    }
}
