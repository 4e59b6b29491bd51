//! What runs beside the loop: one invocation, one delivery, one commit.

use std::sync::Arc;

use rdkafka::error::KafkaResult;
use tracing::{error, warn};

use crate::answer::{Fault, Verdict, judge};
use crate::destination::{Destination, FailureRecord};
use crate::event::{Source, TopicPartition};
use crate::invoker::{Invocation, InvokeError, Invoker};
use crate::scheduler::{Condition, Job, Outcome, Task};

/// A finished piece of work.
pub(super) enum Done {
    Job { job: Job, outcome: Outcome, answer: Option<Invocation> },
    Commit(Vec<(TopicPartition, i64)>, KafkaResult<()>),
}

/// What jobs need.
pub(super) struct Worker {
    pub(super) invoker: Arc<dyn Invoker>,
    pub(super) destination: Option<Arc<dyn Destination>>,
    pub(super) source: Source,
    pub(super) function: String,
    pub(super) report_batch_item_failures: bool,
}

impl Worker {
    /// Performs a job; `last` is the last answer about its records.
    pub(super) async fn perform(self: Arc<Self>, job: Job, last: Option<Invocation>) -> Done {
        match job.task {
            Task::Invoke => {
                let (outcome, answer) = self.invoke(&job).await;
                Done::Job { job, outcome, answer }
            }
            Task::GiveUp(condition) => {
                let outcome = self.give_up(&job, condition, last.as_ref()).await;
                Done::Job { job, outcome, answer: last }
            }
        }
    }

    async fn invoke(&self, job: &Job) -> (Outcome, Option<Invocation>) {
        let payload = match serde_json::to_vec(&job.batch.event(&self.source)) {
            Ok(payload) => payload,
            Err(error) => {
                let fault = Fault::Invoke(error.to_string());
                return (Outcome::Answered(Verdict::Whole(fault)), None);
            }
        };
        match self.invoker.invoke(payload).await {
            Ok(mut answer) => {
                let verdict = judge(&answer, &job.batch, self.report_batch_item_failures);
                answer.payload.clear();
                (Outcome::Answered(verdict), Some(answer))
            }
            Err(error @ InvokeError::NoAnswer(_)) => {
                (Outcome::Answered(Verdict::Whole(Fault::Invoke(error.to_string()))), None)
            }
            Err(error @ InvokeError::NotReached(_)) => {
                (Outcome::NotReached(Fault::Invoke(error.to_string())), None)
            }
        }
    }

    async fn give_up(&self, job: &Job, why: Condition, last: Option<&Invocation>) -> Outcome {
        if job.batch.is_empty() {
            return Outcome::GivenUp;
        }
        let records: Vec<String> = job
            .batch
            .slices
            .iter()
            .flat_map(|(tp, slice)| {
                slice.records.iter().map(move |r| format!("{tp}@{}", r.record.offset))
            })
            .collect();
        let Some(destination) = &self.destination else {
            error!(?why, ?records, "records given up; there is no on-failure destination");
            return Outcome::GivenUp;
        };
        let last = last.filter(|_| job.attempts > 0);
        let document =
            FailureRecord::new(why, &job.batch, &self.source, &self.function, job.attempts, last);
        let delivered = match document {
            Ok(document) => destination.deliver(document).await,
            Err(error) => Err(error),
        };
        match delivered {
            Ok(()) => {
                warn!(?why, ?records, "records handed to the on-failure destination");
                Outcome::GivenUp
            }
            Err(error) => {
                error!(%error, ?why, "the on-failure destination failed; trying again");
                Outcome::NotGivenUp
            }
        }
    }
}
