//! What runs find, write and report.

use super::*;
use rstest::rstest;

#[tokio::test]
async fn what_was_missed_is_there_and_told_of() {
    let memory = memory();
    streamed(&memory, &[purchase("AAA111")]).await;
    let rows = [purchase("AAA111"), purchase("BBB222")];
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&rows));
    let (id, concluded) = run(&memory, plan("part-0.json", "one")).await;
    assert_eq!((concluded.completed, concluded.rows), (true, 2));
    assert_eq!((concluded.missing, concluded.different), (1, 0));
    let totals = totals(&memory).await;
    assert_eq!((totals.reservations, totals.all_passengers()), (2, 4));
    let feeds = |reservation: Reservation| {
        let legs = reservation.legs.into_values().flat_map(|leg| leg.purchases.into_values());
        legs.map(|purchase| purchase.stated.said.feed).collect::<Vec<_>>()
    };
    assert_eq!(feeds(reservation(&memory, "BBB222").await.unwrap()), [Feed::Reconciliation]);
    assert_eq!(feeds(reservation(&memory, "AAA111").await.unwrap()), [Feed::Streaming]);
    insta::assert_json_snapshot!("report", report(&memory, &id), {
        ".reconciliation_id" => "[run]", ".report" => "[report]", ".discrepancy_files[]" => "[file]"
    });
    let noted = noted(&memory, &id).await;
    assert_eq!((noted.status, noted.missing, noted.counts.rows), (RunStatus::Completed, 1, 2));
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let memory = memory();
    let events: Vec<_> = (0..250).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&events));
    run(&memory, plan("part-0.json", "one")).await;
    let before = (totals(&memory).await, memory.store.calls());
    let (id, concluded) = run(&memory, plan("part-0.json", "two")).await;
    assert_eq!((concluded.completed, concluded.missing, concluded.different), (true, 0, 0));
    assert_eq!(written(&memory, &format!("reports/{id}/")), Vec::<Value>::new());
    // The run is read and noted twice, its part noted once and read once, discrepancies looked for
    // in eight shards; of 250 reservations three readings, and one of no flights.
    assert_eq!(memory.store.calls() - before.1, 4 + 2 + 8 + 3 + 1);
    assert_eq!(totals(&memory).await, before.0);
}

#[tokio::test]
async fn the_newer_statement_stands_and_both_are_kept() {
    let memory = memory();
    let older = event("AAA111", xdm::PURCHASES, 1, 2);
    let newer = event("AAA111", xdm::PURCHASES, 5, 3);
    let (bought, gone) = (purchase("BBB222"), event("BBB222", xdm::ORDER_CANCELLED, 9, 2));
    streamed(&memory, &[older.clone(), bought.clone(), gone]).await;
    // The export knows the newer purchase of one, and of the other not yet that it was cancelled.
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&[newer, older, bought]));
    let (id, concluded) = run(&memory, plan("part-0.json", "one")).await;
    assert_eq!((concluded.missing, concluded.different), (0, 1));
    let totals = totals(&memory).await;
    assert_eq!((totals.reservations, totals.all_passengers()), (1, 3));
    let found = written(&memory, &format!("reports/{id}/"));
    assert_eq!(found.len(), 1);
    let party = |at: &str| found[0][at][0]["passengers"]["economy"].clone();
    assert_eq!((party("before"), party("after")), (json!(2), json!(3)));
    assert_eq!(found[0]["found"], "DIFFERENT");
    assert!(!found[0].to_string().contains("user@example.com"), "{}", found[0]);
}

#[tokio::test]
async fn a_reservation_that_is_written_in_several_windows_counts_once() {
    let memory = memory();
    // Longer than a window, with the reservation's events at both ends.
    let mut events: Vec<_> = (0..2_100).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    events.insert(0, purchase("AAA111"));
    events.push(event("AAA111", xdm::PURCHASES, 7, 4));
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&events));
    let (id, concluded) = run(&memory, plan("part-0.json", "one")).await;
    assert_eq!((concluded.missing, concluded.different), (2_101, 0));
    assert_eq!(written(&memory, &format!("reports/{id}/")).len(), 2_102);
    let totals = totals(&memory).await;
    assert_eq!((totals.reservations, totals.all_passengers()), (2_101, 2 * 2_100 + 4));
}

#[tokio::test]
async fn two_runs_at_once_write_each_reservation_once() {
    let memory = memory();
    let events: Vec<_> = (0..300).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&events));
    let tasks = (plan("part-0.json", "one"), plan("part-0.json", "two"));
    let ((_, one), (_, two)) = futures::join!(run(&memory, tasks.0), run(&memory, tasks.1));
    assert_eq!((one.missing + two.missing, one.different + two.different), (300, 0));
    assert_eq!(totals(&memory).await.reservations, 300);
}

#[tokio::test]
async fn reads_are_one_call_for_a_hundred_reservations() {
    let memory = memory();
    let events: Vec<_> = (0..10_000).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&events));
    run(&memory, plan("part-0.json", "one")).await;
    let planned = planned(&memory, plan("part-0.json", "two")).await;
    let before = memory.store.calls();
    for part in parts(&planned) {
        memory.handle(part).await.unwrap();
    }
    // Five windows: of each twenty readings of reservations, and one of no flights. And the report.
    assert_eq!(memory.store.calls() - before, 5 * (20 + 1) + 1);
}

fn at_no_time(mut row: Value) -> Value {
    row["timestamp"] = json!("soon");
    row
}

#[rstest]
#[case::not_ours(json!({"eventType": "web.webpagedetails.pageViews"}), 1, 0)]
#[case::poison(at_no_time(purchase("CCC333")), 0, 1)]
#[case::no_object(json!(7), 0, 1)]
#[tokio::test]
async fn every_row_ends_somewhere(#[case] row: Value, #[case] ignored: u64, #[case] rejected: u64) {
    let memory = memory();
    let rows = [purchase("AAA111"), row.clone(), purchase("BBB222")];
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&rows));
    let (id, concluded) = run(&memory, plan("part-0.json", "one")).await;
    assert!(concluded.completed);
    let counts = noted(&memory, &id).await.counts;
    assert_eq!((counts.rows, counts.booking_events), (3, 2));
    assert_eq!((counts.ignored, counts.rejected), (ignored, rejected));
    let files = written(&memory, &format!("rejected/{id}/"));
    assert_eq!(files.len() as u64, rejected);
    for line in files {
        assert_eq!((&line["line"], &line["content"]), (&json!(2), &row));
        assert!(line["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    }
}

#[tokio::test]
async fn whoever_is_stranded_by_a_run_is_asked_another_flight_for_until_it_succeeds() {
    let memory = memory();
    cancelled_flight(&memory).await;
    let rows = [purchase("AAA111"), purchase("BBB222")];
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&rows));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    for part in parts(&planned) {
        memory.handle(part).await.unwrap();
    }
    memory.bus.fail_containing(&["AEP-BBB222"]);
    let conclude = conclude(&planned, None);
    let failed = memory.handle(conclude.clone()).await.unwrap_err();
    assert!(matches!(failed, Failure::Unavailable(_)), "{failed}");
    memory.bus.fail_containing(&[]);
    memory.handle(conclude).await.unwrap();
    let asked = memory.bus.published();
    for booking in ["AEP-AAA111", "AEP-BBB222"] {
        assert!(asked.iter().any(|event| event.detail.contains(booking)), "{asked:?}");
    }
    assert!(asked.iter().all(|event| event.source == "flightpulse.reconciliation"), "{asked:?}");
}
