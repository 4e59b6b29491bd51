//! What every store must do about reconciliations.

use super::reservations::{changed, pnr, purchase};
use crate::{DISCREPANCY_SHARDS, ReconciliationLog, ReservationReader, ReservationWriter, Written};
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::reconciliation::{
    Attempt, Counts, Discrepancy, Found, PartReport, Run, RunId, RunStatus, Slice,
};
use flightpulse_domain::reservation::Reservation;
use jiff::Timestamp;
use std::collections::BTreeMap;

fn at(minute: u32) -> Timestamp {
    format!("2026-11-30T06:{minute:02}:00Z").parse().unwrap()
}

fn run(execution: &str, minute: u32) -> Run {
    Run {
        run_id: RunId::of(execution, at(minute)),
        status: RunStatus::Running,
        bucket: "exports".to_owned(),
        key: format!("exports/{execution}.json"),
        kind: None,
        size: Some(7),
        dataset_id: None,
        exported_at: None,
        started_at: at(minute),
        attempt: Attempt::of(execution),
        ended_at: None,
        parts: 1,
        counts: Counts::default(),
        missing: 0,
        different: 0,
        reason: None,
        report: None,
    }
}

pub(super) async fn all<S>(store: &S, name: &str)
where
    S: ReconciliationLog + ReservationReader + ReservationWriter,
{
    runs_are_listed_the_newest_first(store, name).await;
    what_is_noted_of_a_run_late_is_refused(store, name).await;
    parts_are_kept_by_their_attempt_and_number(store, name).await;
    a_discrepancy_is_kept_with_its_reservation(store, name).await;
}

async fn runs_are_listed_the_newest_first(store: &impl ReconciliationLog, name: &str) {
    let all: Vec<_> = (0..5).map(|nth| run(&format!("{name}-{nth}"), 10 + nth)).collect();
    assert_eq!(store.run(&all[0].run_id).await.unwrap(), None);
    for one in &all {
        assert_eq!(store.plan_run(None, one).await.unwrap(), Written::Yes);
    }
    let ended = Run {
        status: RunStatus::Failed,
        reason: Some("gzip".to_owned()),
        ended_at: Some(at(50)),
        counts: Counts { rows: 3, booking_events: 1, ignored: 1, untyped: 0, rejected: 1 },
        ..all[1].clone()
    };
    assert_eq!(store.end_run(&ended).await.unwrap(), Written::Yes);
    assert_eq!(store.run(&ended.run_id).await.unwrap(), Some(ended.clone()));

    let own = |run: &Run| run.key.starts_with(&format!("exports/{name}-"));
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = store.runs(after.as_deref(), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items.into_iter().filter(own));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut expected = all.clone();
    expected[1] = ended;
    expected.reverse();
    assert_eq!(found, expected);
}

async fn what_is_noted_of_a_run_late_is_refused(store: &impl ReconciliationLog, name: &str) {
    let first = run(&format!("{name}-late"), 20);
    let ended = Run { ended_at: Some(at(21)), ..first.clone() };
    let again = Run { attempt: Attempt::of("again"), ..first.clone() };
    // An end of what was never planned.
    assert_eq!(store.end_run(&ended).await.unwrap(), Written::Outdated);
    assert_eq!(store.plan_run(None, &first).await.unwrap(), Written::Yes);
    assert_eq!(store.plan_run(None, &again).await.unwrap(), Written::Outdated);
    assert_eq!(store.end_run(&ended).await.unwrap(), Written::Yes);
    // A plan on what was read before the end, and one on the end.
    assert_eq!(store.plan_run(Some(&first), &again).await.unwrap(), Written::Outdated);
    assert_eq!(store.run(&first.run_id).await.unwrap(), Some(ended.clone()));
    assert_eq!(store.plan_run(Some(&ended), &again).await.unwrap(), Written::Yes);
    // The first attempt's end, and a plan on it, after the second attempt has planned.
    assert_eq!(store.end_run(&ended).await.unwrap(), Written::Outdated);
    assert_eq!(store.plan_run(Some(&ended), &first).await.unwrap(), Written::Outdated);
    assert_eq!(store.run(&first.run_id).await.unwrap(), Some(again));
}

async fn parts_are_kept_by_their_attempt_and_number(store: &impl ReconciliationLog, name: &str) {
    let run = RunId::of(name, at(1));
    let other = RunId::of(&format!("{name}-other"), at(1));
    let (attempt, next) = (Attempt::of("one"), Attempt::of("two"));
    assert_eq!(store.parts(&run, &attempt).await.unwrap(), []);
    let part = |nth: u32, rows: u64| PartReport {
        attempt: attempt.clone(),
        nth,
        slice: Slice::RowGroups { from: 1, to: 3, first_row: 70 },
        counts: Counts { rows, ..Counts::default() },
        failure: None,
        ended_at: at(2),
    };
    for one in [part(10, 1), part(2, 5), part(2, 2)] {
        store.note_part(&run, &one).await.unwrap();
    }
    store.note_part(&other, &part(0, 9)).await.unwrap();
    let of_the_next = PartReport { attempt: next.clone(), ..part(2, 7) };
    store.note_part(&run, &of_the_next).await.unwrap();
    assert_eq!(store.parts(&run, &attempt).await.unwrap(), [part(2, 2), part(10, 1)]);
    assert_eq!(store.parts(&run, &next).await.unwrap(), [of_the_next]);
}

async fn a_discrepancy_is_kept_with_its_reservation<S>(store: &S, name: &str)
where
    S: ReconciliationLog + ReservationReader + ReservationWriter,
{
    let run = RunId::of(name, at(3));
    let mut expected = BTreeMap::new();
    for nth in 0..20 {
        let pnr = pnr(name, 800 + nth);
        let flight = FlightId::new(format!("{name}-reconciled")).unwrap();
        let before = Reservation::new(pnr.clone());
        let mut change = changed(&before, &purchase(&pnr, 1, &flight, 2));
        let found = Discrepancy::of(&run, &before, &change, at(4));
        assert_eq!((found.found, found.before.len(), found.after.len()), (Found::Missing, 0, 1));
        change.discrepancy = Some(found.clone());
        assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Yes);
        // Decided on the same state once more, as by a second run at once: it is not written.
        let late = Discrepancy { run_id: RunId::of("late", at(3)), ..found.clone() };
        change.discrepancy = Some(late.clone());
        assert_eq!(store.write_reservation(&change).await.unwrap(), Written::Outdated);
        expected.insert(pnr, found);
    }
    let mut found = BTreeMap::new();
    for shard in 0..DISCREPANCY_SHARDS {
        let mut after: Option<String> = None;
        loop {
            let page = store.discrepancies(&run, shard, after.as_deref()).await.unwrap();
            for one in page.items {
                assert!(found.insert(one.pnr.clone(), one).is_none());
            }
            let late = RunId::of("late", at(3));
            assert_eq!(store.discrepancies(&late, shard, None).await.unwrap().items, []);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    assert_eq!(found, expected);
}
