//! What is counted from outside: model calls by their metrics, workflows by their histories, letters
//! by their queues.

use crate::cli::Shelf;
use crate::dlq::shelves;
use crate::place::Place;
use anyhow::Context;
use aws_sdk_sfn::types::HistoryEventType;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// The log group of the function that asks the model; its metrics are lines there.
const MESSENGER: &str = "/aws/lambda/FlightPulse-LLMMessenger";
/// Executions of each workflow whose history is read: each is some calls.
const SAMPLED: usize = 40;
/// Executions that are listed of each workflow, at most.
const MOST_EXECUTIONS: usize = 20_000;

/// How the model was used on this stack since the replay began, by whatever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(in crate::replay) struct Model {
    /// Texts of the model that passed the check.
    pub(in crate::replay) texts: u64,
    /// Texts for which the template served.
    pub(in crate::replay) fallbacks: u64,
}

/// The workflows of this stack since the replay began, whatever set them off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(in crate::replay) struct Workflows {
    /// Executions.
    pub(in crate::replay) executions: u64,
    /// Executions whose history was read.
    pub(in crate::replay) sampled: u64,
    /// State transitions of one, on average over these.
    pub(in crate::replay) transitions: f64,
    /// Functions invoked by one, on average over these.
    pub(in crate::replay) invocations: f64,
}

/// The model's use since then, by the metrics of the function that asks it.
pub(super) async fn model(place: &Place, since: Timestamp) -> anyhow::Result<Model> {
    let logs = aws_sdk_cloudwatchlogs::Client::new(&place.sdk);
    let (mut model, mut next) = (Model::default(), None);
    loop {
        let request = logs.filter_log_events().log_group_name(MESSENGER);
        let request = request.filter_pattern("\"LLMInvocations\"");
        let request = request.start_time(since.as_millisecond()).set_next_token(next);
        let page = request.send().await.with_context(|| format!("{MESSENGER} cannot be read"))?;
        for line in page.events.unwrap_or_default() {
            let line: Value = serde_json::from_str(line.message.as_deref().unwrap_or_default())
                .unwrap_or_default();
            let count = |name: &str| line.get(name).and_then(Value::as_u64).unwrap_or_default();
            model.texts += count("LLMInvocationsSuccess");
            model.fallbacks += count("LLMInvocationsFailed");
        }
        next = page.next_token;
        if next.is_none() {
            return Ok(model);
        }
    }
}

/// The workflows since then.
pub(super) async fn workflows(place: &Place, since: Timestamp) -> anyhow::Result<Workflows> {
    let sfn = aws_sdk_sfn::Client::new(&place.sdk);
    let outputs = &place.outputs;
    let machines = [&outputs.delay_state_machine_arn, &outputs.cancellation_state_machine_arn];
    let (mut executions, mut sampled) = (0_usize, 0_usize);
    let (mut transitions, mut invocations) = (0.0, 0.0);
    for machine in machines {
        let all = since_then(&sfn, machine, since).await?;
        let step = all.len().div_ceil(SAMPLED).max(1);
        let sample: Vec<_> = all.iter().step_by(step).collect();
        // Each of the sample stands for as many as there are to one of it.
        let weight = all.len() as f64 / sample.len().max(1) as f64;
        for arn in &sample {
            let (entered, invoked) = history(&sfn, arn).await?;
            transitions += entered as f64 * weight;
            invocations += invoked as f64 * weight;
        }
        executions += all.len();
        sampled += sample.len();
    }
    let mean = |sum: f64| if executions == 0 { 0.0 } else { sum / executions as f64 };
    Ok(Workflows {
        executions: executions as u64,
        sampled: sampled as u64,
        transitions: mean(transitions),
        invocations: mean(invocations),
    })
}

async fn since_then(
    sfn: &aws_sdk_sfn::Client,
    machine: &str,
    since: Timestamp,
) -> anyhow::Result<Vec<String>> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let request = sfn.list_executions().state_machine_arn(machine).max_results(1_000);
        let page = request.set_next_token(next).send().await;
        let page = page.with_context(|| format!("the executions of {machine} cannot be listed"))?;
        let listed = page.executions.len();
        // Newest first.
        let recent = page.executions.into_iter();
        let recent = recent.take_while(|one| one.start_date.secs() >= since.as_second());
        let before = all.len();
        all.extend(recent.map(|one| one.execution_arn));
        next = page.next_token;
        if all.len() - before < listed || next.is_none() || all.len() >= MOST_EXECUTIONS {
            return Ok(all);
        }
    }
}

/// States entered, and functions invoked.
async fn history(sfn: &aws_sdk_sfn::Client, arn: &str) -> anyhow::Result<(u64, u64)> {
    let (mut entered, mut invoked, mut next) = (0, 0, None);
    loop {
        let request = sfn.get_execution_history().execution_arn(arn).include_execution_data(false);
        let page = request.max_results(1_000).set_next_token(next).send().await;
        let page = page.with_context(|| format!("the history of {arn} cannot be read"))?;
        for event in &page.events {
            entered += u64::from(event.r#type().as_str().ends_with("StateEntered"));
            let task = event.task_scheduled_event_details();
            let is_function = task.is_some_and(|task| task.resource_type() == "lambda")
                || *event.r#type() == HistoryEventType::LambdaFunctionScheduled;
            invoked += u64::from(is_function);
        }
        next = page.next_token;
        if next.is_none() {
            return Ok((entered, invoked));
        }
    }
}

/// What waits in the queues of dead letters.
pub(super) async fn dead_letters(place: &Place) -> anyhow::Result<u64> {
    let sqs = aws_sdk_sqs::Client::new(&place.sdk);
    let mut sum = 0;
    for shelf in [Shelf::DeadLetters, Shelf::RuleDeadLetters, Shelf::UnknownFlights] {
        let (visible, hidden) = shelves::length(&sqs, shelves::queue_url(place, shelf)?).await?;
        sum += visible + hidden;
    }
    Ok(sum)
}
