//! The workflow: what `statemachines/*.asl.json` say, with the real functions as its tasks. Retries
//! are counted as the definitions count them, by the names of errors; between them is the first
//! pause alone, by the history's clock. The messenger, which has no effect, does not fail.

use crate::history::Mutant;
use crate::world::{Claim, ClaimKey, State, World};
use flightpulse_booking_updater::handler::BookingUpdater;
use flightpulse_contracts::tasks::{
    ComposeTexts, Dispatch, Dispatched, FindRecipients, FlightUpdate, FlightUpdated, Pass,
    RankedRecipient, Recipient, UpdateBookings,
};
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::ids::{CorrelationId, EventId, FlightId};
use flightpulse_domain::message::CohortTexts;
use flightpulse_domain::notice::{Notice, Subject};
use flightpulse_flight_updater::handler as updater;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_llm::WriteError;
use flightpulse_llm::memory::MemoryWriter;
use flightpulse_llm_messenger::handler as messenger;
use flightpulse_notification_dispatcher::handler::Dispatcher;
use flightpulse_recipient_finder::handler as finder;
use flightpulse_simulation::Crashed;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How long a claim keeps others away, in seconds, and how long one of them waits.
const CLAIM: i64 = 3_600;
const WAIT: i64 = 30;
/// How often a claim is asked for, and a reinstatement decided on anew.
const CLAIM_TRIES: usize = 130;
const RETELLS: usize = 5;
const PAGE_OF_BOOKINGS: usize = 100;
const PAGE_OF_MESSAGES: usize = 50;

/// An error by its name, as Retry and Catch know it.
type Failed = &'static str;

struct Execution<'a> {
    world: &'a Rc<World>,
    id: String,
    event: Value,
    event_id: EventId,
    flight_id: FlightId,
    occurred_at: Timestamp,
    key: ClaimKey,
}

/// Runs the workflow of an event to its end.
pub(crate) async fn run(world: &Rc<World>, event: Value, id: String) {
    let detail = &event["detail"];
    let text = |name: &str| detail[name].as_str().unwrap().to_owned();
    let execution = Execution {
        world,
        id,
        event_id: EventId::new(text("event_id")).unwrap(),
        flight_id: FlightId::new(text("flight_id")).unwrap(),
        occurred_at: text("occurred_at").parse().unwrap(),
        key: (text("event_id"), text("flight_id")),
        event,
    };
    execution.run().await;
}

impl Execution<'_> {
    async fn run(&self) {
        match self.claim().await {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => return self.fail(None, false).await,
        }
        let mut notice = None;
        let alone = self.world.chaos.now() + SignedDuration::from_secs(CLAIM);
        self.world.begins(&self.key, &self.id, alone);
        self.note("begins");
        let told = self.tell(&mut notice).await;
        self.note(&format!("has told: {told:?}"));
        self.world.ends(&self.key, &self.id);
        let ended = match told {
            Ok(()) => self.native(|| self.set(State::Done, |claim| claim.owner == self.id)).await,
            Err(failed) => Err(failed),
        };
        // A condition that does not hold: another has taken the claim over.
        if ended.is_err() {
            self.fail(notice, true).await;
        }
    }

    /// Claims the event; false when it was done before.
    async fn claim(&self) -> Result<bool, Failed> {
        if self.world.mutant == Mutant::NoClaim {
            self.native(|| self.put_claim()).await?;
            return Ok(true);
        }
        for _ in 0..=CLAIM_TRIES {
            if self.native(|| self.try_claim()).await? {
                return Ok(true);
            }
            let state = self.native(|| self.claim_state()).await?;
            if state == Some(State::Done) {
                return Ok(false);
            }
            self.world.chaos.sleeps(WAIT).await;
        }
        Err("ClaimStuck")
    }

    fn claim_state(&self) -> Option<State> {
        self.world.claims.of(&self.key).map(|claim| claim.state)
    }

    fn try_claim(&self) -> bool {
        let now = self.world.chaos.now();
        let free = self.world.claims.of(&self.key).is_none_or(|claim| match claim.state {
            State::Released => true,
            State::InProgress => claim.owner == self.id || claim.until < now,
            State::Done => false,
        });
        if free {
            self.put_claim();
        }
        free
    }

    fn put_claim(&self) {
        let until = self.world.chaos.now() + SignedDuration::from_secs(CLAIM);
        let claim = Claim { state: State::InProgress, owner: self.id.clone(), until };
        self.world.claims.with(|claims| claims.insert(self.key.clone(), claim));
    }

    fn set(&self, state: State, may: impl Fn(&Claim) -> bool) {
        self.world.claims.with(|claims| {
            if let Some(claim) = claims.get_mut(&self.key).filter(|claim| may(claim)) {
                claim.state = state;
            }
        });
    }

    /// A task that the workflow does by itself: a fault is tried again, five times.
    async fn native<T>(&self, task: impl Fn() -> T) -> Result<T, Failed> {
        for retry in 0..=5 {
            let call = self.world.chaos.call(|| (), async { Ok(task()) });
            match self.world.chaos.invocation(call).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(())) | Err(Crashed) => self.world.chaos.sleeps(1 << retry).await,
            }
        }
        Err("States.TaskFailed")
    }

    /// A function as a task: tried again by the name of its failure.
    async fn task<T, F>(&self, contended: (u32, i64), invoke: impl Fn() -> F) -> Result<T, Failed>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let (mut unavailable, mut crashed, mut others) = (0, 0, 0);
        loop {
            let answer = self.world.chaos.invocation(invoke()).await;
            self.world.deliver();
            let (count, most, pause, name) = match answer {
                Ok(Ok(done)) => return Ok(done),
                Err(Crashed) => (&mut crashed, 2, 2, "Runtime.ExitError"),
                Ok(Err(failure)) => match failure {
                    Failure::Unavailable(_) => (&mut unavailable, 5, 1, "Unavailable"),
                    Failure::Contended(_) => (&mut others, contended.0, contended.1, "Contended"),
                    other => return Err(other.error_type()),
                },
            };
            *count += 1;
            if *count > most {
                return Err(name);
            }
            self.world.chaos.sleeps(pause).await;
        }
    }

    async fn update(&self, update: impl Fn() -> FlightUpdate) -> Result<FlightUpdated, Failed> {
        let table = self.world.table();
        let now = self.world.chaos.now();
        self.task((5, 1), || updater::handle(&table, update(), now)).await
    }

    async fn tell(&self, told: &mut Option<Notice>) -> Result<(), Failed> {
        for _ in 0..=RETELLS {
            let apply = || FlightUpdate::Apply {
                detail_type: self.event["detail-type"].as_str().unwrap().to_owned(),
                event_id: self.event_id.clone(),
                occurred_at: self.occurred_at,
                detail: self.event["detail"].clone(),
            };
            let updated = self.update(apply).await?;
            self.note(&format!("{updated:?}"));
            let FlightUpdated::Tell { notice, urgent } = updated else {
                return Ok(());
            };
            *told = Some((*notice).clone());
            let (recipients, cohorts) = self.recipients().await?;
            if notice.facet == Facet::Status {
                self.bookings(&notice, &recipients).await?;
            }
            let texts = self.texts(&notice, cohorts).await;
            let overtaken = self.dispatch(&notice, &recipients, &texts, urgent).await?;
            if overtaken && matches!(notice.subject, Subject::Reinstatement { .. }) {
                continue;
            }
            return self.record(&notice, overtaken).await;
        }
        Err("OvertakenTooOften")
    }

    async fn record(&self, notice: &Notice, overtaken: bool) -> Result<(), Failed> {
        let record = || FlightUpdate::RecordTold { notice: notice.clone(), overtaken };
        self.update(record).await.map(drop)
    }

    async fn recipients(&self) -> Result<(Vec<RankedRecipient>, BTreeSet<Cohort>), Failed> {
        let (mut recipients, mut cohorts, mut cursor) =
            (Vec::new(), BTreeSet::new(), String::new());
        let table = self.world.table();
        loop {
            let page = self
                .task((5, 1), || {
                    let cursor = Some(cursor.clone());
                    finder::handle(
                        &table,
                        FindRecipients { flight_id: self.flight_id.clone(), cursor },
                    )
                })
                .await?;
            recipients.extend(page.recipients);
            cohorts.extend(page.cohorts);
            cursor = page.next;
            if cursor.is_empty() {
                recipients.sort_by_key(|one: &RankedRecipient| one.rank);
                return Ok((recipients, cohorts));
            }
        }
    }

    async fn bookings(&self, notice: &Notice, all: &[RankedRecipient]) -> Result<(), Failed> {
        let updater = BookingUpdater { store: self.world.table(), bus: self.world.bus(None) };
        let mut failed = None;
        for page in all.chunks(PAGE_OF_BOOKINGS) {
            let task = UpdateBookings {
                notice: notice.clone(),
                recipients: page.iter().map(|one| one.recipient.clone()).collect(),
                correlation_id: self.correlation_id(),
            };
            let now = self.world.chaos.now();
            let done = self.task((5, 1), || updater.handle(&task, now)).await;
            failed = failed.or(done.err());
        }
        failed.map_or(Ok(()), Err)
    }

    /// No model is there: the templates serve.
    async fn texts(&self, notice: &Notice, cohorts: BTreeSet<Cohort>) -> Vec<CohortTexts> {
        let writer = MemoryWriter::answering(Err(WriteError::TimedOut));
        let mut texts = Vec::new();
        for cohort in cohorts {
            let task = ComposeTexts { notice: notice.clone(), cohort };
            texts.push(messenger::handle(&writer, task, self.world.chaos.now()).await);
        }
        texts
    }

    /// Tells page by page; answers whether something newer has overtaken it.
    async fn dispatch(
        &self,
        notice: &Notice,
        all: &[RankedRecipient],
        texts: &[CohortTexts],
        urgent: bool,
    ) -> Result<bool, Failed> {
        let passes = if urgent { vec![Pass::Sms, Pass::Email] } else { vec![Pass::All] };
        let (mut overtaken, mut failed) = (false, None);
        for pass in passes {
            for page in all.chunks(PAGE_OF_MESSAGES) {
                let task = Dispatch {
                    notice: notice.clone(),
                    texts: texts.to_vec(),
                    recipients: page
                        .iter()
                        .map(|one: &RankedRecipient| -> Recipient { one.recipient.clone() })
                        .collect(),
                    pass,
                    execution_id: self.id.clone(),
                    correlation_id: self.correlation_id(),
                };
                match self.page(&task).await {
                    Ok(done) => {
                        self.note(&format!("{pass:?} {done:?}"));
                        overtaken |= done.overtaken;
                    }
                    Err(name) => failed = failed.or(Some(name)),
                }
            }
        }
        failed.map_or(Ok(overtaken), Err)
    }

    async fn page(&self, task: &Dispatch) -> Result<Dispatched, Failed> {
        let dispatcher = Dispatcher {
            store: self.world.table(),
            bus: self.world.bus(Some(task.notice.clone())),
            dead_letters: self.world.dead_letters(),
            rebooking_url: "https://example.com/rebook".to_owned(),
        };
        self.task((16, 60), || dispatcher.handle(task, self.world.chaos.now())).await
    }

    /// The event failed: doubt is noted, it goes to the dead letters, the claim is released.
    async fn fail(&self, notice: Option<Notice>, claimed: bool) {
        if claimed {
            let abandon = || FlightUpdate::AbandonTelling {
                flight_id: self.flight_id.clone(),
                event_id: self.event_id.clone(),
                occurred_at: self.occurred_at,
                notice: notice.clone(),
            };
            let _ = self.update(abandon).await;
        }
        if self.native(|| self.world.set_aside(self.event.clone())).await.is_err() {
            // The execution has failed with its input, and that is all there is: whoever sees the
            // alarm starts it again from there.
            self.world.set_aside(self.event.clone());
        }
        if self.world.mutant == Mutant::ClaimNeverReleased {
            return;
        }
        let ours = |claim: &Claim| claim.owner == self.id && claim.state == State::InProgress;
        if self.native(|| self.set(State::Released, ours)).await.is_err() {
            self.world.keeps_claim(&self.id);
        }
    }

    fn note(&self, what: &str) {
        if std::env::var_os("TRACE").is_some() {
            let (key, now) = (&self.key, self.world.chaos.now());
            eprintln!("{now} {} {key:?} at {}: {what}", self.id, self.occurred_at);
        }
    }

    fn correlation_id(&self) -> CorrelationId {
        CorrelationId::new(self.event_id.as_str()).unwrap()
    }
}
