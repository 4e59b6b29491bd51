//! Destinations of AWS, against an endpoint of the test's own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "the program's tests wait for more requests")]
mod http;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use flightpulse_kafka_mapping::batch::{Batch, Measured, Slice};
use flightpulse_kafka_mapping::destination::{
    Destination, DestinationError, FailureRecord, Queue, S3Bucket, SnsTopic,
};
use flightpulse_kafka_mapping::event::{EventRecord, Source, TimestampType, TopicPartition};
use flightpulse_kafka_mapping::scheduler::Condition;
use http::{Endpoint, Request};
use serde_json::Value;
use uuid::Uuid;

fn config(endpoint: &Endpoint) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint.url())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

fn record() -> FailureRecord {
    let record = EventRecord {
        topic: "flights".into(),
        partition: 0,
        offset: 7,
        timestamp: 1_700_000_000_000,
        timestamp_type: TimestampType::CreateTime,
        key: None,
        value: Some("e30=".into()),
        headers: Vec::new(),
    };
    let slice = Slice { epoch: 1, end: 8, records: vec![Measured::new(record)] };
    let slices = [(TopicPartition::new("flights", 0), slice)].into();
    let source = Source { bootstrap_servers: "127.0.0.1:9092".into(), event_source_arn: None };
    let condition = Condition::RetryAttemptsExhausted;
    FailureRecord::new(condition, &Batch { slices }, &source, "fn", 3, None).unwrap()
}

fn assert_metadata_alone(text: &str) {
    let document: Value = serde_json::from_str(text).unwrap();
    let info = &document["KafkaBatchInfo"]["recordsInfo"]["flights-0"];
    assert_eq!(info["firstRecordOffset"], "7");
    assert!(document.get("payload").is_none(), "no record leaves for a queue or a topic");
}

#[tokio::test]
async fn a_bucket_gets_the_whole_record_under_aws_s_key() {
    let endpoint = Endpoint::start(|_| (200, String::new()));
    let bucket = S3Bucket::new(&config(&endpoint), "failed", Uuid::nil());
    bucket.deliver(record()).await.unwrap();
    let put = endpoint.next();
    assert_eq!(put.method, "PUT");
    let key = format!("/failed/aws/lambda/{}/flights-0/", Uuid::nil());
    assert!(put.path.starts_with(&key), "{}", put.path);
    // The client may send it in chunks with a checksum behind them: the document is one line.
    let line = put.body.lines().find(|line| line.starts_with('{')).unwrap();
    let document: Value = serde_json::from_str(line).unwrap();
    let event: Value = serde_json::from_str(document["payload"].as_str().unwrap()).unwrap();
    assert_eq!(event["records"]["flights-0"][0]["value"], "e30=");
}

#[tokio::test]
async fn a_queue_gets_the_metadata() {
    let endpoint = Endpoint::start(|request: &Request| {
        let asked = request.header("x-amz-target").ends_with("GetQueueUrl");
        let url = r#"{"QueueUrl": "http://localhost/123456789012/failed"}"#;
        (200, if asked { url.to_owned() } else { r#"{"MessageId": "1"}"#.to_owned() })
    });
    let (region, account) = ("eu-west-1".to_owned(), "123456789012".to_owned());
    let queue = Queue::new(&config(&endpoint), region, account, "failed".to_owned());
    queue.deliver(record()).await.unwrap();
    let asked: Value = serde_json::from_str(&endpoint.next().body).unwrap();
    assert_eq!(asked["QueueName"], "failed");
    assert_eq!(asked["QueueOwnerAWSAccountId"], "123456789012");
    let send = endpoint.next();
    assert!(send.header("authorization").contains("/eu-west-1/sqs/"), "the queue's own region");
    let sent: Value = serde_json::from_str(&send.body).unwrap();
    assert_metadata_alone(sent["MessageBody"].as_str().unwrap());
}

#[tokio::test]
async fn an_sns_topic_gets_the_metadata() {
    const ANSWER: &str = r#"<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
        <PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"#;
    let endpoint = Endpoint::start(|_| (200, ANSWER.to_owned()));
    let arn = "arn:aws:sns:eu-west-1:123456789012:failed";
    let topic = SnsTopic::new(&config(&endpoint), "eu-west-1".into(), arn.into());
    topic.deliver(record()).await.unwrap();
    let publish = endpoint.next();
    let form: Vec<(String, String)> = publish.form();
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!((field("Action"), field("TopicArn")), (Some("Publish"), Some(arn)));
    assert_metadata_alone(field("Message").unwrap());
}

#[tokio::test]
async fn a_refusal_is_an_error_that_names_the_place() {
    let endpoint = Endpoint::start(|_| {
        (403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".to_owned())
    });
    let bucket = S3Bucket::new(&config(&endpoint), "failed", Uuid::nil());
    let error = bucket.deliver(record()).await.unwrap_err();
    assert!(matches!(&error, DestinationError::Refused { place, .. } if place == "failed"));
    assert!(error.to_string().contains("AccessDenied"), "{error}");
}
