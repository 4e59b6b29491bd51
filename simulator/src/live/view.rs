//! What was seen at one look, and how it reads.

use crate::lag::PartitionLag;
use crate::terminal::{Paint, printable};
use jiff::Timestamp;
use serde::Serialize;

/// The width of the names at the left.
const MARGIN: usize = 14;

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Seen<T> {
    /// It is so.
    Known(T),
    /// It is not part of what is deployed.
    Absent(String),
    /// It did not answer, for this reason.
    Away(String),
}

/// A number that was counted as far as it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(super) struct Count {
    pub(super) count: u64,
    /// There are more.
    pub(super) more: bool,
}

/// The executions of one workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Workflow {
    pub(super) name: String,
    /// Just now.
    pub(super) running: Count,
    /// Of those that began within the window.
    pub(super) succeeded: Count,
    /// Of those that began within the window: failed, timed out or ended by hand.
    pub(super) failed: Count,
}

/// Something with a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) count: Count,
}

/// Changes of status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Changes {
    /// How many within the window, by the events' names.
    pub(super) counts: Vec<Named>,
    /// The last of them.
    pub(super) last: Vec<String>,
}

/// Whether notifications are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Held {
    pub(super) held: bool,
    pub(super) since: Option<Timestamp>,
    pub(super) by: Option<String>,
    pub(super) reason: Option<String>,
}

/// Everything that was seen at one look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct View {
    pub(super) at: Timestamp,
    pub(super) place: String,
    pub(super) window_minutes: u32,
    pub(super) group: String,
    pub(super) lag: Seen<Vec<PartitionLag>>,
    pub(super) workflows: Seen<Vec<Workflow>>,
    pub(super) notifications: Seen<Vec<Named>>,
    pub(super) held: Seen<Held>,
    pub(super) changes: Seen<Changes>,
    pub(super) dead_letters: Seen<Vec<Named>>,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.count, if self.more { "+" } else { "" })
    }
}

impl View {
    /// The view as lines.
    pub(super) fn lines(&self, paint: Paint) -> Vec<String> {
        let Self { at, place, window_minutes, .. } = self;
        let title = format!("FlightPulse, {place}");
        let since = format!("{at:.0}, counts of the last {window_minutes} min");
        let mut lines = vec![format!("{}  {}", paint.bold(printable(&title)), paint.dim(since))];
        let section = |name: &str, rows: Vec<String>| {
            let names = std::iter::once(name).chain(std::iter::repeat(""));
            let rows = names.zip(rows);
            rows.map(|(name, row)| format!("{name:<MARGIN$} {row}")).collect::<Vec<_>>()
        };
        lines.extend(section("Kafka", rows(&self.lag, paint, |lag| self.lag_rows(lag, paint))));
        lines.extend(section(
            "Workflows",
            rows(&self.workflows, paint, |all| workflow_rows(all, paint)),
        ));
        lines.extend(section(
            "Notifications",
            rows(&self.notifications, paint, |channels| vec![list(channels, paint, false)]),
        ));
        lines.extend(section("", rows(&self.held, paint, |held| held_rows(held, paint))));
        lines
            .extend(section("Changes", rows(&self.changes, paint, |all| changes_rows(all, paint))));
        lines.extend(section(
            "Dead letters",
            rows(&self.dead_letters, paint, |all| {
                all.iter().map(|one| list(std::slice::from_ref(one), paint, true)).collect()
            }),
        ));
        lines
    }

    fn lag_rows(&self, lag: &[PartitionLag], paint: Paint) -> Vec<String> {
        let total: i64 = lag.iter().map(|one| one.lag).sum();
        let written: i64 = lag.iter().map(|one| one.end).sum();
        let behind = format!("{total} behind");
        let behind = if total > 0 { paint.bold(behind) } else { behind };
        let first = format!("{}: {behind}, {written} written", printable(&self.group));
        let of_each: Vec<_> =
            lag.iter().map(|one| format!("{}: {}", one.partition, one.lag)).collect();
        vec![first, paint.dim(format!("by partition  {}", of_each.join("  ")))]
    }
}

fn rows<T>(seen: &Seen<T>, paint: Paint, known: impl Fn(&T) -> Vec<String>) -> Vec<String> {
    match seen {
        Seen::Known(value) => known(value),
        Seen::Absent(what) => vec![paint.dim(printable(what))],
        Seen::Away(why) => vec![paint.bad(format!("does not answer: {}", printable(why)))],
    }
}

fn workflow_rows(workflows: &[Workflow], paint: Paint) -> Vec<String> {
    let width = workflows.iter().map(|one| one.name.len()).max().unwrap_or_default();
    let row = |one: &Workflow| {
        let Workflow { name, running, succeeded, failed } = one;
        let failed_text = format!("{failed} failed");
        let failed = if failed.count > 0 { paint.bad(failed_text) } else { failed_text };
        format!("{name:<width$}  {running} running, {succeeded} succeeded, {failed}")
    };
    workflows.iter().map(row).collect()
}

/// Names with their numbers; `loud` where a number is bad news.
fn list(all: &[Named], paint: Paint, loud: bool) -> String {
    let one = |named: &Named| {
        let text = format!("{} {}", printable(&named.name), named.count);
        if loud && named.count.count > 0 { paint.bad(text) } else { text }
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn held_rows(held: &Held, paint: Paint) -> Vec<String> {
    if !held.held {
        return vec!["they are sent".to_owned()];
    }
    let since = held.since.map(|at| format!(" since {at:.0}")).unwrap_or_default();
    let by = held.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let why = held.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    vec![paint.bad(printable(&format!("they are HELD{since}{by}{why}")))]
}

fn changes_rows(changes: &Changes, paint: Paint) -> Vec<String> {
    if changes.counts.is_empty() {
        return vec!["none".to_owned()];
    }
    let last = changes.last.iter().map(|line| paint.dim(printable(line)));
    std::iter::once(list(&changes.counts, paint, false)).chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(count: u64) -> Count {
        Count { count, more: count >= 1_000 }
    }

    fn named(name: &str, number: u64) -> Named {
        Named { name: name.into(), count: count(number) }
    }

    fn view() -> View {
        let partition = |partition, committed, end| PartitionLag {
            partition,
            committed,
            end,
            lag: end - committed.unwrap_or(0),
        };
        let workflow = |name: &str, running, succeeded, failed| Workflow {
            name: name.into(),
            running: count(running),
            succeeded: count(succeeded),
            failed: count(failed),
        };
        View {
            at: "2026-11-21T10:00:00.5Z".parse().unwrap(),
            place: "the local cloud at http://127.0.0.1:4566".into(),
            window_minutes: 15,
            group: "flightpulse-consumer".into(),
            lag: Seen::Known(vec![partition(0, Some(7), 10), partition(1, None, 2)]),
            workflows: Seen::Known(vec![
                workflow("FlightPulseDelayNotification", 2, 1_000, 0),
                workflow("FlightPulseGateChangeWorkflow", 0, 3, 1),
            ]),
            notifications: Seen::Known(vec![named("email", 120), named("sms", 98)]),
            held: Seen::Known(Held {
                held: true,
                since: Some("2026-11-21T09:58:00Z".parse().unwrap()),
                by: Some("jane".into()),
                reason: Some("wrong\u{1b}[2J broadcast".into()),
            }),
            changes: Seen::Known(Changes {
                counts: vec![named("flight.status_changed", 4)],
                last: vec!["SW5678 SCHEDULED → DELAYED".into()],
            }),
            dead_letters: Seen::Known(vec![
                named("FlightPulse-DeadLetters", 1),
                named("FlightPulse-UnknownFlights", 0),
            ]),
        }
    }

    #[test]
    fn a_view_reads_like_this() {
        insta::assert_snapshot!(view().lines(Paint::plain()).join("\n"));
    }

    #[test]
    fn what_does_not_answer_is_said_and_hides_nothing_else() {
        let mut view = view();
        view.lag = Seen::Away("Kafka does not answer".into());
        view.changes = Seen::Absent("/flightpulse/audit is not there".into());
        view.held = Seen::Known(Held { held: false, since: None, by: None, reason: None });
        view.workflows = Seen::Away("throttled".into());
        insta::assert_snapshot!(view.lines(Paint::plain()).join("\n"));
    }

    #[test]
    fn a_view_as_json_is_one_line() {
        let json = serde_json::to_string(&view()).unwrap();
        assert!(!json.contains('\n'));
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["lag"]["known"][0]["lag"], 3);
        assert_eq!(value["workflows"]["known"][0]["succeeded"]["more"], true);
        assert_eq!(value["dead_letters"]["known"][0]["count"], 1);
    }
}
