//! One reading: what is new since the last, slice by slice.

mod enqueue;

use flightpulse_booking_history::{
    BookingHistory, Found, HistoryError, OpensHistory, QUERY_TIMEOUT,
};
use flightpulse_booking_queue::BookingQueue;
use flightpulse_dead_letters::DeadLetters;
use flightpulse_domain::history::{Reach, Slices, Span};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_secrets::{SecretError, SecretReader};
use flightpulse_store::{StoreError, Watermark, Watermarks, Written};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// What a slice may take beside its query: 10,000 events are 40 calls of SQS.
const QUEUEING: SignedDuration = SignedDuration::from_secs(60);

/// What the function works with.
pub struct Puller<H, S, W, Q, D> {
    /// Opens the history.
    pub histories: H,
    /// What the history asks of whoever reads it. Read anew each time: there is a time between.
    pub secret: S,
    /// How far the history has been read.
    pub watermarks: W,
    /// Takes the events.
    pub queue: Q,
    /// Takes the events that no message can have.
    pub dead_letters: D,
    /// The history's name among all.
    pub history: String,
    /// How far back, and how close to now, it is read.
    pub reach: Reach,
}

/// What a reading did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pulled {
    /// From when on it has read, UTC.
    pub from: Timestamp,
    /// Up to when, UTC.
    pub until: Timestamp,
    /// Events that are in the queue now.
    pub events: usize,
    /// From when on the next one reads, UTC.
    pub watermark: Timestamp,
    /// Whether there was time for all of it. If not, the next one goes on.
    pub finished: bool,
}

impl<H, S, W, Q, D> Puller<H, S, W, Q, D>
where
    H: OpensHistory,
    S: SecretReader,
    W: Watermarks,
    Q: BookingQueue,
    D: DeadLetters,
{
    /// Reads what is new, as far as there is time for it until `deadline`. `now` tells the time.
    ///
    /// # Errors
    /// [`Failure`]: the next reading begins where this one came to.
    pub async fn pull(
        &self,
        deadline: Timestamp,
        now: impl Fn() -> Timestamp,
    ) -> Result<Pulled, Failure> {
        let began = now();
        let pulled = self.pulled(deadline, &now).await;
        let counts = match &pulled {
            Ok(pulled) => vec![(Metric::AepReadingsUnfinished, usize::from(!pulled.finished))],
            Err(failure) => {
                tracing::error!(%failure, "the history could not be read");
                Vec::new()
            }
        };
        metrics::emit(FUNCTION, began.as_millisecond(), &counts);
        pulled
    }

    async fn pulled(
        &self,
        deadline: Timestamp,
        now: &impl Fn() -> Timestamp,
    ) -> Result<Pulled, Failure> {
        let mut known = self.watermarks.watermark(&self.history).await.map_err(of_store)?;
        let span = self.reach.span(known.map(|known| known.watermark), now());
        let mut pulled = Pulled {
            from: span.from,
            until: span.from,
            events: 0,
            watermark: span.from,
            finished: true,
        };
        if span.is_empty() {
            return Ok(pulled);
        }
        if known.is_none() {
            // Before anything else can fail: a feed that fails for days, its credential not being right
            // yet, begins where it first would have begun, and not where it first could.
            let first = Watermark { watermark: span.from, noted_at: now() };
            self.note(None, &first).await?;
            known = Some(first);
        }
        let secret = self.secret.read().await.map_err(of_secret)?;
        let mut history = self.histories.open(&secret).await.map_err(of_history)?;
        let mut slices = Slices::of(span);
        while let Some(slice) = slices.next() {
            let asked_at = now();
            if !is_time_for_one(asked_at, deadline) {
                pulled.finished = false;
                break;
            }
            match history.events(slice.from, slice.until).await.map_err(of_history)? {
                Found::TooMany => {
                    slices.halve().map_err(|dense| Failure::Defect(dense.to_string()))?;
                }
                Found::TooSlow => {
                    slices.hasten().map_err(|slow| Failure::Unavailable(slow.to_string()))?;
                    history = self.histories.open(&secret).await.map_err(of_history)?;
                }
                Found::Events(events) => {
                    pulled.events += self.enqueue(slice, events, asked_at).await?;
                    let read = Span { from: pulled.watermark, until: slice.until };
                    let watermark = Watermark {
                        watermark: self.reach.watermark(read, asked_at),
                        noted_at: asked_at,
                    };
                    self.note(known.as_ref(), &watermark).await?;
                    known = Some(watermark);
                    pulled =
                        Pulled { until: slice.until, watermark: watermark.watermark, ..pulled };
                    slices.read();
                }
            }
        }
        tracing::info!(
            from = %pulled.from, until = %pulled.until, events = pulled.events,
            finished = pulled.finished, "the history is read"
        );
        Ok(pulled)
    }

    async fn note(&self, known: Option<&Watermark>, now: &Watermark) -> Result<(), Failure> {
        match self.watermarks.note_watermark(&self.history, known, now).await.map_err(of_store)? {
            Written::Yes => Ok(()),
            Written::Outdated => {
                Err(Failure::Contended("another reading goes on at the same time".to_owned()))
            }
        }
    }
}

const FUNCTION: &str = "FlightPulse-QueryService";

// A query that is ended with its function has cost Adobe as much as one that is answered.
fn is_time_for_one(now: Timestamp, deadline: Timestamp) -> bool {
    let query = SignedDuration::try_from(QUERY_TIMEOUT).unwrap_or(SignedDuration::MAX);
    deadline.duration_since(now) >= query.saturating_add(QUEUEING)
}

fn of_history(error: HistoryError) -> Failure {
    Failure::of_call(&error, matches!(error, HistoryError::Unavailable(_)))
}

fn of_secret(error: SecretError) -> Failure {
    Failure::of_call(&error, matches!(error, SecretError::Unavailable(_)))
}

fn of_store(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests;
