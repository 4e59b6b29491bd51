//! From a page of recipients to their notifications: claimed, published, marked as sent.
//!
//! A notification is claimed before it is published and marked after. When the function ends in
//! between, the same execution claims it again and publishes it again under the same id: a
//! repeat may travel, a message is never missing.

use crate::plan::{Plan, Planned, plan};
use flightpulse_bus::{Event, EventPublisher, PublishError};
use flightpulse_contracts::names::{SOURCE_DISPATCHER, notification};
use flightpulse_contracts::tasks::{Dispatch, Dispatched, Pass};
use flightpulse_dead_letters::{Carried, DeadLetter, DeadLetters, Origin};
use flightpulse_domain::disruption::is_overtaken;
use flightpulse_domain::ids::BookingId;
use flightpulse_domain::notice::Notice;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::{
    BookingReader, Claimed, FlightReader, NotificationClaim, NotificationClaims, StoreError,
    SwitchReader,
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use tokio::time::Instant;

/// Claims under way at once.
const CONCURRENT_CLAIMS: usize = 16;

/// What the function works with.
pub struct Dispatcher<S, B, D> {
    /// Reads bookings and passengers, keeps claims.
    pub store: S,
    /// Takes the notifications.
    pub bus: B,
    /// Takes what cannot be told.
    pub dead_letters: D,
    /// Where passengers find another flight; goes into messages.
    pub rebooking_url: String,
}

/// The page's time, going on: that of sending is not that of beginning, when the bus is slow.
struct Clock {
    began: Timestamp,
    since: Instant,
}

impl Clock {
    fn now(&self) -> Timestamp {
        let gone = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        self.began.checked_add(gone).unwrap_or(self.began)
    }
}

impl<S, B, D> Dispatcher<S, B, D>
where
    S: FlightReader + BookingReader + NotificationClaims + SwitchReader,
    B: EventPublisher,
    D: DeadLetters,
{
    /// Handles one page. `now` is its time.
    ///
    /// # Errors
    /// [`Failure`], by what the workflow can do about it. What was sent before the failure is
    /// marked, so a page that is tried again sends the rest.
    pub async fn handle(&self, task: &Dispatch, now: Timestamp) -> Result<Dispatched, Failure> {
        let clock = Clock { began: now, since: Instant::now() };
        let notice = &task.notice;
        let (hold, overtaken) = futures::join!(self.store.hold(), self.is_overtaken(notice));
        if overtaken? {
            return Ok(Dispatched { overtaken: true, ..Dispatched::default() });
        }
        // After the other question: what was overtaken while it was held is not sent at all.
        if hold.map_err(failure)?.held {
            let held = [(Metric::NotificationsHeld, 1)];
            metrics::emit("FlightPulse-NotificationDispatcher", now.as_millisecond(), &held);
            return Err(Failure::Held("an operator holds all notifications".to_owned()));
        }
        let ids: Vec<_> = task
            .recipients
            .iter()
            .map(|recipient| (recipient.booking_id.clone(), recipient.passenger_id.clone()))
            .collect();
        let records = self.store.booking_records(&ids).await.map_err(failure)?;

        let mut done = Dispatched::default();
        let counts = task.pass != Pass::Email;
        let (mut to_tell, mut set_aside) = (Vec::new(), Vec::new());
        for (recipient, record) in task.recipients.iter().zip(&records) {
            match plan(task, recipient, record, &self.rebooking_url) {
                Plan::Tell { notifications, unsendable } => {
                    to_tell.extend(notifications);
                    let id = recipient.booking_id.clone();
                    set_aside.extend(unsendable.map(|reason| (id, reason)));
                }
                _ if !counts => {}
                Plan::Unreachable => done.unreachable += 1,
                Plan::Cancelled => done.cancelled += 1,
                Plan::SetAside(reason) => set_aside.push((recipient.booking_id.clone(), reason)),
            }
        }
        // A passenger with two bookings on the flight is one passenger: told once, by the first.
        let mut seen = HashSet::new();
        to_tell.retain(|planned: &Planned| seen.insert(planned.claim.notification_id.clone()));
        let (ours, contended) = self.claim(to_tell, &task.execution_id, now, &mut done).await?;
        // The highest tier first: each tier is on the bus before the next is begun.
        let mut unsent = None;
        for tier in ours.chunk_by(|a, b| a.event.tier == b.event.tier) {
            // Asked again: claiming may have taken long, and what is newer may have been told
            // meanwhile. An older message after it would be the one that is believed.
            if self.is_overtaken(notice).await? {
                done.overtaken = true;
                break;
            }
            unsent = unsent.or(self.send(tier, task, &clock, &mut done, &mut set_aside).await?);
        }
        self.set_aside(task, set_aside, now, &mut done).await?;
        report(&done, now);
        match unsent {
            Some(why) => Err(Failure::Unavailable(why)),
            None if contended > 0 => Err(Failure::Contended(format!(
                "{contended} notifications are claimed by another execution"
            ))),
            None => Ok(done),
        }
    }

    /// Whether something newer is known to some, or the notice is not true any more.
    async fn is_overtaken(&self, notice: &Notice) -> Result<bool, Failure> {
        let flight = self.store.flight(&notice.flight_id).await.map_err(failure)?;
        let overtaken = flight.is_some_and(|flight| is_overtaken(&flight, notice));
        if overtaken {
            tracing::info!(flight_id = %notice.flight_id, version = %notice.version, "overtaken");
        }
        Ok(overtaken)
    }

    async fn claim(
        &self,
        planned: Vec<Planned>,
        owner: &str,
        now: Timestamp,
        done: &mut Dispatched,
    ) -> Result<(Vec<Planned>, usize), Failure> {
        let claimed: Vec<_> = stream::iter(planned)
            .map(|planned| async move {
                let claimed = self.store.claim(&planned.claim, owner, now).await?;
                Ok((planned, claimed))
            })
            .buffered(CONCURRENT_CLAIMS)
            .try_collect()
            .await
            .map_err(failure)?;
        let (mut ours, mut contended) = (Vec::with_capacity(claimed.len()), 0);
        for (planned, claimed) in claimed {
            match claimed {
                Claimed::Ours => ours.push(planned),
                Claimed::SentBefore => done.sent_before += 1,
                Claimed::Others => contended += 1,
            }
        }
        Ok((ours, contended))
    }

    /// Publishes and marks; answers why something could not be published, when it may be later.
    async fn send(
        &self,
        planned: &[Planned],
        task: &Dispatch,
        clock: &Clock,
        done: &mut Dispatched,
        set_aside: &mut Vec<(BookingId, String)>,
    ) -> Result<Option<String>, Failure> {
        let events = planned
            .iter()
            .map(|planned| {
                let name = notification(planned.event.channel);
                Event::new(SOURCE_DISPATCHER, name, &planned.event)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::Defect(error.to_string()))?;
        let answers = self.bus.publish(&events).await;
        let mut sent: Vec<NotificationClaim> = Vec::with_capacity(planned.len());
        let mut unsent = None;
        for (planned, answer) in planned.iter().zip(answers) {
            match answer {
                Ok(()) => sent.push(planned.claim.clone()),
                Err(PublishError::Unavailable(why)) => unsent = Some(why),
                Err(error @ PublishError::Refused(_)) => {
                    set_aside.push((planned.claim.booking_id.clone(), error.to_string()));
                }
            }
        }
        let sent_at = clock.now();
        self.store.mark_sent(&sent, &task.execution_id, sent_at).await.map_err(failure)?;
        done.sent += sent.len();
        Ok(unsent)
    }

    async fn set_aside(
        &self,
        task: &Dispatch,
        bookings: Vec<(BookingId, String)>,
        now: Timestamp,
        done: &mut Dispatched,
    ) -> Result<(), Failure> {
        let letters: Vec<_> = bookings
            .into_iter()
            .map(|(booking_id, reason)| {
                tracing::warn!(%booking_id, reason, "booking dead-lettered");
                let origin = Origin::Booking {
                    booking_id: booking_id.to_string(),
                    event_id: task.notice.version.event_id().to_string(),
                    execution_id: task.execution_id.clone(),
                };
                DeadLetter { origin, reason, at: now, bytes: None, carried: Carried::default() }
            })
            .collect();
        for answer in self.dead_letters.keep(&letters).await {
            answer.map_err(|error| Failure::Unavailable(error.to_string()))?;
            done.dead_lettered += 1;
        }
        Ok(())
    }
}

fn report(done: &Dispatched, now: Timestamp) {
    let told = done.sent + done.sent_before;
    tracing::info!(sent = done.sent, told, dead_lettered = done.dead_lettered, "page dispatched");
    let counts = [
        (Metric::NotificationsSent, done.sent),
        (Metric::PassengersUnreachable, done.unreachable),
        (Metric::BookingsDeadLettered, done.dead_lettered),
    ];
    metrics::emit("FlightPulse-NotificationDispatcher", now.as_millisecond(), &counts);
}

fn failure(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests;
