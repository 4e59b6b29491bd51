use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::*;
use crate::fixtures::{batch, source};

#[tokio::test]
async fn the_document_is_awss_invocation_record_with_the_whole_event() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("failed.jsonl");
    let file = JsonLinesFile(path.clone());
    let answer = Invocation::unhandled("{}");
    let batch = batch(&[(0, 3, 2), (1, 9, 1)]);
    for last in [Some(&answer), None] {
        let condition = Condition::RetryAttemptsExhausted;
        let record = FailureRecord::new(condition, &batch, &source(), "fn", 4, last).unwrap();
        file.deliver(record).await.unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let first = &lines[0];
    assert_eq!(first["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(first["requestContext"]["approximateInvokeCount"], 4);
    assert_eq!(first["responseContext"]["functionError"], "Unhandled");
    assert_eq!(lines[1]["responseContext"], Value::Null);
    let info = &first["KafkaBatchInfo"];
    assert_eq!(info["batchSize"], 3);
    assert_eq!(info["recordsInfo"]["flights-0"]["firstRecordOffset"], "3");
    assert_eq!(info["recordsInfo"]["flights-0"]["lastRecordOffset"], "4");
    let event: Value = serde_json::from_str(first["payload"].as_str().unwrap()).unwrap();
    assert_eq!(event, serde_json::to_value(batch.event(&source())).unwrap());
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "records are for the owner's eyes");
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let record = FailureRecord::new(
        Condition::RecordAgeExceeded,
        &batch(&[(0, 0, 1)]),
        &source(),
        "fn",
        0,
        None,
    );
    let file = JsonLinesFile(folder.path().to_owned());
    assert!(matches!(file.deliver(record.unwrap()).await, Err(DestinationError::Write(_))));
}
