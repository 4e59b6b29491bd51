//! Reconciliations.

use super::*;
use flightpulse_domain::reconciliation::{Attempt, Counts, ExportKind, Run, RunId, RunStatus};

pub(super) fn run(nth: u32) -> Run {
    let started_at: Timestamp = format!("2026-11-30T06:30:{nth:02}Z").parse().unwrap();
    Run {
        run_id: RunId::of(&nth.to_string(), started_at),
        status: RunStatus::Completed,
        bucket: "flightpulse-exports".to_owned(),
        key: format!("exports/65f1c0/exportTime=202611300600/part-{nth:05}.parquet"),
        kind: Some(ExportKind::Parquet),
        size: Some(4_096),
        dataset_id: Some("65f1c0".to_owned()),
        exported_at: Some("2026-11-30T06:00:00Z".parse().unwrap()),
        started_at,
        attempt: Attempt::of("execution"),
        ended_at: Some(started_at),
        parts: 1,
        counts: Counts { rows: 9, booking_events: 7, ignored: 1, untyped: 0, rejected: 1 },
        missing: 2,
        different: 1,
        reason: None,
        report: Some("reports/1/report.json".to_owned()),
    }
}

#[tokio::test]
async fn a_run_shows_what_was_read_and_found() {
    let (api, _) = empty();
    api.store.plan_run(None, &run(1)).await.unwrap();
    let got = ask(&api, &get(&format!("/reconciliations/{}", run(1).run_id))).await;
    assert_eq!(got.status, 200, "{}", got.text);
    insta::assert_json_snapshot!("reconciliation", got.body());
}

#[rstest]
#[case("20261130T063001Z-00000000")]
#[case("SW5678")]
#[tokio::test]
async fn a_run_that_is_not_there_is_not_found(#[case] id: &str) {
    let (api, _) = empty();
    let got = ask(&api, &get(&format!("/reconciliations/{id}"))).await;
    let detail = format!("There is no reconciliation {id}.");
    assert_eq!((got.status, got.body()["detail"].as_str()), (404, Some(detail.as_str())));
}

#[tokio::test]
async fn runs_come_in_pages_the_newest_first() {
    let (api, _) = empty();
    for nth in 0..7 {
        api.store.plan_run(None, &run(nth)).await.unwrap();
    }
    let (mut ids, mut asked) = (Vec::new(), get("/reconciliations?limit=3"));
    loop {
        let body = ask(&api, &asked).await.body();
        let runs = body["reconciliations"].as_array().unwrap();
        assert_eq!(body["count"], runs.len());
        ids.extend(runs.iter().map(|run| run["reconciliation_id"].as_str().unwrap().to_owned()));
        asked = get("/reconciliations?limit=3");
        match body["next"].as_str() {
            Some(next) => asked.query.push(("cursor".to_owned(), next.to_owned())),
            None => break,
        }
    }
    assert_eq!(ids, (0..7).rev().map(|nth| run(nth).run_id.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_has_not_signed_reads_no_run() {
    let (api, _) = empty();
    let unsigned = Asked { identity: None, ..get("/reconciliations") };
    assert_eq!(ask(&api, &unsigned).await.status, 403);
}
