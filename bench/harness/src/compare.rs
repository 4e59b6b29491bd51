//! Whether contenders do the same work: else their times say nothing.

use crate::function::{Contender, Function};
use crate::stub::Stub;
use crate::task::{Compared, Task};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What came of one invocation: the answer, the calls, and the events that were published.
#[derive(Debug, PartialEq)]
struct Work {
    answer: Value,
    requests: BTreeMap<String, u64>,
    published: Vec<Value>,
}

/// Has each handle the same invocations, one after the other.
///
/// # Errors
/// When one does other work than the first, or not the calls that an invocation needs.
pub(crate) async fn all_do_the_same(
    task: &Task,
    contenders: &[Contender],
    stub: &Stub,
) -> anyhow::Result<()> {
    let mut first: Option<Vec<Work>> = None;
    for contender in contenders {
        let works = works(task, contender, stub).await.with_context(|| contender.name)?;
        match &first {
            Some(first) => {
                for ((first, work), compared) in first.iter().zip(&works).zip(task.compared) {
                    let at = || format!("{}: {}", contender.name, compared.what);
                    same(first, work).with_context(at)?;
                }
            }
            None => first = Some(works),
        }
    }
    Ok(())
}

async fn works(task: &Task, contender: &Contender, stub: &Stub) -> anyhow::Result<Vec<Work>> {
    let function = Function::start(contender, stub).await?;
    let mut works: Vec<Work> = Vec::new();
    for compared in task.compared {
        let before = works.last().map_or(&Value::Null, |work| &work.answer);
        let work = work(task, compared, before, &function, stub).await.context(compared.what)?;
        let needed = compared.needed.iter().map(|(name, times)| ((*name).to_owned(), *times));
        let needed: BTreeMap<_, _> = needed.collect();
        if work.requests != needed {
            bail!("{}: other calls than {needed:?}: {:?}", compared.what, work.requests);
        }
        works.push(work);
    }
    function.end().await?;
    Ok(works)
}

async fn work(
    task: &Task,
    compared: &Compared,
    before: &Value,
    function: &Function,
    stub: &Stub,
) -> anyhow::Result<Work> {
    stub.take_traffic();
    stub.keep_bodies();
    let answer = match function.runtime.invoke((compared.payload)(before)).await {
        Ok((answer, _)) => (task.comparable)(serde_json::from_slice(&answer)?),
        Err(error) => failure(error)?,
    };
    let requests = stub.take_traffic().into_iter().map(|(name, seen)| (name, seen.requests));
    let requests = requests.collect();
    let mut published = Vec::new();
    for (operation, body) in stub.take_bodies() {
        if operation == "PutEvents" {
            let body: Value = serde_json::from_slice(&body)?;
            published.extend(body["Entries"].as_array().into_iter().flatten().map(event));
        }
    }
    if !task.in_order {
        // Calls are under way at once, so they come in any order.
        published.sort_by_key(|event| event["Detail"]["event_id"].to_string());
    }
    Ok(Work { answer, requests, published })
}

/// What a function says that fails, without its words: they are each language's own.
fn failure(error: anyhow::Error) -> anyhow::Result<Value> {
    match serde_json::from_str::<Value>(&error.to_string()) {
        Ok(said) if said["errorType"].is_string() => Ok(json!({"errorType": said["errorType"]})),
        _ => Err(error),
    }
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
