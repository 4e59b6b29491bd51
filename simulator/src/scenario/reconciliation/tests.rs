//! What the file expects is what the plan comes to; and every fault turns the verdict red.

use super::*;
use crate::aep::{Discrepancies, Held, Written, run_view};
use flightpulse_domain::reconciliation::RunStatus;

const KEYS: [&str; 3] = ["part-00000", "part-00001", "manifest"];

fn lossy() -> Lossy {
    Lossy::read().unwrap()
}

#[test]
fn the_file_expects_what_the_plan_comes_to() {
    let lossy = lossy();
    let plan = lossy.staged(Duration::from_secs(1)).unwrap().worked_out();
    let expected = Expected {
        events: plan.events,
        lost: plan.lost,
        missing_reservations: plan.reservations.missing,
        different_reservations: plan.reservations.different,
        records: plan.records,
        missing_records: plan.missing,
        wrong_records: plan.wrong,
        recovered_records: plan.recovered,
        revenue: plan.revenue,
    };
    assert_eq!(lossy.expected, expected);
    assert!(plan.reservations.missing > 0 && plan.reservations.different > 0 && plan.wrong > 0);
}

fn exported(expected: &Expected, again: bool) -> ExportReport {
    let found = Discrepancies {
        missing: expected.missing_reservations,
        different: expected.different_reservations,
    };
    let found = if again { Discrepancies::default() } else { found };
    let rows = [expected.events / 2, expected.events - expected.events / 2, 0];
    let run = |(key, rows): (&str, u64)| {
        let mut run = run_view(key, u64::from(again));
        (run.counts.rows, run.missing) = (rows, 0);
        run
    };
    let file = |(key, rows): (&str, u64)| Written { key: key.to_owned(), rows, bytes: 100 };
    let mut report = ExportReport {
        files: KEYS.into_iter().zip(rows).map(file).collect(),
        held: Some(Held {
            runs: KEYS.into_iter().zip(rows).map(run).collect(),
            found,
            expected: Some(found),
            records: Records {
                expected: expected.records,
                exact: expected.records,
                recovered: expected.recovered_records,
                ..Records::default()
            },
            totals: (6, 6),
            writes: again.then_some(0),
            ..Held::default()
        }),
        passed: true,
        ..ExportReport::default()
    };
    report.written.rows = expected.events;
    report
}

/// All as it must be.
fn good() -> Reconciled {
    let expected = &lossy().expected;
    let mut stream =
        StreamReport { passed: true, settled_seconds: Some(0.5), ..Default::default() };
    stream.sent.events = expected.events - expected.lost + 9;
    (stream.sent.duplicates, stream.sent.lost) = (9, expected.lost);
    let gap = Records {
        expected: expected.records,
        exact: expected.records - expected.missing_records - expected.wrong_records,
        missing: expected.missing_records,
        wrong: expected.wrong_records,
        ..Records::default()
    };
    Reconciled {
        stream,
        gap,
        first: exported(expected, false),
        second: exported(expected, true),
        revenue_before: expected.revenue.clone(),
        revenue: expected.revenue.clone(),
        dead_letters: 0,
    }
}

fn first(seen: &mut Reconciled) -> &mut Held {
    seen.first.held.as_mut().unwrap()
}

fn second(seen: &mut Reconciled) -> &mut Held {
    seen.second.held.as_mut().unwrap()
}

#[test]
fn all_as_it_must_be_passes() {
    let verdict = judge::judge_reconciliation(&lossy().expected, &good());
    assert!(verdict.passed(), "{:#?}", verdict.failures().collect::<Vec<_>>());
}

/// A check, and what must turn it red.
type Fault = (&'static str, fn(&mut Reconciled));

#[test]
fn every_fault_turns_it_red() {
    let faults: [Fault; 22] = [
        ("the table has all that the stream brought, and no more", |seen| {
            seen.stream.sent.lost += 1
        }),
        ("the table has all that the stream brought, and no more", |seen| {
            seen.stream.passed = false
        }),
        ("what the stream lost is missing before", |seen| seen.gap.missing -= 1),
        ("what the stream lost is missing before", |seen| seen.gap.wrong += 1),
        ("every file of the export is reconciled", |seen| {
            first(seen).runs[0].status = RunStatus::Failed
        }),
        ("every file of the export is reconciled", |seen| drop(first(seen).runs.pop())),
        ("every file of the export is reconciled", |seen| first(seen).runs[1].counts.rejected = 1),
        ("every file of the export is reconciled", |seen| first(seen).runs[1].counts.rows -= 1),
        ("the runs report what the stream lost", |seen| first(seen).found.missing -= 1),
        ("the runs report what the stream lost", |seen| first(seen).found.different += 1),
        ("the table is as it must be", |seen| first(seen).records.exact -= 1),
        ("the table is as it must be", |seen| first(seen).records.unexpected = 1),
        ("the table is as it must be", |seen| first(seen).totals.1 -= 1),
        ("records say which feed brought them", |seen| first(seen).records.recovered -= 1),
        ("records say which feed brought them", |seen| seen.gap.recovered = 1),
        ("the seats have earned what was paid", |seen| seen.revenue.clear()),
        ("every file is reconciled again", |seen| second(seen).runs[0].status = RunStatus::Running),
        ("the same export finds and writes nothing", |seen| second(seen).found.different = 1),
        ("the same export finds and writes nothing", |seen| second(seen).writes = Some(1)),
        ("the same export finds and writes nothing", |seen| second(seen).writes = None),
        ("the table stays as it is", |seen| second(seen).records.recovered += 1),
        ("no dead letters", |seen| seen.dead_letters = 1),
    ];
    for (nth, (check, fault)) in faults.into_iter().enumerate() {
        let mut seen = good();
        fault(&mut seen);
        let verdict = judge::judge_reconciliation(&lossy().expected, &seen);
        let failed: Vec<_> = verdict.failures().map(|check| check.name).collect();
        assert!(failed.contains(&check), "fault {nth}: {failed:?}");
    }
}

#[test]
fn the_table_before_and_after_reads_like_this() {
    let mut seen = good();
    seen.revenue = BTreeMap::from([("EUR".to_owned(), 120_050), ("INR".to_owned(), 9_000_000)]);
    seen.revenue_before = BTreeMap::from([("EUR".to_owned(), 100_000)]);
    insta::assert_snapshot!(seen.lines().join("\n"));
}
