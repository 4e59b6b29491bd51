//! The runs of an export's files, as the API tells of them.

use super::layout::Written;
use crate::interrupt::Interrupt;
use crate::ops;
use crate::place::Place;
use crate::stop::Stop;
use anyhow::Context;
use flightpulse_contracts::rest::reconciliations::{ReconciliationList, ReconciliationView};
use flightpulse_domain::reconciliation::{RunId, RunStatus};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Runs of one call.
const PAGE: usize = 100;
/// The most calls of one look: runs of a busy day.
const MOST_PAGES: usize = 50;
/// How often it is looked whether all have ended.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How far back runs are looked at: our clock and theirs differ by less.
const BACK: SignedDuration = SignedDuration::from_mins(15);

/// The runs that are looked for.
pub(crate) struct Runs {
    since: Timestamp,
    /// Those that were there before the files were written.
    before: BTreeSet<RunId>,
}

impl Runs {
    /// From now on.
    pub(super) async fn from_now(place: &Place) -> anyhow::Result<Self> {
        let since = Timestamp::now() - BACK;
        let before = read(place, since).await?.into_iter().map(|run| run.reconciliation_id);
        Ok(Self { since, before: before.collect() })
    }

    /// Waits until a run of every file has ended, or patience is at its end. Answers with the runs in
    /// the order of the files; where one is missing or goes on, that is a fault to be told.
    pub(super) async fn ended(
        &self,
        place: &Place,
        files: &[Written],
        patience: Duration,
        interrupt: &mut Interrupt,
    ) -> anyhow::Result<Vec<ReconciliationView>> {
        let began = Instant::now();
        loop {
            let found = self.of(files, read(place, self.since).await?);
            if all_ended(files, &found) || began.elapsed() >= patience {
                return Ok(found);
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = interrupt.asked() => {
                    let why = "stopped; the files are written, and what came of them was not read";
                    return Err(Stop::Interrupted(why.to_owned()).into());
                }
            }
        }
    }

    /// The new runs of the files. S3 may tell of a file twice, so a file may have several.
    fn of(&self, files: &[Written], all: Vec<ReconciliationView>) -> Vec<ReconciliationView> {
        let place = |run: &ReconciliationView| files.iter().position(|file| file.key == run.key);
        let is_new = |run: &ReconciliationView| !self.before.contains(&run.reconciliation_id);
        let new = all.into_iter().filter(is_new).filter_map(|run| Some((place(&run)?, run)));
        let mut new: Vec<_> = new.collect();
        new.sort_by(|(one, a), (other, b)| {
            one.cmp(other).then_with(|| a.reconciliation_id.cmp(&b.reconciliation_id))
        });
        new.into_iter().map(|(_, run)| run).collect()
    }
}

/// Whether there is a run of every file, and none goes on.
fn all_ended(files: &[Written], runs: &[ReconciliationView]) -> bool {
    files.iter().all(|file| runs.iter().any(|run| run.key == file.key))
        && runs.iter().all(|run| run.status != RunStatus::Running)
}

/// Runs that began since then, newest first.
async fn read(place: &Place, since: Timestamp) -> anyhow::Result<Vec<ReconciliationView>> {
    let mut runs = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let from = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let answer = ops::get(place, &format!("/reconciliations?limit={PAGE}{from}")).await?;
        anyhow::ensure!(
            !answer.is_null(),
            Stop::CannotRun(
                "the API that is deployed knows no reconciliations; deploy anew".into()
            )
        );
        let page: ReconciliationList =
            serde_json::from_value(answer).context("the list of reconciliations is none")?;
        let old = page.reconciliations.iter().any(|run| run.started_at < since);
        runs.extend(page.reconciliations.into_iter().filter(|run| run.started_at >= since));
        match page.next {
            Some(next) if !old => cursor = Some(next),
            _ => break,
        }
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    fn written(key: &str) -> Written {
        Written { key: key.to_owned(), rows: 1, bytes: 1 }
    }

    #[test]
    fn the_runs_are_those_of_the_files_that_are_new() {
        let before = BTreeSet::from([view("a", 1).reconciliation_id]);
        let runs = Runs { since: Timestamp::UNIX_EPOCH, before };
        let all = vec![view("b", 3), view("other", 4), view("a", 1), view("a", 2), view("b", 0)];
        let files = [written("a"), written("b"), written("c")];
        let found = runs.of(&files, all);
        let said = found.iter().map(|run| (run.key.as_str(), run.missing));
        assert_eq!(said.collect::<BTreeSet<_>>(), BTreeSet::from([("a", 2), ("b", 0), ("b", 3)]));
        assert!(found.is_sorted_by_key(|run| (&run.key, &run.reconciliation_id)));
        assert!(!all_ended(&files, &found));
    }

    #[test]
    fn a_run_that_goes_on_is_waited_for() {
        let files = [written("a"), written("b")];
        let mut runs = vec![view("a", 0), view("b", 5)];
        assert!(all_ended(&files, &runs));
        runs[1].status = RunStatus::Running;
        assert!(!all_ended(&files, &runs));
    }
}
