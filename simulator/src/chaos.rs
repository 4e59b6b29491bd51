//! `chaos`: a history of the in-process simulation on a deployed stack. Whoever plays it makes the
//! faults; this writes what is said, waits until all is quiet, and holds what came of it against the
//! reference model.

mod executions;
mod history;
mod letters;
mod play;
mod readers;
mod report;
mod settle;
mod verdict;
mod verify;

use crate::cli::{ChaosOptions, ChaosRequest};

/// Does what is asked; answers whether it is good.
pub(crate) async fn run(aws: bool, options: &ChaosOptions) -> anyhow::Result<bool> {
    match &options.request {
        ChaosRequest::Play(options) => play::run(aws, options).await.map(|()| true),
        ChaosRequest::Settle(options) => settle::run(aws, options).await,
        ChaosRequest::Verify(options) => verify::run(aws, options).await,
    }
}
