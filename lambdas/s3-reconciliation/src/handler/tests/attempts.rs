//! Several attempts at one run: a request to make it again may be delivered twice.

use super::*;
use bytes::Bytes;
use flightpulse_domain::reconciliation::{Attempt, Delivered};
use flightpulse_exports::StoredFile;
use flightpulse_store::Written;
use std::ops::Range;

async fn reconciled(memory: &Memory, planned: &Planned) {
    for part in parts(planned) {
        memory.handle(part).await.unwrap();
    }
}

/// A file of two rows, and two attempts that have planned the same run of it.
async fn two_attempts(memory: &Memory) -> (Planned, Planned) {
    let rows = lines(&[purchase("AAA111"), purchase("BBB222")]);
    memory.exports.add(&format!("{FOLDER}part-0.json"), rows);
    let first = planned(memory, plan("part-0.json", "one")).await;
    let second = planned(memory, plan_again("part-0.json", "two", &first.run_id)).await;
    assert_eq!(first.run_id, second.run_id);
    assert_ne!(first.attempt, second.attempt);
    (first, second)
}

#[tokio::test]
async fn the_attempt_that_planned_a_run_last_ends_it() {
    let memory = memory();
    let (first, second) = two_attempts(&memory).await;
    reconciled(&memory, &first).await;
    let quiet = concluded(&memory, &first, None).await;
    assert_eq!(quiet, Concluded { superseded: true, ..Concluded::default() });
    assert_eq!(noted(&memory, &first.run_id).await.status, RunStatus::Running);
    assert!(memory.exports.under("reports/").is_empty());

    reconciled(&memory, &second).await;
    let ended = concluded(&memory, &second, None).await;
    assert_eq!((ended.superseded, ended.completed), (false, true));
    assert_eq!((ended.rows, ended.missing, ended.different), (2, 2, 0));
}

#[tokio::test]
async fn what_came_of_the_parts_of_one_attempt_says_nothing_of_the_other() {
    let memory = memory();
    let (first, second) = two_attempts(&memory).await;
    reconciled(&memory, &second).await;
    // It comes late, and of the same part.
    let failed = ReconciliationTask::NoteFailure {
        run_id: first.run_id.clone(),
        attempt: first.attempt.clone(),
        part: first.parts[0].clone(),
        failure: "Defect: memory".to_owned(),
    };
    memory.handle(failed).await.unwrap();
    let ended = concluded(&memory, &second, None).await;
    assert_eq!((ended.completed, ended.reason, ended.rows), (true, None, 2));
}

#[tokio::test]
async fn parts_of_an_attempt_that_had_other_ones_do_not_count() {
    let memory = memory();
    let (first, _) = two_attempts(&memory).await;
    reconciled(&memory, &first).await;
    // Neither has the third read anything, nor do the rows of the first belong to it.
    let third = planned(&memory, plan_again("part-0.json", "three", &first.run_id)).await;
    let ended = concluded(&memory, &third, None).await;
    assert_eq!(ended.reason.as_deref(), Some("0 of its 1 parts have ended"));
    assert_eq!((ended.rows, ended.missing), (0, 2));
}

#[tokio::test]
async fn an_attempt_that_is_ended_twice_says_the_same() {
    let memory = memory();
    let (_, second) = two_attempts(&memory).await;
    reconciled(&memory, &second).await;
    let ended = concluded(&memory, &second, None).await;
    assert_eq!(concluded(&memory, &second, None).await, ended);
}

#[tokio::test]
async fn each_attempt_has_rejected_rows_of_its_own() {
    let memory = memory();
    let mut poison = purchase("AAA111");
    poison["timestamp"] = json!("soon");
    let key = format!("{FOLDER}part-0.json");
    memory.exports.add(&key, lines(&[poison, purchase("BBB222")]));
    let (id, _) = run(&memory, plan("part-0.json", "one")).await;
    assert_eq!(report(&memory, &id)["rejected_folder"].as_str().map(|_| ()), Some(()));
    let rejected = noted(&memory, &id).await.counts.rejected;
    // Mended: of what the first attempt rejected the second one's report says nothing.
    memory.exports.add(&key, lines(&[purchase("AAA111"), purchase("BBB222")]));
    run(&memory, plan_again("part-0.json", "two", &id)).await;
    let noted = noted(&memory, &id).await;
    assert_eq!((rejected, noted.counts.rejected), (1, 0));
    let mended = written_json(&memory, &noted.report.unwrap());
    assert_eq!(mended["rejected_folder"], Value::Null);
}

fn written_json(memory: &Memory, key: &str) -> Value {
    serde_json::from_slice(&memory.exports.under(key).remove(0).1).unwrap()
}

/// A bucket that takes its time over a report: meanwhile another attempt plans the run.
#[derive(Clone)]
struct Overtaken {
    files: MemoryExports,
    store: MemoryStore,
    run: RunId,
}

impl ExportReader for Overtaken {
    async fn look(&self, bucket: &str, key: &str) -> Result<StoredFile, ExportError> {
        self.files.look(bucket, key).await
    }

    async fn bytes(&self, file: &StoredFile, range: Range<u64>) -> Result<Bytes, ExportError> {
        self.files.bytes(file, range).await
    }

    async fn list(
        &self,
        bucket: &str,
        of: &str,
        most: usize,
    ) -> Result<Vec<Delivered>, ExportError> {
        self.files.list(bucket, of, most).await
    }
}

impl ReportWriter for Overtaken {
    async fn put(&self, key: &str, kind: &str, content: Vec<u8>) -> Result<(), ExportError> {
        let noted = self.store.run(&self.run).await.unwrap().unwrap();
        let next = Run { attempt: Attempt::of("two"), ..noted.clone() };
        assert_eq!(self.store.plan_run(Some(&noted), &next).await.unwrap(), Written::Yes);
        self.files.put(key, kind, content).await
    }
}

#[tokio::test]
async fn an_attempt_that_is_overtaken_at_its_very_end_leaves_the_run_to_the_next() {
    let memory = memory();
    memory.exports.add(&format!("{FOLDER}part-0.json"), lines(&[purchase("AAA111")]));
    let planned = planned(&memory, plan("part-0.json", "one")).await;
    reconciled(&memory, &planned).await;
    let run = planned.run_id.clone();
    let Memory { store, bus, exports: files, clock } = memory;
    let exports = Overtaken { files, store: store.clone(), run: run.clone() };
    let overtaken = Reconciliation { store: store.clone(), bus, exports, clock };
    let answer = overtaken.handle(conclude(&planned, None)).await.unwrap();
    assert_eq!((&answer["superseded"], &answer["completed"]), (&json!(true), &json!(false)));
    let noted = store.run(&run).await.unwrap().unwrap();
    assert_eq!((noted.status, noted.attempt), (RunStatus::Running, Attempt::of("two")));
}
