//! Whether contenders reconcile alike: what they answer, ask and write.

use super::{NAME, Series, Stage};
use crate::function::{Contender, Function};
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;

/// What came of a file.
#[derive(Debug)]
struct Work {
    answers: Vec<Value>,
    requests: BTreeMap<String, u64>,
    /// The items of each transaction, by the reservation and how often it was written.
    written: BTreeMap<String, Vec<String>>,
}

impl Stage<'_> {
    /// Has each reconcile the file.
    ///
    /// # Errors
    /// When one does other work than the first.
    pub(super) async fn all_do_the_same(
        &self,
        series: Series,
        contenders: &[Contender],
    ) -> anyhow::Result<()> {
        let mut first: Option<Work> = None;
        for contender in contenders {
            eprintln!("{NAME}: what {} does: {}", contender.name, series.name());
            let work = self.work(series, contender).await.context(contender.name)?;
            match &first {
                Some(first) => same(first, &work).context(contender.name)?,
                None => first = Some(work),
            }
        }
        Ok(())
    }

    async fn work(&self, series: Series, contender: &Contender) -> anyhow::Result<Work> {
        self.prepare(series);
        let function = Function::start(contender, self.stub).await?;
        self.stub.take_traffic();
        self.stub.keep_bodies();
        let done = self.planned.reconciled(&function).await?;
        function.end().await?;
        let requests = self.stub.take_traffic().into_iter();
        let requests: BTreeMap<_, _> = requests.map(|(name, seen)| (name, seen.requests)).collect();
        let mut written = BTreeMap::new();
        for (operation, body) in self.stub.take_bodies() {
            if operation == "TransactWriteItems" {
                let (reservation, items) = transaction(&serde_json::from_slice(&body)?);
                if let Some(twice) = written.insert(reservation, items) {
                    bail!("a reservation is written twice at one revision: {twice:?}");
                }
            }
        }
        if (series == Series::Unchanged) != written.is_empty() {
            bail!("{} reservations are written: {}", written.len(), series.name());
        }
        let mut answers = done.answers;
        answers.iter_mut().filter_map(Value::as_object_mut).for_each(|answer| {
            // Each ends when it ends.
            answer.remove("ended_at");
        });
        Ok(Work { answers, requests, written })
    }
}

/// The reservation that a transaction writes, with its revision; and all of its items, in an order of
/// their own.
fn transaction(body: &Value) -> (String, Vec<String>) {
    let writes: Vec<_> = body["TransactItems"].as_array().into_iter().flatten().cloned().collect();
    let reservation = writes.first().map(|write| &write["Put"]["Item"]).unwrap_or(&Value::Null);
    let name = format!("{} {}", reservation["PK"]["S"], reservation["revision"]["N"]);
    let mut items: Vec<_> = writes.into_iter().map(comparable).collect();
    items.sort();
    (name, items)
}

/// An item without the time at which it was written.
fn comparable(mut write: Value) -> String {
    if let Some(item) = write["Put"]["Item"].as_object_mut()
        && item.contains_key("found")
    {
        item.remove("at");
        item.remove("expires_at");
    }
    write.to_string()
}

fn same(first: &Work, other: &Work) -> anyhow::Result<()> {
    if first.answers != other.answers {
        bail!("it answers {:?}, and the first {:?}", other.answers, first.answers);
    }
    if first.requests != other.requests {
        bail!("it asks {:?}, and the first {:?}", other.requests, first.requests);
    }
    for (reservation, items) in &first.written {
        let Some(others) = other.written.get(reservation) else {
            bail!("it does not write {reservation}, and the first does");
        };
        let differ = items.iter().zip(others).find(|(one, other)| one != other);
        if let Some((one, other)) = differ {
            bail!("it writes of {reservation}\n{other}\nand the first\n{one}");
        }
        if items.len() != others.len() {
            bail!(
                "it writes {} items of {reservation}, and the first {}",
                others.len(),
                items.len()
            );
        }
    }
    if first.written.len() != other.written.len() {
        let (one, other) = (first.written.len(), other.written.len());
        bail!("it writes {other} reservations, and the first {one}");
    }
    Ok(())
}
