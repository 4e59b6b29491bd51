//! Answers that arrive, break off or are errors, from an endpoint that answers as it is told.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use flightpulse_domain::ids::{BookingId, FlightId};
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{BookedBy, BookingLookup, FlightReader};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const FLIGHT: &str = r#"{"PK": {"S": "FLIGHT#F1"}, "SK": {"S": "METADATA"}, "flight_id": {"S": "F1"},
    "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "scheduled_departure": {"S": "2035-11-22T10:00:00Z"},
    "scheduled_arrival": {"S": "2035-11-22T12:00:00Z"}, "status": {"S": "SCHEDULED"}, "new": {"B": "eA=="}}"#;

/// A status and a body, and how many bytes too many it says that it has.
#[derive(Clone)]
struct Answer(u16, String, usize);

fn answer(status: u16, body: impl Into<String>) -> Answer {
    Answer(status, body.into(), 0)
}

fn error(code: &str) -> Answer {
    answer(
        400,
        format!(r#"{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "so"}}"#),
    )
}

fn broken_off() -> Answer {
    Answer(200, r#"{"Item": {"PK""#.to_owned(), 100)
}

/// The body of a request.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let (mut read, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap_or("0");
        if body.len() >= length.lines().next().unwrap().parse().unwrap() {
            return Some(body.to_owned());
        }
    }
}

/// A store at an endpoint that gives these answers, one after the other.
async fn store(answers: &[Answer]) -> DynamoStore {
    heard(answers).await.0
}

/// The same; and what it was asked.
async fn heard(answers: &[Answer]) -> (DynamoStore, UnboundedReceiver<String>) {
    let (say, asked) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let answers = answers.to_vec();
    tokio::spawn(async move {
        for Answer(status, body, more) in answers {
            // A connection for each: who breaks off closes it.
            let (mut stream, _) = listener.accept().await.unwrap();
            if let Some(body_of_request) = request(&mut stream).await {
                // Most tests do not listen.
                let _ = say.send(body_of_request);
                let length = body.len() + more;
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream.write_all((head + &body).as_bytes()).await.unwrap();
            }
        }
    });
    let config = flightpulse_lambda_kit::aws::config().await;
    let retries =
        RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1));
    let config = aws_sdk_dynamodb::config::Builder::from(&config)
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .retry_config(retries)
        .endpoint_url(endpoint);
    (DynamoStore::new(Client::from_conf(config.build()), "Table"), asked)
}

fn id() -> FlightId {
    FlightId::new("F1").unwrap()
}

#[tokio::test]
async fn an_item_is_read_and_what_it_has_beside_is_left_out() {
    let store =
        store(&[answer(200, format!(r#"{{"Item": {FLIGHT}, "ConsumedCapacity": {{}}}}"#))]).await;
    assert_eq!(store.flight(&id()).await.unwrap().unwrap().flight_id, id());
}

#[tokio::test]
async fn no_item_is_none() {
    assert_eq!(store(&[answer(200, "{}")]).await.flight(&id()).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_batch_leaves_is_asked_for_again() {
    let (f1, f2) = (id(), FlightId::new("F2").unwrap());
    let left = r#"{"Responses": {}, "UnprocessedKeys": {"Table": {"ConsistentRead": true,
        "Keys": [{"PK": {"S": "FLIGHT#F1"}, "SK": {"S": "METADATA"}}]}}}"#;
    let found = format!(r#"{{"Responses": {{"Table": [{FLIGHT}]}}, "UnprocessedKeys": {{}}}}"#);
    let (store, mut asked) = heard(&[answer(200, left), answer(200, found)]).await;
    assert!(store.flights(&[f1.clone(), f2]).await.unwrap().contains_key(&f1));
    let mut keys = || {
        let body: Value = serde_json::from_str(&asked.try_recv().unwrap()).unwrap();
        body["RequestItems"]["Table"]["Keys"].clone()
    };
    assert_eq!(keys().as_array().unwrap().len(), 2);
    assert_eq!(keys(), json!([{"PK": {"S": "FLIGHT#F1"}, "SK": {"S": "METADATA"}}]));
}

#[tokio::test]
async fn a_page_goes_on_after_the_last_key() {
    let page = r#"{"Count": 1, "Items": [{"PK": {"S": "FLIGHT#F1"}, "SK": {"S": "BOOKING#B1"}}],
        "LastEvaluatedKey": {"PK": {"S": "FLIGHT#F1"}, "SK": {"S": "BOOKING#B1"}}, "ScannedCount": 1}"#;
    let store = store(&[answer(200, page)]).await;
    let page = store.booking_ids(&BookedBy::Flight(id()), None, 5).await.unwrap();
    assert_eq!(
        (page.items, page.next),
        (vec![BookingId::new("B1").unwrap()], Some("B1".to_owned()))
    );
}

// What breaks off is asked for again, and an error after that is told apart as any other.
#[rstest]
#[case::once(&[broken_off()])]
#[case::throttled(&[error("ThrottlingException")])]
#[case::both(&[broken_off(), error("ThrottlingException")])]
#[tokio::test]
async fn what_passes_is_tried_again(#[case] before: &[Answer]) {
    let mut answers = before.to_vec();
    answers.push(answer(200, format!(r#"{{"Item": {FLIGHT}}}"#)));
    assert!(store(&answers).await.flight(&id()).await.unwrap().is_some());
}

#[rstest]
#[case::refused(&[error("ValidationException")], "Refused")]
#[case::not_allowed(&[error("AccessDeniedException")], "NotAllowed")]
#[case::refused_later(&[broken_off(), error("ValidationException")], "Refused")]
#[case::not_allowed_later(&[broken_off(), error("AccessDeniedException")], "NotAllowed")]
#[case::no_text(&[Answer(200, "\u{fffd}".to_owned(), 0)], "Unavailable")]
#[case::three_times(&[broken_off(), broken_off(), error("ThrottlingException")], "Unavailable")]
#[case::no_json(&[answer(200, "<html>")], "Unavailable")]
#[case::nothing(&[answer(200, "")], "Unavailable")]
#[tokio::test]
async fn errors_are_told_apart(#[case] answers: &[Answer], #[case] expected: &str) {
    let error = store(answers).await.flight(&id()).await.unwrap_err();
    assert!(format!("{error:?}").starts_with(expected), "{error:?}");
}
