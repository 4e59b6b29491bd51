//! What a scenario says at its end: what came of each event, the flights before and after, the
//! verdict, one last line.

mod events;

use super::judge::{Check, Verdict};
use super::observation::{Observation, Whole};
use super::reconciliation::{self, Lossy, Reconciled};
use super::script::Script;
use super::timeline::{Happening, Timeline};
use crate::terminal::{self, Paint};
use serde::Serialize;
use serde_json::Value;

/// All that a scenario has to say; `--json` writes it.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    scenario: u32,
    title: String,
    pub(super) passed: bool,
    elapsed_ms: u128,
    timeline: Vec<Happening>,
    verdict: Verdict,
    observation: Observed,
    #[serde(skip)]
    paint: Paint,
}

/// What was seen; of a single event and of a reconciliation in a form of its own.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Observed {
    One(Box<Observation>),
    Many(Box<Whole>),
    Reconciliation(Box<Reconciled>),
}

impl Report {
    pub(super) fn new(
        script: &Script,
        timeline: Timeline,
        observed: Whole,
        verdict: Verdict,
    ) -> Self {
        let observation = match script {
            Script::One(_) => Observed::One(Box::new(observed.of_the_one())),
            Script::Many(_) => Observed::Many(Box::new(observed)),
        };
        Self::of(script.number(), script.title(), timeline, observation, verdict)
    }

    /// Of a feed that loses some, and an export.
    pub(super) fn of_reconciliation(
        lossy: &Lossy,
        timeline: Timeline,
        seen: Reconciled,
        verdict: Verdict,
    ) -> Self {
        let observation = Observed::Reconciliation(Box::new(seen));
        Self::of(reconciliation::NUMBER, &lossy.title, timeline, observation, verdict)
    }

    fn of(
        scenario: u32,
        title: &str,
        timeline: Timeline,
        observation: Observed,
        verdict: Verdict,
    ) -> Self {
        Self {
            scenario,
            title: title.to_owned(),
            passed: verdict.passed(),
            elapsed_ms: timeline.elapsed().as_millis(),
            paint: timeline.paint(),
            timeline: timeline.into_happenings(),
            verdict,
            observation,
        }
    }

    /// The report for a person.
    pub(super) fn lines(&self) -> Vec<String> {
        let paint = self.paint;
        let mut lines = vec![String::new()];
        let title = paint.bold("API: before → after");
        match &self.observation {
            Observed::One(one) => {
                lines.push(title);
                lines.extend(changes(&one.flight_before, &one.flight_after, true, paint));
            }
            Observed::Reconciliation(seen) => {
                lines.push(paint.bold("Table: after the stream → after the export"));
                lines.extend(seen.lines());
            }
            Observed::Many(all) => {
                lines.push(paint.bold("What came of each event, in the order of writing"));
                lines.extend(events::lines(all, paint));
                lines.extend([String::new(), title]);
                for (id, flight) in &all.flights {
                    let changed = changes(&flight.before, &flight.after, false, paint);
                    let as_it_was = if changed.is_empty() { ": as it was" } else { "" };
                    lines.push(format!("  {id}{as_it_was}"));
                    lines.extend(changed);
                }
            }
        }
        lines.extend([String::new(), paint.bold("Verdict")]);
        lines.extend(self.verdict.checks.iter().map(|check| line(check, paint)));
        lines.push(String::new());
        lines.push(self.last_line());
        lines
    }

    /// What came of it, in one line.
    pub(super) fn last_line(&self) -> String {
        let name = format!("scenario {}", self.scenario);
        // A tenth of a second is as exact as looking five times a second can be.
        let tenths = self.elapsed_ms / 100;
        let seconds = format!("{}.{} s", tenths / 10, tenths % 10);
        if self.passed {
            return format!("{name}: {} in {seconds}", self.paint.good("PASSED"));
        }
        let failures: Vec<_> = self.verdict.failures().map(|check| check.name).collect();
        let (count, all) = (failures.len(), self.verdict.checks.len());
        let failures = failures.join("; ");
        format!(
            "{name}: {} after {seconds}, {count} of {all} checks: {failures}",
            self.paint.bad("FAILED")
        )
    }
}

/// What came of several scenarios; `--json` writes it.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    pub(super) passed: bool,
    scenarios: Vec<Report>,
}

impl Summary {
    pub(super) fn new(scenarios: Vec<Report>) -> Self {
        Self { passed: scenarios.iter().all(|one| one.passed), scenarios }
    }

    /// The summary for a person, who has read each report.
    pub(super) fn lines(&self) -> Vec<String> {
        let Some(paint) = self.scenarios.first().map(|one| one.paint) else {
            return Vec::new();
        };
        let mut lines = vec![String::new(), paint.bold("Summary")];
        lines.extend(self.scenarios.iter().map(|one| format!("  {}", one.last_line())));
        let (passed, all) =
            (self.scenarios.iter().filter(|one| one.passed).count(), self.scenarios.len());
        let word = if self.passed { paint.good("PASSED") } else { paint.bad("FAILED") };
        lines.push(format!("all scenarios: {word}, {passed} of {all}"));
        lines
    }
}

fn line(check: &Check, paint: Paint) -> String {
    let Check { name, ok, detail } = check;
    let detail = terminal::printable(detail);
    if *ok {
        format!("  {} {name} {}", paint.good("✓"), paint.dim(format!("({detail})")))
    } else {
        format!("  {} {name}: {}", paint.bad("✗"), paint.bad(detail))
    }
}

/// Every field of the flight that is a plain value, or those that changed, in two columns; changed
/// ones stand out.
fn changes(before: &Value, after: &Value, all: bool, paint: Paint) -> Vec<String> {
    let text = |flight: &Value, name: &str| match flight.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(_) | Value::Array(_)) => "…".to_owned(),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    };
    let empty = serde_json::Map::new();
    let mut names: Vec<&String> = [before, after]
        .iter()
        .flat_map(|flight| flight.as_object().unwrap_or(&empty).keys())
        .collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| all || before.get(*name) != after.get(*name))
        .map(|name| {
            let (old, new) = (text(before, name), text(after, name));
            let row = |mark: &str| format!("  {name:<22} {old:<26} {mark} {new}");
            if before.get(name) == after.get(name) { paint.dim(row(" ")) } else { row("→") }
        })
        .collect()
}
