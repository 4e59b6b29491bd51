//! Executions that our events started, of whichever workflow, and the states that they enter.

use super::{About, News};
use crate::place::Place;
use crate::scenario::Execution;
use anyhow::Context;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::ExecutionListItem;
use futures::future::try_join_all;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Executions listed in one call.
const PAGE: i32 = 100;

/// Looks for the executions of our events.
pub(super) struct Executions {
    client: Client,
    /// By ARN: one event must start one of them only.
    state_machines: [String; 3],
    event_ids: BTreeSet<String>,
    since: Timestamp,
    /// By ARN; none for those of other events.
    known: BTreeMap<String, Option<Execution>>,
}

impl Executions {
    pub(super) fn new(place: &Place, about: &About) -> Self {
        let outputs = &place.outputs;
        Self {
            client: Client::new(&place.sdk),
            state_machines: [
                outputs.delay_state_machine_arn.clone(),
                outputs.cancellation_state_machine_arn.clone(),
                outputs.gate_change_state_machine_arn.clone(),
            ],
            event_ids: about.events.keys().cloned().collect(),
            since: about.since,
            known: BTreeMap::new(),
        }
    }

    /// The executions found so far.
    pub(super) fn found(&self) -> Vec<Execution> {
        self.known.values().flatten().cloned().collect()
    }

    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let mut news = Vec::new();
        let lists = self.state_machines.iter().map(|machine| self.started_since(machine));
        let lists = try_join_all(lists).await?;
        let mut all = lists.concat();
        all.sort_unstable();
        let new = all.into_iter().map(|(_, arn)| arn).filter(|arn| !self.known.contains_key(arn));
        let new: Vec<_> = new.collect();
        let described = try_join_all(new.iter().map(|arn| self.describe(arn))).await?;
        for (arn, mut execution) in new.into_iter().zip(described) {
            if let Some(execution) = &mut execution {
                // Its states are still to be read, even when it is over already.
                "RUNNING".clone_into(&mut execution.status);
            }
            news.extend(execution.clone().map(News::Started));
            self.known.insert(arn, execution);
        }
        let running: Vec<_> = self
            .known
            .iter()
            .filter_map(|(arn, execution)| Some((arn.clone(), execution.clone()?)))
            .filter(|(_, execution)| !execution.is_over())
            .collect();
        let now = try_join_all(running.iter().map(|(arn, _)| self.as_it_is(arn))).await?;
        for ((arn, before), now) in running.into_iter().zip(now) {
            let Some(now) = now else {
                continue;
            };
            let states = now.states.get(before.states.len()..).unwrap_or_default().to_vec();
            if !states.is_empty() {
                news.push(News::Entered(states));
            }
            if now.is_over() {
                news.push(News::Ended(now.clone()));
            }
            self.known.insert(arn, Some(now));
        }
        Ok(news)
    }

    // With the time of each start. Newest first, until one is older than the records can have
    // caused.
    async fn started_since(&self, state_machine: &str) -> anyhow::Result<Vec<(i128, String)>> {
        let recent = |item: &ExecutionListItem| item.start_date.secs() >= self.since.as_second();
        let (mut arns, mut next) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .list_executions()
                .state_machine_arn(state_machine)
                .max_results(PAGE)
                .set_next_token(next)
                .send()
                .await
                .with_context(|| format!("the executions of {state_machine} cannot be listed"))?;
            let older = page.executions.iter().any(|item| !recent(item));
            let recent = page.executions.into_iter().filter(recent);
            arns.extend(recent.map(|item| (item.start_date.as_nanos(), item.execution_arn)));
            next = page.next_token;
            if older || next.is_none() {
                return Ok(arns);
            }
        }
    }

    // The status first: a history that is read after the end is whole.
    async fn as_it_is(&self, arn: &str) -> anyhow::Result<Option<Execution>> {
        let Some(mut now) = self.describe(arn).await? else {
            return Ok(None);
        };
        now.states = self.states(arn).await?;
        Ok(Some(now))
    }

    // None for an execution of another event.
    async fn describe(&self, arn: &str) -> anyhow::Result<Option<Execution>> {
        let answer = self
            .client
            .describe_execution()
            .execution_arn(arn)
            .send()
            .await
            .context("an execution cannot be read")?;
        // What was started by hand may have any input; it is then none of ours.
        let input: Value =
            serde_json::from_str(answer.input().unwrap_or_default()).unwrap_or_default();
        let event_id = input.pointer("/detail/event_id").or_else(|| input.get("id"));
        let event_id = event_id.and_then(Value::as_str).unwrap_or_default();
        if !self.event_ids.contains(event_id) {
            return Ok(None);
        }
        let output: Value =
            serde_json::from_str(answer.output().unwrap_or_default()).unwrap_or_default();
        let error = [answer.error(), answer.cause()].into_iter().flatten().collect::<Vec<_>>();
        Ok(Some(Execution {
            name: answer.name().unwrap_or_default().to_owned(),
            event_id: event_id.to_owned(),
            workflow: last_part(answer.state_machine_arn()),
            route: input.get("detail-type").and_then(Value::as_str).unwrap_or_default().to_owned(),
            status: answer.status.as_str().to_owned(),
            outcome: output.get("outcome").and_then(Value::as_str).map(str::to_owned),
            states: Vec::new(),
            error: (!error.is_empty()).then(|| error.join(": ")),
        }))
    }

    async fn states(&self, arn: &str) -> anyhow::Result<Vec<String>> {
        let (mut states, mut next) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .get_execution_history()
                .execution_arn(arn)
                .include_execution_data(false)
                .set_next_token(next)
                .send()
                .await
                .context("the history of an execution cannot be read")?;
            let entered = page
                .events
                .into_iter()
                .filter(|event| event.r#type.as_str().ends_with("StateEntered"));
            states.extend(entered.map(|event| {
                event.state_entered_event_details.map(|details| details.name).unwrap_or_default()
            }));
            next = page.next_token;
            if next.is_none() {
                return Ok(states);
            }
        }
    }
}

// The name at the end of an ARN.
fn last_part(arn: &str) -> String {
    arn.rsplit(':').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_machine_is_named_at_the_end_of_its_arn() {
        let arn = "arn:aws:states:us-east-1:000000000000:stateMachine:FlightPulseDelayNotification";
        assert_eq!(last_part(arn), "FlightPulseDelayNotification");
    }
}
