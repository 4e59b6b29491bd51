//! The loop: fetch, invoke, commit.
//!
//! Fetching goes on while the function runs (up to 15 minutes), so the consumer stays a member of
//! its group; full partitions are paused instead.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use crate::answer::Verdict;
use crate::batch::Limits;
use crate::client::{self, MappingConsumer, SharedOffsets, Signal, lock};
use crate::destination::Destination;
use crate::event::{EventRecord, Source, TopicPartition};
use crate::invoker::{Invocation, Invoker};
use crate::retry::RetryPolicy;
use crate::scheduler::{Job, Now, Outcome, Scheduler, Task};
use crate::status::{PartitionStatus, State, Status};

mod work;

use work::{Done, Worker};

/// The pause after a commit that failed.
const COMMIT_PAUSE: Duration = Duration::from_secs(1);
/// How long the last commit and leaving the group may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// One mapping: a topic, a group, a function.
#[derive(Clone, Debug)]
pub struct Config {
    /// Brokers and form of the event.
    pub source: Source,
    /// The topic.
    pub topic: String,
    /// The consumer group.
    pub group: String,
    /// The function's name, as the status and the failure records tell it.
    pub function: String,
    /// When a batch is full.
    pub limits: Limits,
    /// How often a failed batch goes again.
    pub retry: RetryPolicy,
    /// The most invocations at once; there are never more than partitions.
    pub max_concurrency: usize,
    /// How long invocations under way may take once the mapping is told to stop.
    pub drain: Duration,
}

/// Why a mapping ended by itself.
#[derive(Debug, Error)]
pub enum PollerError {
    /// The client refuses its settings or has failed for good.
    #[error("kafka client: {0}")]
    Kafka(#[from] KafkaError),
    /// A task of the mapping panicked; going on would leave its partitions stuck.
    #[error("a task of the mapping failed: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// A mapping that can be run.
pub struct Poller {
    config: Config,
    worker: Arc<Worker>,
    scheduler: Scheduler,
    offsets: SharedOffsets,
    status: watch::Sender<Status>,
    work: JoinSet<Done>,
    committing: bool,
    commit_after: Instant,
    /// The last answer about a partition, without its body, for the failure record.
    last: HashMap<TopicPartition, Invocation>,
}

impl Poller {
    /// A mapping of `config` to `invoker`. With a destination, retries end at 10 unless set.
    pub fn new(
        config: Config,
        invoker: Arc<dyn Invoker>,
        destination: Option<Arc<dyn Destination>>,
    ) -> Self {
        let retry = match destination {
            Some(_) => config.retry.with_destination(),
            None => config.retry,
        };
        let status = Status {
            pid: std::process::id(),
            function: config.function.clone(),
            topic: config.topic.clone(),
            group: config.group.clone(),
            bootstrap_servers: config.source.bootstrap_servers.clone(),
            ..Status::default()
        };
        let worker = Worker {
            invoker,
            destination,
            source: config.source.clone(),
            function: config.function.clone(),
        };
        Self {
            scheduler: Scheduler::new(
                config.limits,
                retry,
                config.source.clone(),
                config.max_concurrency,
            ),
            config,
            worker: Arc::new(worker),
            offsets: SharedOffsets::default(),
            status: watch::Sender::new(status),
            work: JoinSet::new(),
            committing: false,
            commit_after: Instant::now(),
            last: HashMap::new(),
        }
    }

    /// The status as it changes.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Runs until `stop` resolves; then ends what is under way, commits, and leaves the group.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), PollerError> {
        let (sender, mut signals) = mpsc::unbounded_channel();
        let (servers, group) = (&self.config.source.bootstrap_servers, &self.config.group);
        let consumer = Arc::new(client::consumer(
            servers,
            group,
            sender,
            self.offsets.clone(),
        )?);
        consumer.subscribe(&[&self.config.topic])?;
        info!(
            servers,
            group,
            topic = self.config.topic,
            function = self.config.function,
            "polling"
        );
        tokio::pin!(stop);
        let mut drain_until = None;
        loop {
            if drain_until.is_none() {
                self.start_jobs();
            } else if self.scheduler.in_flight() == 0 {
                break;
            }
            self.start_commit(&consumer);
            let wake = drain_until.or_else(|| self.wake_at());
            let mut fetched = None;
            tokio::select! {
                () = &mut stop, if drain_until.is_none() => {
                    info!(in_flight = self.scheduler.in_flight(), "stopping");
                    drain_until = Some(Instant::now() + self.config.drain);
                }
                Some(done) = self.work.join_next() => self.done(done?),
                Some(signal) = signals.recv() => self.signal(&consumer, signal),
                message = consumer.recv() => {
                    fetched = Some(message.map(|m| EventRecord::from_message(&m)));
                }
                () = sleep_until(wake) => {
                    if drain_until.is_some_and(|end| end <= Instant::now()) {
                        warn!("invocations still under way at the deadline; their records will come again");
                        break;
                    }
                }
            }
            // A record comes after the assignment that it belongs to.
            while let Ok(signal) = signals.try_recv() {
                self.signal(&consumer, signal);
            }
            match fetched {
                Some(Ok(record)) if drain_until.is_none() => {
                    self.scheduler.push(record, Now::read());
                }
                Some(Err(error)) => self.fetch_failed(error)?,
                _ => {}
            }
            self.flow(&consumer);
        }
        self.farewell(consumer).await;
        Ok(())
    }

    fn wake_at(&self) -> Option<Instant> {
        let commit = (!self.committing && !lock(&self.offsets).uncommitted().is_empty())
            .then_some(self.commit_after);
        self.scheduler.wake_at().into_iter().chain(commit).min()
    }

    fn start_jobs(&mut self) {
        let mut started = false;
        while let Some(job) = self.scheduler.next(Now::read()) {
            let last = job
                .batch
                .slices
                .keys()
                .find_map(|tp| self.last.get(tp))
                .cloned();
            if job.task == Task::Invoke && job.attempts > 1 {
                self.status.send_modify(|status| status.retries += 1);
            }
            self.work.spawn(self.worker.clone().perform(job, last));
            started = true;
        }
        if started {
            self.publish();
        }
    }

    fn start_commit(&mut self, consumer: &Arc<MappingConsumer>) {
        let pending = lock(&self.offsets).uncommitted();
        if self.committing || pending.is_empty() || self.commit_after > Instant::now() {
            return;
        }
        self.committing = true;
        let consumer = consumer.clone();
        self.work.spawn_blocking(move || {
            let result =
                client::list(&pending).and_then(|list| consumer.commit(&list, CommitMode::Sync));
            Done::Commit(pending, result)
        });
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Commit(offsets, Ok(())) => {
                self.committing = false;
                lock(&self.offsets).committed(&offsets);
            }
            Done::Commit(_, Err(error)) => {
                self.committing = false;
                self.commit_after = Instant::now() + COMMIT_PAUSE;
                self.trouble(format!("offsets not committed, trying again: {error}"));
            }
            Done::Job {
                job,
                outcome,
                answer,
            } => self.job_done(&job, outcome, answer),
        }
        self.publish();
    }

    fn job_done(&mut self, job: &Job, outcome: Outcome, answer: Option<Invocation>) {
        let fault = match &outcome {
            Outcome::Answered(Verdict::Whole(fault)) | Outcome::NotReached(fault) => {
                Some(fault.to_string())
            }
            Outcome::Answered(Verdict::Partial(lowest)) => {
                let failed: Vec<String> = lowest
                    .iter()
                    .map(|(tp, offset)| format!("{tp}@{offset}"))
                    .collect();
                Some(format!(
                    "records reported as failed, from {}",
                    failed.join(", ")
                ))
            }
            _ => None,
        };
        for partition in job.batch.slices.keys() {
            match &answer {
                Some(answer) => self.last.insert(partition.clone(), answer.clone()),
                None => self.last.remove(partition),
            };
        }
        let count = job.batch.len() as u64;
        let taken = self.worker.destination.is_some();
        self.status
            .send_modify(|status| match (&job.task, &outcome) {
                (Task::Invoke, _) => status.batches += 1,
                (Task::GiveUp(_), Outcome::GivenUp) if taken => status.failed_records += count,
                (Task::GiveUp(_), Outcome::GivenUp) => status.discarded_records += count,
                (Task::GiveUp(_), _) => {}
            });
        let settled = self.scheduler.finish(job.id, outcome, Now::read());
        let mut offsets = lock(&self.offsets);
        settled
            .done
            .iter()
            .for_each(|(partition, next)| offsets.done(partition, *next));
        drop(offsets);
        self.status
            .send_modify(|status| status.records += settled.succeeded as u64);
        if let Some(fault) = fault {
            self.trouble(fault);
        }
    }

    fn signal(&mut self, consumer: &MappingConsumer, signal: Signal) {
        match signal {
            Signal::Assigned(partitions) => {
                info!(?partitions, "partitions assigned");
                self.resume(consumer, &partitions);
                partitions
                    .into_iter()
                    .for_each(|partition| self.scheduler.assign(partition));
                self.status.send_modify(|status| {
                    status.state = State::Ready;
                    status.brokers_connected = true;
                });
            }
            Signal::Revoked(partitions) => {
                info!(?partitions, "partitions revoked");
                partitions
                    .iter()
                    .for_each(|partition| self.scheduler.revoke(partition));
            }
            Signal::Heartbeat(connected) => {
                let before = self.status.borrow().brokers_connected;
                match (before, connected) {
                    (false, true) => info!("a broker is connected"),
                    (true, false) => warn!(
                        servers = self.config.source.bootstrap_servers,
                        "no broker is connected; trying again until one is"
                    ),
                    _ => {}
                }
                self.status
                    .send_modify(|status| status.brokers_connected = connected);
            }
            Signal::Trouble(message) => self.trouble(message),
        }
        self.publish();
    }

    /// Logs a difficulty, once as long as it stays the same.
    fn trouble(&self, message: String) {
        let known = self
            .status
            .borrow()
            .last_error
            .as_ref()
            .is_some_and(|e| e.message == message);
        if !known {
            warn!("{message}");
        }
        self.status.send_modify(|status| status.error(message));
    }

    /// The client goes on by itself after everything but a fatal error.
    fn fetch_failed(&self, error: KafkaError) -> Result<(), PollerError> {
        if let KafkaError::MessageConsumptionFatal(code) = error {
            return Err(KafkaError::MessageConsumptionFatal(code).into());
        }
        let message = match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::BrokerTransportFailure) => {
                format!(
                    "no broker reachable at {}, trying again",
                    self.config.source.bootstrap_servers
                )
            }
            Some(RDKafkaErrorCode::UnknownTopicOrPartition) => {
                format!(
                    "topic {} does not exist (yet), trying again",
                    self.config.topic
                )
            }
            _ => error.to_string(),
        };
        self.trouble(message);
        Ok(())
    }

    fn flow(&mut self, consumer: &MappingConsumer) {
        let (pause, resume) = self.scheduler.flow();
        if !pause.is_empty() {
            let paused = client::list(&no_offsets(&pause)).and_then(|list| consumer.pause(&list));
            if let Err(error) = paused {
                self.trouble(format!("partitions not paused: {error}"));
            }
        }
        self.resume(consumer, &resume);
    }

    fn resume(&self, consumer: &MappingConsumer, partitions: &[TopicPartition]) {
        if partitions.is_empty() {
            return;
        }
        let resumed = client::list(&no_offsets(partitions)).and_then(|list| consumer.resume(&list));
        if let Err(error) = resumed {
            self.trouble(format!("partitions not resumed: {error}"));
        }
    }

    fn publish(&self) {
        let assigned: Vec<PartitionStatus> = lock(&self.offsets)
            .iter()
            .map(|(tp, progress)| PartitionStatus {
                topic: tp.topic.clone(),
                partition: tp.partition,
                committed: progress.committed,
                high_watermark: progress.high,
                lag: progress.lag(),
            })
            .collect();
        self.status.send_modify(|status| {
            status.lag = assigned.iter().filter_map(|p| p.lag).sum();
            status.assigned = assigned;
            status.in_flight = self.scheduler.in_flight();
        });
    }

    /// The last commit, then out of the group. Neither may hold up the end for long.
    async fn farewell(mut self, consumer: Arc<MappingConsumer>) {
        let ending = async {
            while self.committing || !lock(&self.offsets).uncommitted().is_empty() {
                self.commit_after = Instant::now();
                self.start_commit(&consumer);
                match self.work.join_next().await {
                    Some(Ok(done @ Done::Commit(_, Ok(())))) => self.done(done),
                    Some(Ok(done @ Done::Commit(..))) => {
                        self.done(done);
                        tokio::time::sleep(COMMIT_PAUSE).await;
                    }
                    Some(Ok(Done::Job { .. })) => {}
                    Some(Err(_)) | None => break,
                }
            }
        };
        if tokio::time::timeout(FAREWELL, ending).await.is_err() {
            error!("the last offsets could not be committed; their records will come again");
        }
        self.work.abort_all();
        self.publish();
        // Leaving the group is a network call, made when the consumer is dropped.
        let left = tokio::task::spawn_blocking(move || drop(consumer));
        if tokio::time::timeout(FAREWELL, left).await.is_err() {
            warn!("left without telling the group");
        }
        self.status
            .send_modify(|status| status.state = State::Stopped);
        info!("stopped");
    }
}

fn no_offsets(partitions: &[TopicPartition]) -> Vec<(TopicPartition, i64)> {
    partitions
        .iter()
        .map(|partition| (partition.clone(), 0))
        .collect()
}

async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}
