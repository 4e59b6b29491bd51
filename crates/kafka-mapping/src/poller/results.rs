//! What finished work does to offsets and counters, and the last of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{CommitMode, Consumer as _};
use tracing::{error, info, warn};

use super::Poller;
use super::work::Done;
use crate::answer::Verdict;
use crate::client::{self, MappingConsumer, lock};
use crate::invoker::Invocation;
use crate::scheduler::{Job, Now, Outcome, Task};
use crate::status::State;

/// The pause after a commit that failed.
const COMMIT_PAUSE: Duration = Duration::from_secs(1);
/// How long the last commit and leaving the group may take.
const FAREWELL: Duration = Duration::from_secs(5);

impl Poller {
    pub(super) fn start_commit(&mut self, consumer: &Arc<MappingConsumer>) {
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

    pub(super) fn done(&mut self, done: Done) {
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
            Done::Job { job, outcome, answer } => self.job_done(&job, outcome, answer),
        }
        self.publish();
    }

    fn job_done(&mut self, job: &Job, outcome: Outcome, answer: Option<Invocation>) {
        let fault = match &outcome {
            Outcome::Answered(Verdict::Whole(fault)) | Outcome::NotReached(fault) => {
                Some(fault.to_string())
            }
            Outcome::Answered(Verdict::Partial(lowest)) => {
                let failed: Vec<String> =
                    lowest.iter().map(|(tp, offset)| format!("{tp}@{offset}")).collect();
                Some(format!("records reported as failed, from {}", failed.join(", ")))
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
        self.status.send_modify(|status| match (&job.task, &outcome) {
            (Task::Invoke, _) => status.batches += 1,
            (Task::GiveUp(_), Outcome::GivenUp) if taken => status.failed_records += count,
            (Task::GiveUp(_), Outcome::GivenUp) => status.discarded_records += count,
            (Task::GiveUp(_), _) => {}
        });
        let settled = self.scheduler.finish(job.id, outcome, Now::read());
        let mut offsets = lock(&self.offsets);
        settled.done.iter().for_each(|(partition, next)| offsets.done(partition, *next));
        drop(offsets);
        self.status.send_modify(|status| status.records += settled.succeeded as u64);
        if let Some(fault) = fault {
            self.trouble(fault);
        }
    }

    /// The last commit, then out of the group. Neither may hold up the end for long.
    pub(super) async fn farewell(mut self, consumer: Arc<MappingConsumer>) {
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
        self.status.send_modify(|status| status.state = State::Stopped);
        info!("stopped");
    }
}
