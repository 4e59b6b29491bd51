//! The scenario of a feed that loses some of its events, and of an export that brings them: sent,
//! exported, reconciled, and the same export once more.

use super::judge;
use super::report::Report;
use super::stage::Stage;
use super::timeline::Timeline;
use crate::aep::{ExportReport, Records, Rehearsal, Staged, StreamReport};
use crate::cli::ScenarioOptions;
use crate::dlq;
use crate::interrupt::Interrupt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Its number.
pub(super) const NUMBER: u32 = 7;

const FILE: &str = include_str!("../../../sample-data/expectations/scenario-7.json");

/// What is sent, and what must come of it: a committed file, not what the code under test would say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lossy {
    scenario: u32,
    pub(super) title: String,
    patience_seconds: u64,
    rehearsal: Rehearsal,
    pub(super) expected: Expected,
}

/// What must come of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// Events that happened, and those of them that the stream loses.
    pub(super) events: u64,
    pub(super) lost: u64,
    /// Reservations of which the stream says nothing, and those of which it says not all.
    pub(super) missing_reservations: u64,
    pub(super) different_reservations: u64,
    /// Records of the flights in the end.
    pub(super) records: u64,
    /// Of these, what is not there after the stream, and what is there and says something else.
    pub(super) missing_records: u64,
    pub(super) wrong_records: u64,
    /// Of these, those whose purchase came by the export.
    pub(super) recovered_records: u64,
    /// What the seats have earned in the end, by currency, in minor units.
    pub(super) revenue: BTreeMap<String, i64>,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Reconciled {
    pub(super) stream: StreamReport,
    /// The table after the stream, held against all that happened.
    pub(super) gap: Records,
    pub(super) first: ExportReport,
    pub(super) second: ExportReport,
    pub(super) revenue_before: BTreeMap<String, i64>,
    pub(super) revenue: BTreeMap<String, i64>,
    /// Failed reconciliations among the dead letters: more than before.
    pub(super) dead_letters: u64,
}

impl Lossy {
    /// The scenario.
    pub(super) fn read() -> anyhow::Result<Self> {
        let lossy: Self = serde_json::from_str(FILE)?;
        anyhow::ensure!(lossy.scenario == NUMBER, "the file is that of another scenario");
        Ok(lossy)
    }

    /// The same in a run of its own.
    pub(super) fn staged(&self, patience: Duration) -> anyhow::Result<Staged> {
        self.rehearsal.staged(patience)
    }
}

impl Stage {
    /// Plays the scenario and judges it.
    pub(super) async fn reconcile(
        &self,
        lossy: &Lossy,
        options: &ScenarioOptions,
    ) -> anyhow::Result<Report> {
        let place = &self.place;
        let mut timeline = Timeline::start(!options.json, &lossy.title);
        let patience = options.timeout_seconds.unwrap_or(lossy.patience_seconds);
        let staged = lossy.staged(Duration::from_secs(patience))?;
        let letters_before = dlq::failed_reconciliations(place).await?;

        let stream = staged.stream(place).await?;
        timeline.streamed(&stream);
        let (gap, revenue_before) = (staged.gap(place).await?, staged.revenue(place).await?);
        timeline.gap(&gap, &revenue_before);
        let first = self.exported(&staged, false, &mut timeline).await?;
        let revenue = staged.revenue(place).await?;
        timeline.earned(&revenue);
        let second = self.exported(&staged, true, &mut timeline).await?;

        let letters = dlq::failed_reconciliations(place).await?;
        let dead_letters = letters.saturating_sub(letters_before);
        let seen = Reconciled { stream, gap, first, second, revenue_before, revenue, dead_letters };
        let verdict = judge::judge_reconciliation(&lossy.expected, &seen);
        Ok(Report::of_reconciliation(lossy, timeline, seen, verdict))
    }

    async fn exported(
        &self,
        staged: &Staged,
        again: bool,
        timeline: &mut Timeline,
    ) -> anyhow::Result<ExportReport> {
        let place = &self.place;
        let export = staged.export(again)?;
        let begun = export.begin(place).await?;
        let mut report = export.write(Some(place), &Interrupt::listen()).await?;
        timeline.exported(&report, again);
        staged.follow(place, &export, &begun, &mut report).await?;
        timeline.reconciled(&report);
        Ok(report)
    }
}

impl Reconciled {
    /// The table before and after, in lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let after = self.first.held.as_ref().map(|held| held.records).unwrap_or_default();
        let row = |name: &str, before: String, after: String| {
            let mark = if before == after { ' ' } else { '→' };
            format!("  {name:<22} {before:<26} {mark} {after}")
        };
        let count =
            |name: &str, before: u64, after: u64| row(name, before.to_string(), after.to_string());
        let mut lines = vec![
            count("records exact", self.gap.exact, after.exact),
            count("records missing", self.gap.missing, after.missing),
            count("records wrong", self.gap.wrong, after.wrong),
            count("brought by an export", self.gap.recovered, after.recovered),
        ];
        let earned = |revenue: &BTreeMap<String, i64>, currency: &String| {
            revenue.get(currency).map_or("-".to_owned(), i64::to_string)
        };
        let currencies: std::collections::BTreeSet<_> =
            self.revenue_before.keys().chain(self.revenue.keys()).collect();
        lines.extend(currencies.into_iter().map(|currency| {
            let (before, after) =
                (earned(&self.revenue_before, currency), earned(&self.revenue, currency));
            row(&format!("revenue {currency} (minor)"), before, after)
        }));
        lines
    }
}

#[cfg(test)]
mod tests;
