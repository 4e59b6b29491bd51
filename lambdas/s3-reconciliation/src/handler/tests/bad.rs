//! Files that are not what they should be, and runs that are tried again.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use flightpulse_exports::ExportError;
use rstest::rstest;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn manifest(files: &[(&str, usize)]) -> Vec<u8> {
    let file = |(name, size): &(&str, usize)| json!({"sinkPath": "/e", "name": name, "size": size});
    let files: Vec<_> = files.iter().map(file).collect();
    let time = "2026-11-30T06:00:00Z";
    let manifest = json!({"flowRunId": "0ac8", "scheduledTime": time, "exportResults": files});
    manifest.to_string().into_bytes()
}

#[rstest]
#[case::empty("part-0.json", b"".to_vec(), "the file is empty")]
#[case::no_gzip("part-0.json.gz", b"plain".to_vec(), "the file is no whole gzip")]
#[case::no_parquet("part-0.parquet", b"PAR1 and what not".to_vec(), "the file is no Parquet")]
#[case::other_columns(
    "part-0.json",
    b"{\"city\":\"london\"}\n".to_vec(),
    "none of its 1 rows has an eventType"
)]
#[case::other_types(
    "part-0.json",
    lines(&[json!({"eventType": "commerce.purchases", "timestamp": 7})]),
    "none of its 1 rows can be understood"
)]
#[case::other_format("segment.csv", b"a,b".to_vec(), "segment.csv is in no format that is read")]
#[case::no_manifest("manifest-a.json", b"{}".to_vec(), "the manifest cannot be read")]
#[case::a_manifest_without_its_part(
    "manifest-a.json",
    manifest(&[("part-7.json", 3)]),
    "files of the manifest are not there: part-7.json"
)]
#[tokio::test]
async fn a_bad_file_fails_its_run_with_the_reason(
    #[case] name: &str,
    #[case] content: Vec<u8>,
    #[case] expected: &str,
) {
    let memory = memory();
    memory.exports.add(&format!("{FOLDER}{name}"), content);
    let (id, concluded) = run(&memory, plan(name, "one")).await;
    let reason = concluded.reason.unwrap();
    assert!(!concluded.completed && reason.starts_with(expected), "{reason}");
    let noted = noted(&memory, &id).await;
    assert_eq!((noted.status, noted.reason), (RunStatus::Failed, Some(reason.clone())));
    assert_eq!(report(&memory, &id)["reason"], reason);
}

#[tokio::test]
async fn a_manifest_is_held_against_its_folder() {
    let memory = memory();
    let rows = lines(&[purchase("AAA111")]);
    let size = rows.len();
    memory.exports.add(&format!("{FOLDER}part-0.json"), rows);
    memory.exports.add(&format!("{FOLDER}manifest-a.json"), manifest(&[("part-0.json", size)]));
    let (_, concluded) = run(&memory, plan("manifest-a.json", "one")).await;
    assert_eq!((concluded.completed, concluded.rows), (true, 0));
    memory.exports.add(&format!("{FOLDER}part-1.json"), b"{}".as_slice());
    let (_, concluded) = run(&memory, plan("manifest-a.json", "two")).await;
    let reason = concluded.reason.unwrap();
    assert_eq!(reason, "files are there that the manifest does not list: part-1.json");
}

#[tokio::test]
async fn what_was_read_before_a_fault_counts_and_the_rest_is_made_again() {
    let memory = memory();
    let events: Vec<_> = (0..400).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    let whole = gzip(&lines(&events));
    let key = format!("{FOLDER}part-0.json.gz");
    memory.exports.add(&key, whole[..whole.len() / 2].to_vec());
    let (id, failed) = run(&memory, plan("part-0.json.gz", "one")).await;
    assert!(failed.reason.unwrap().starts_with("the file is no whole gzip"));
    assert!(failed.missing > 0 && failed.missing < 400, "{}", failed.missing);
    assert_eq!(written(&memory, &format!("reports/{id}/")).len() as u64, failed.missing);
    // Exported again under the same name, and the same run made again.
    memory.exports.add(&key, whole);
    let (same, completed) = run(&memory, plan_again("part-0.json.gz", "two", &id)).await;
    assert_eq!((&same, completed.completed, completed.missing), (&id, true, 400));
    let noted = noted(&memory, &id).await;
    let folder = noted.report.unwrap().replace("report.json", "");
    assert_eq!((written(&memory, &folder).len(), noted.reason), (400, None));
}

#[rstest]
#[case::deleted(false, "is not there: it was deleted, or never was")]
#[case::replaced(true, "was replaced while it was read")]
#[tokio::test]
async fn a_file_that_is_another_by_now_is_not_read(#[case] replaced: bool, #[case] expected: &str) {
    let memory = memory();
    let key = format!("{FOLDER}part-0.json");
    memory.exports.add(&key, lines(&[purchase("AAA111")]));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    match replaced {
        true => memory.exports.add(&key, lines(&[purchase("BBB222")])),
        false => memory.exports.delete(&key),
    }
    for part in parts(&planned) {
        memory.handle(part).await.unwrap();
    }
    let reason = concluded(&memory, &planned, None).await.reason.unwrap();
    assert!(reason.contains(expected), "{reason}");
    assert_eq!(totals(&memory).await.reservations, 0);
}

#[tokio::test]
async fn a_file_that_never_was_fails_its_run() {
    let memory = memory();
    let (_, concluded) = run(&memory, plan("part-0.json", "one")).await;
    assert!(concluded.reason.unwrap().contains("part-0.json is not there"));
}

#[tokio::test]
async fn what_is_no_export_makes_no_run() {
    let memory = memory();
    memory.exports.add(&format!("{FOLDER}_SUCCESS"), b"".as_slice());
    let planned = planned(&memory, plan("_SUCCESS", "one")).await;
    assert!(!planned.concerned);
    assert_eq!(memory.store.run(&planned.run_id).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_in_the_form_of_s3s_notifications_is_found() {
    let memory = memory();
    let key = "exports/my set/exportTime=202611300600/part-0.json";
    memory.exports.add(key, lines(&[purchase("AAA111")]));
    let task = ReconciliationTask::Plan {
        bucket: BUCKET.to_owned(),
        key: "exports/my+set/exportTime%3D202611300600/part-0.json".to_owned(),
        execution: "one".to_owned(),
        started_at: now(),
        run_id: RunId::of("one", now()),
        again: false,
    };
    let (id, concluded) = run(&memory, task).await;
    assert!(concluded.completed);
    let noted = noted(&memory, &id).await;
    assert_eq!((noted.key.as_str(), noted.dataset_id.as_deref()), (key, Some("my set")));
}

#[tokio::test]
async fn a_table_that_is_away_lets_the_part_be_tried_again_and_counts_stay_right() {
    let memory = memory();
    let events: Vec<_> = (0..30).map(|nth| purchase(&format!("P{nth:05}"))).collect();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&events));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    let part = parts(&planned).remove(0);
    memory.store.fail_with(Some("throttled"));
    let failed = memory.handle(part.clone()).await.unwrap_err();
    assert!(matches!(failed, Failure::Unavailable(_)), "{failed}");
    memory.store.fail_with(None);
    // Once more than is needed: the workflow may have lost the answer.
    memory.handle(part.clone()).await.unwrap();
    memory.handle(part).await.unwrap();
    let concluded = concluded(&memory, &planned, None).await;
    assert_eq!((concluded.completed, concluded.rows, concluded.missing), (true, 30, 30));
}

#[tokio::test]
async fn a_run_whose_parts_have_not_ended_has_failed() {
    let memory = memory();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&[purchase("AAA111")]));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    let given = Some("States.Timeout: ".to_owned());
    assert_eq!(concluded(&memory, &planned, given.clone()).await.reason, given);
    let reason = concluded(&memory, &planned, None).await.reason;
    assert_eq!(reason.as_deref(), Some("0 of its 1 parts have ended"));
}

#[rstest]
#[case::for_now(ExportError::Unavailable("503".to_owned()), true)]
#[case::until_it_is_mended(ExportError::NotAllowed("403".to_owned()), false)]
#[tokio::test]
async fn a_bucket_that_does_not_let_us_fails_the_run_and_one_that_is_away_does_not(
    #[case] error: ExportError,
    #[case] again: bool,
) {
    let memory = memory();
    memory.exports.fail(Some(error));
    match memory.handle(plan("part-0.json", "one")).await {
        Ok(planned) => assert!(!again && planned["failure"].as_str().unwrap().contains("403")),
        Err(failed) => assert!(again && matches!(failed, Failure::Unavailable(_)), "{failed}"),
    }
}

#[tokio::test]
async fn a_part_that_failed_for_good_says_why_and_the_others_count() {
    let memory = memory();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&[purchase("AAA111")]));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    let task = ReconciliationTask::NoteFailure {
        run_id: planned.run_id.clone(),
        attempt: planned.attempt.clone(),
        part: planned.parts[0].clone(),
        failure: "Sandbox.Timedout: 900 s".to_owned(),
    };
    memory.handle(task).await.unwrap();
    let reason = concluded(&memory, &planned, None).await.reason;
    assert_eq!(reason.as_deref(), Some("Sandbox.Timedout: 900 s"));
}
