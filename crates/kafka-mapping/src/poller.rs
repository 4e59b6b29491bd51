//! The loop: fetch, invoke, commit.
//!
//! Fetching goes on while the function runs (up to 15 minutes), so the consumer stays a member of
//! its group; full partitions are paused instead.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use rdkafka::consumer::Consumer as _;
use rdkafka::error::RDKafkaErrorCode;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::client::{self, SharedOffsets, lock};
use crate::destination::Destination;
use crate::event::TopicPartition;
use crate::invoker::{Invocation, Invoker};
use crate::scheduler::{Now, Scheduler, Task};
use crate::status::Status;

mod config;
mod fetch;
mod results;
mod tell;
mod work;

pub use config::{Config, PollerError};
use work::{Done, Worker};

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
    /// Why the last connection failed.
    refused: Option<(RDKafkaErrorCode, String)>,
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
            report_batch_item_failures: config.report_batch_item_failures,
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
            refused: None,
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
        let (security, start) = (&self.config.security, self.config.starting_position);
        let context = client::Context::new(sender, self.offsets.clone(), start);
        let consumer = Arc::new(client::consumer(servers, group, security, context)?);
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
                Some(signal) = signals.recv() => self.signal(&consumer, signal)?,
                message = consumer.recv() => {
                    fetched = Some(message.map(|m| self.fetched(&m)));
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
                self.signal(&consumer, signal)?;
            }
            match fetched {
                Some(Ok(fetched)) if drain_until.is_none() => self.take(fetched),
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
            let last = job.batch.slices.keys().find_map(|tp| self.last.get(tp)).cloned();
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
}

async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}
