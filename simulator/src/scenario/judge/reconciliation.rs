//! The checks of a feed that loses some of its events, and of an export that brings them.

use super::{Check, Verdict};
use crate::aep::{ExportReport, Records};
use crate::scenario::reconciliation::{Expected, Reconciled};
use flightpulse_domain::reconciliation::RunStatus;

/// Holds what was seen against what was expected.
pub(in crate::scenario) fn judge(expected: &Expected, seen: &Reconciled) -> Verdict {
    let checks = vec![
        stream(expected, seen),
        gap(expected, seen),
        runs("every file of the export is reconciled", &seen.first),
        found(expected, seen),
        table(expected, seen),
        recovered(expected, seen),
        revenue(expected, seen),
        runs("every file is reconciled again", &seen.second),
        nothing_again(seen),
        stays(seen),
        dead_letters(seen),
    ];
    Verdict { checks }
}

/// Says so where a number is another.
fn differs(what: &str, found: u64, expected: u64) -> Option<String> {
    (found != expected).then(|| format!("{what}: {found}, not {expected}"))
}

fn stream(expected: &Expected, seen: &Reconciled) -> Check {
    let sent = seen.stream.sent;
    let happened = sent.events.saturating_sub(sent.duplicates + sent.corrupt) + sent.lost;
    let wrong = [
        differs("events that happened", happened, expected.events),
        differs("events that were lost", sent.lost, expected.lost),
        (!seen.stream.passed)
            .then(|| format!("of what was sent: {}", seen.stream.faults.join("; "))),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    let found = format!("{} of {} events lost", sent.lost, happened);
    Check::new("the table has all that the stream brought, and no more", &wrong, found)
}

fn gap(expected: &Expected, seen: &Reconciled) -> Check {
    let Records { missing, wrong: other, .. } = seen.gap;
    let wrong = [
        differs("records missing", missing, expected.missing_records),
        differs("records that say something else", other, expected.wrong_records),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    let found = format!("{missing} records missing, {other} wrong");
    Check::new("what the stream lost is missing before", &wrong, found)
}

fn runs(name: &'static str, report: &ExportReport) -> Check {
    let wrong = report.faults_of_runs();
    let held = report.held.as_ref();
    let runs = held.map_or(0, |held| {
        held.runs.iter().filter(|run| run.status == RunStatus::Completed).count()
    });
    let found = format!("{runs} runs, {} rows", report.written.rows);
    let none = held.is_none().then(|| "it was not waited for".to_owned());
    Check::new(name, &wrong.into_iter().chain(none).collect::<Vec<_>>(), found)
}

fn found(expected: &Expected, seen: &Reconciled) -> Check {
    let found = seen.first.held.as_ref().map(|held| held.found).unwrap_or_default();
    let wrong = [
        differs("missing", found.missing, expected.missing_reservations),
        differs("different", found.different, expected.different_reservations),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    let found = format!("{} were missing, {} different", found.missing, found.different);
    Check::new("the runs report what the stream lost", &wrong, found)
}

fn table(expected: &Expected, seen: &Reconciled) -> Check {
    let Some(held) = &seen.first.held else {
        return Check::new("the table is as it must be", &["it was not read".into()], "");
    };
    let Records { exact, missing, wrong: other, unexpected, .. } = held.records;
    let (flights, sums) = held.totals;
    let wrong = [
        differs("records as they must be", exact, expected.records),
        differs("records missing", missing, 0),
        differs("records that say something else", other, 0),
        differs("records too many", unexpected, 0),
        differs("flights whose totals are the sums of their records", sums, flights),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().chain(held.faults.iter().cloned()).collect();
    let found = format!("{exact} records, the totals of {flights} flights");
    Check::new("the table is as it must be", &wrong, found)
}

fn recovered(expected: &Expected, seen: &Reconciled) -> Check {
    let found = seen.first.held.as_ref().map_or(0, |held| held.records.recovered);
    let wrong = [
        differs("records by an export", found, expected.recovered_records),
        differs("before it", seen.gap.recovered, 0),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    Check::new("records say which feed brought them", &wrong, format!("{found} by the export"))
}

fn revenue(expected: &Expected, seen: &Reconciled) -> Check {
    let other = seen.revenue != expected.revenue;
    let wrong = other.then(|| format!("{:?}, not {:?}", seen.revenue, expected.revenue));
    let found = format!("in {} currencies", seen.revenue.len());
    Check::new("the seats have earned what was paid", &wrong.into_iter().collect::<Vec<_>>(), found)
}

fn nothing_again(seen: &Reconciled) -> Check {
    let held = seen.second.held.as_ref();
    let found = held.map(|held| held.found).unwrap_or_default();
    let wrong = [
        differs("missing", found.missing, 0),
        differs("different", found.different, 0),
        differs("reservations written", held.and_then(|held| held.writes).unwrap_or(u64::MAX), 0),
    ];
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    Check::new("the same export finds and writes nothing", &wrong, "0 discrepancies, 0 writes")
}

fn stays(seen: &Reconciled) -> Check {
    let records = |report: &ExportReport| report.held.as_ref().map(|held| held.records);
    let (first, second) = (records(&seen.first), records(&seen.second));
    let wrong = (first != second).then(|| format!("{second:?}, and it was {first:?}"));
    Check::new("the table stays as it is", &wrong.into_iter().collect::<Vec<_>>(), "as it was")
}

fn dead_letters(seen: &Reconciled) -> Check {
    let wrong = differs("reconciliations that failed", seen.dead_letters, 0);
    Check::new("no dead letters", &wrong.into_iter().collect::<Vec<_>>(), "none")
}
