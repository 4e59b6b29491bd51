use std::os::unix::fs::PermissionsExt as _;

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::fixtures::{batch, partition, source};
use crate::invoker::Invocation;
use crate::scheduler::Condition;
use crate::security::Security;

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

fn record() -> FailureRecord {
    let mut batch = batch(&[(0, 3, 2), (1, 9, 1)]);
    let slice = batch.slices.get_mut(&partition(1)).unwrap();
    slice.records[0].record.key = Some("YWJj".into());
    let condition = Condition::RetryAttemptsExhausted;
    FailureRecord::new(condition, &batch, &source(), "fn", 4, None).unwrap()
}

#[test]
fn a_queue_gets_the_metadata_without_any_record() {
    let document: Value = serde_json::from_str(&record().metadata().unwrap()).unwrap();
    assert_eq!(document["KafkaBatchInfo"]["batchSize"], 3);
    assert!(document.get("payload").is_none());
}

#[test]
fn a_topic_gets_each_record_with_its_key_and_the_record_as_an_object() {
    let singles = record().of_each_record().unwrap();
    assert_eq!(singles.len(), 3);
    let last = &singles[2];
    assert_eq!(last.key.as_deref(), Some(&b"abc"[..]));
    let document: Value = serde_json::from_slice(&last.whole).unwrap();
    let info = &document["KafkaBatchInfo"];
    assert_eq!(info["batchSize"], 1);
    assert_eq!(info["recordInfo"], json!({"offset": "9", "timestamp": "2023-11-14T22:13:20.009Z"}));
    assert!(info.get("recordsInfo").is_none());
    assert_eq!(document["payload"]["records"]["flights-1"][0]["value"], "e30=");
    let bare: Value = serde_json::from_slice(&last.metadata).unwrap();
    assert!(bare.get("payload").is_none(), "for a topic that takes no more");
}

#[rstest]
#[case("s3://failed", Target::S3("failed".into()))]
#[case("s3://failed/", Target::S3("failed".into()))]
#[case("arn:aws:s3:::failed", Target::S3("failed".into()))]
#[case("kafka://failed.records_1", Target::Kafka("failed.records_1".into()))]
#[case("arn:aws:sqs:eu-west-1:123456789012:failed", Target::Sqs {
    region: "eu-west-1".into(), account: "123456789012".into(), queue: "failed".into() })]
#[case("arn:aws-cn:sns:cn-north-1:123456789012:failed", Target::Sns {
    region: "cn-north-1".into(), arn: "arn:aws-cn:sns:cn-north-1:123456789012:failed".into() })]
fn a_destination_is_named_as_on_aws(#[case] name: &str, #[case] target: Target) {
    assert_eq!(name.parse::<Target>().unwrap(), target);
}

#[rstest]
#[case("failed", "no destination")]
#[case("s3://", "no destination")]
#[case("s3://bucket/folder", "no destination")]
#[case("arn:aws:lambda:eu-west-1:123456789012:function", "no destination")]
#[case("arn:aws:sqs:eu-west-1::failed", "no destination")]
#[case("arn:aws:sqs:eu-west-1:123456789012:failed.fifo", "FIFO")]
#[case("kafka://", "no name of a Kafka topic")]
#[case("kafka://.hidden", "no name of a Kafka topic")]
#[case("kafka://a b", "no name of a Kafka topic")]
fn other_names_are_refused(#[case] name: &str, #[case] says: &str) {
    let error = name.parse::<Target>().unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn the_mappings_own_topic_is_no_destination() {
    let topic = KafkaTopic::new("127.0.0.1:1", &Security::default(), "flights", "flights");
    assert!(matches!(topic, Err(KafkaTopicError::Recursion(_))));
}
