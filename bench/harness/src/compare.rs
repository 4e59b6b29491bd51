//! Whether contenders do the same work: else their times say nothing.

use crate::function::{Contender, Function};
use crate::stub::Stub;
use crate::task::Task;
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;

/// What came of one batch: the answer, the calls, and the events that were published.
#[derive(Debug, PartialEq)]
struct Work {
    answer: Value,
    requests: BTreeMap<String, u64>,
    published: Vec<Value>,
}

/// Has each handle the same invocation.
///
/// # Errors
/// When one does other work than the first, or not the calls that such a batch needs.
pub(crate) async fn all_do_the_same(
    task: &Task,
    contenders: &[Contender],
    stub: &Stub,
) -> anyhow::Result<()> {
    let needed = task.needed.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect();
    let mut first: Option<Work> = None;
    for contender in contenders {
        let work = work(task, contender, stub).await.with_context(|| contender.name)?;
        if work.requests != needed {
            bail!("{} makes other calls than {needed:?}: {:?}", contender.name, work.requests);
        }
        match &first {
            Some(first) => same(first, &work).with_context(|| contender.name)?,
            None => first = Some(work),
        }
    }
    Ok(())
}

async fn work(task: &Task, contender: &Contender, stub: &Stub) -> anyhow::Result<Work> {
    let function = Function::start(contender, stub).await?;
    stub.take_traffic();
    stub.keep_bodies();
    let (answer, _) = function.first((task.payload)(task.compared)).await?;
    function.end().await?;
    let requests = stub.take_traffic().into_iter().map(|(name, seen)| (name, seen.requests));
    let requests = requests.collect();
    let mut published = Vec::new();
    for (operation, body) in stub.take_bodies() {
        if operation == "PutEvents" {
            let body: Value = serde_json::from_slice(&body)?;
            published.extend(body["Entries"].as_array().into_iter().flatten().map(event));
        }
    }
    // Calls are under way at once, so they come in any order.
    published.sort_by_key(|event| event["Detail"]["event_id"].to_string());
    let answer = (task.comparable)(serde_json::from_slice(&answer)?);
    Ok(Work { answer, requests, published })
}

/// An entry, its detail read: texts of JSON may differ in spaces and order.
fn event(entry: &Value) -> Value {
    let mut entry = entry.clone();
    let detail = entry["Detail"].as_str().and_then(|text| serde_json::from_str(text).ok());
    entry["Detail"] = detail.unwrap_or_default();
    entry
}

fn same(first: &Work, other: &Work) -> anyhow::Result<()> {
    if first.answer != other.answer {
        bail!("it answers {}, and the first {}", other.answer, first.answer);
    }
    let differ = first.published.iter().zip(&other.published).find(|(one, other)| one != other);
    if let Some((one, other)) = differ {
        bail!("it publishes\n{other}\nand the first\n{one}");
    }
    if first.published.len() != other.published.len() {
        bail!("it publishes {}, and the first {}", other.published.len(), first.published.len());
    }
    Ok(())
}
