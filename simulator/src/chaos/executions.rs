//! How the executions of a history ended.

use crate::place::Place;
use anyhow::Context;
use flightpulse_domain::ids::EventId;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// Executions that are listed in one call, of one workflow at most, and described at once.
const PER_CALL: i32 = 1_000;
const MOST: usize = 50_000;
const CONCURRENCY: usize = 8;
/// What an execution answers that has told all passengers.
const TOLD: &str = "TELL";

/// The workflows.
pub(super) fn machines(place: &Place) -> [&str; 3] {
    let outputs = &place.outputs;
    [
        &outputs.delay_state_machine_arn,
        &outputs.cancellation_state_machine_arn,
        &outputs.gate_change_state_machine_arn,
    ]
}

/// How the executions of a history ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// Executions, of which so many failed.
    pub(super) all: usize,
    pub(super) failed: usize,
    /// Events whose passengers were all told, as their workflow says.
    pub(super) told: BTreeSet<EventId>,
}

/// Executions since then whose input has this text.
pub(super) async fn ended(place: &Place, since: Timestamp, text: &str) -> anyhow::Result<Ended> {
    let sfn = aws_sdk_sfn::Client::new(&place.sdk);
    let mut arns = Vec::new();
    for machine in machines(place) {
        arns.extend(started_since(&sfn, machine, since).await?);
    }
    let described = arns.iter().map(|arn| sfn.describe_execution().execution_arn(arn).send());
    let mut described = stream::iter(described).buffer_unordered(CONCURRENCY);
    let mut ended = Ended::default();
    while let Some(one) = described.try_next().await.context("an execution cannot be read")? {
        let input = one.input().unwrap_or_default();
        if !input.contains(text) {
            continue;
        }
        ended.all += 1;
        ended.failed += usize::from(one.status.as_str() != "SUCCEEDED");
        let (input, output) = (read(input), read(one.output().unwrap_or_default()));
        let event = input.pointer("/detail/event_id").and_then(Value::as_str);
        if output.get("outcome").and_then(Value::as_str) == Some(TOLD) {
            ended.told.extend(event.and_then(|id| EventId::new(id).ok()));
        }
    }
    Ok(ended)
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

async fn started_since(
    sfn: &aws_sdk_sfn::Client,
    machine: &str,
    since: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let (mut arns, mut next) = (Vec::new(), None);
    loop {
        let request = sfn.list_executions().state_machine_arn(machine).max_results(PER_CALL);
        let page = request.set_next_token(next).send().await;
        let page = page.with_context(|| format!("the executions of {machine} cannot be listed"))?;
        let (before, listed) = (arns.len(), page.executions.len());
        // Newest first.
        let recent = page.executions.into_iter();
        let recent = recent.take_while(|one| one.start_date.secs() >= since.as_second());
        arns.extend(recent.map(|one| one.execution_arn));
        next = page.next_token;
        if arns.len() - before < listed || next.is_none() || arns.len() >= MOST {
            return Ok(arns);
        }
    }
}
