//! The webhook, as a sender meets it: what it refuses for good, and what is sent again.

use super::bookings::Bookings;
use super::corrupt::Forgery;
use super::delivery;
use super::sign::{Headers, Signer};
use crate::clients::said;
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::time::{Duration, Instant};

/// The path of the webhook behind the API's address.
pub(super) const PATH: &str = "/webhooks/aep-booking";
/// How long an answer may take: API Gateway itself gives up after 29 s.
const TIMEOUT: Duration = Duration::from_secs(35);
/// How often a request is sent again before it is given up: some two minutes.
const ATTEMPTS: u32 = 20;
/// The pause before the first repeat, doubled for each further one, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(8));
/// How old what is expired was signed; five minutes are allowed.
const EXPIRED: SignedDuration = SignedDuration::from_mins(6);
/// Events in a request that must be refused.
const FORGED_EVENTS: u32 = 3;
/// The number from which on bookings are strangers'.
const STRANGERS: u32 = 1 << 24;

/// The webhook at an address.
pub(super) struct Webhook {
    pub(super) url: String,
    http: reqwest::Client,
}

/// How often something was sent again, by why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Again {
    /// 429: throttled.
    pub(crate) throttled: u64,
    /// 503: it could not keep the events just then.
    pub(crate) unavailable: u64,
    /// Any other failure: of the network, or 5xx.
    pub(crate) failed: u64,
}

/// A request that was acknowledged.
pub(super) struct Acknowledged {
    /// How long that took, the time of the last attempt alone.
    pub(super) took: Duration,
    pub(super) at: Instant,
    pub(super) again: Again,
}

/// What one attempt came to.
enum Answer {
    Said { status: u16, body: String, retry_after: Option<Duration> },
    Nothing(String),
}

impl Webhook {
    /// At this address.
    pub(super) fn new(url: String) -> Result<Self, Stop> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build();
        let http = http.map_err(|error| Stop::CannotRun(error.to_string()))?;
        Ok(Self { url, http })
    }

    /// Sends until it is acknowledged, signed anew each time.
    ///
    /// # Errors
    /// [`Stop`] when it is refused for good, or was sent as often as makes sense.
    pub(super) async fn deliver(&self, signer: &Signer, body: &[u8]) -> Result<Acknowledged, Stop> {
        let mut again = Again::default();
        let mut pause = PAUSES.0;
        for attempt in 1.. {
            let headers = signer.headers(body, Timestamp::now())?;
            let began = Instant::now();
            let why = match self.post(headers, body.to_vec()).await {
                Answer::Said { status: 200..300, .. } => {
                    return Ok(Acknowledged { took: began.elapsed(), at: Instant::now(), again });
                }
                Answer::Said { status: status @ (429 | 500..), body, retry_after } => {
                    match status {
                        429 => again.throttled += 1,
                        503 => again.unavailable += 1,
                        _ => again.failed += 1,
                    }
                    pause = retry_after.unwrap_or(pause).min(PAUSES.1);
                    format!("{status}: {}", said(&body))
                }
                Answer::Said { status, body, .. } => {
                    let why = said(&body);
                    return Err(Stop::CannotRun(format!("the webhook refuses ({status}): {why}")));
                }
                Answer::Nothing(why) => {
                    again.failed += 1;
                    why
                }
            };
            if attempt >= ATTEMPTS {
                let why =
                    format!("the webhook took a request in none of {ATTEMPTS} attempts: {why}");
                return Err(Stop::CannotRun(why));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        Err(Stop::CannotRun("the webhook was not asked".into()))
    }

    /// Sends what must be refused; answers with the status that it got.
    pub(super) async fn forge(&self, forged: &Forged) -> Result<u16, Stop> {
        match self.post(forged.headers.clone(), forged.body.clone()).await {
            Answer::Said { status, .. } => Ok(status),
            Answer::Nothing(why) => Err(Stop::CannotRun(why)),
        }
    }

    async fn post(&self, headers: Headers, body: Vec<u8>) -> Answer {
        let mut request = self.http.post(&self.url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = match request.body(body).send().await {
            Ok(answer) => answer,
            Err(error) => return Answer::Nothing(format!("{} does not answer: {error}", self.url)),
        };
        let status = answer.status().as_u16();
        let seconds = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = seconds.and_then(|text| text.parse().ok()).map(Duration::from_secs);
        // An answer that breaks off has been given: its status is known.
        Answer::Said { status, body: answer.text().await.unwrap_or_default(), retry_after }
    }
}

/// A request that must be refused.
pub(super) struct Forged {
    pub(super) how: Forgery,
    headers: Headers,
    body: Vec<u8>,
    /// The bookings that must not be there afterwards.
    pub(super) pnrs: Vec<Pnr>,
}

impl Forged {
    /// The request of this number.
    pub(super) fn new(
        how: Forgery,
        nth: u32,
        bookings: &Bookings,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        let (mut events, mut pnrs) = (Vec::new(), Vec::new());
        for one in 0..FORGED_EVENTS {
            let booking = bookings.booking(STRANGERS + nth * FORGED_EVENTS + one)?;
            let id = format!("aep-{}-{}", booking.pnr, how.name());
            let event = delivery::purchase(bookings, &booking, &id, None, false);
            events.push(signer.wrapped(event));
            pnrs.push(booking.pnr);
        }
        let body = Value::from(events).to_string().into_bytes();
        let headers = match how {
            Forgery::Forged => signer.forged(&body, now)?,
            Forgery::Expired => signer.headers(&body, now - EXPIRED)?,
            Forgery::Truncated | Forgery::ReEncoded => signer.headers(&body, now)?,
        };
        Ok(Self { how, headers, body: how.changed(&body), pnrs })
    }
}
