//! What holds of every topic: of the one in memory, and of Kafka's, on librdkafka's brokers in this
//! process.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_topic::kafka::{KafkaTopic, SignIn};
use flightpulse_topic::memory::MemoryTopic;
use flightpulse_topic::{AppendError, NewRecord, Place, Topic};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const TOPIC: &str = "flight-operations";
const PARTITIONS: usize = 4;

fn record(key: Option<&str>, value: &str) -> NewRecord {
    NewRecord {
        key: key.map(|key| key.as_bytes().to_vec()),
        value: Some(value.as_bytes().to_vec()),
        headers: BTreeMap::from([("correlation_id".to_owned(), b"c1".to_vec())]),
    }
}

fn places(answers: Vec<Result<Place, AppendError>>) -> Vec<Place> {
    answers.into_iter().map(Result::unwrap).collect()
}

/// Each record has its answer; those of one key are in one partition, in order, one after another.
async fn conforms(topic: &impl Topic) -> Vec<(Place, NewRecord)> {
    assert!(topic.append(&[]).await.is_empty());
    let keys = ["SW1234", "SW5678", "SW9012", "SW3456"];
    let records: Vec<_> = (0..40)
        .map(|number| record(Some(keys[number % keys.len()]), &format!("value {number}")))
        .chain([record(None, "no key"), NewRecord::default()])
        .collect();
    let at = places(topic.append(&records).await);
    assert_eq!(at.len(), records.len());
    for key in keys {
        let is = |record: &&NewRecord| record.key.as_deref() == Some(key.as_bytes());
        let of_key: Vec<_> =
            at.iter().zip(&records).filter(|(_, r)| is(r)).map(|(at, _)| *at).collect();
        assert_eq!(of_key.len(), 10);
        assert!(of_key.iter().all(|place| place.partition == of_key[0].partition), "{key}");
        assert!(of_key.is_sorted_by(|one, next| one.offset < next.offset), "{key}");
    }
    // A second call goes on where the first ended.
    let again = places(topic.append(&[record(Some("SW1234"), "later")]).await);
    assert_eq!(again[0].partition, at[0].partition);
    let before = at.iter().filter(|one| one.partition == again[0].partition);
    assert_eq!(again[0].offset, before.map(|one| one.offset).max().unwrap() + 1);
    at.into_iter().zip(records).collect()
}

#[tokio::test]
async fn the_topic_in_memory_conforms() {
    let topic = MemoryTopic::new(PARTITIONS);
    let written = conforms(&topic).await;
    for (place, record) in written {
        let partition = usize::try_from(place.partition).unwrap();
        let offset = usize::try_from(place.offset).unwrap();
        assert_eq!(topic.records()[partition][offset], record);
    }
}

fn brokers() -> MockCluster<'static, DefaultProducerContext> {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, i32::try_from(PARTITIONS).unwrap(), 1).unwrap();
    cluster
}

fn kafka(brokers: &str, topic: &str) -> KafkaTopic {
    KafkaTopic::new(topic, vec![brokers.to_owned()], SignIn::None)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_topic_on_brokers_conforms_and_another_client_reads_it() {
    let cluster = brokers();
    let servers = cluster.bootstrap_servers();
    let written = conforms(&kafka(&servers, TOPIC)).await;

    let reader: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &servers)
        .set("group.id", "reader")
        .set("auto.offset.reset", "earliest")
        .create()
        .unwrap();
    reader.subscribe(&[TOPIC]).unwrap();
    let mut read = BTreeMap::new();
    let deadline = Instant::now() + Duration::from_secs(60);
    let is_read = |read: &BTreeMap<(i32, i64), NewRecord>| {
        written.iter().all(|(at, _)| read.contains_key(&(at.partition, at.offset)))
    };
    while !is_read(&read) {
        assert!(Instant::now() < deadline, "only {} records read", read.len());
        let Some(message) = reader.poll(Duration::from_millis(200)) else {
            continue;
        };
        let message = message.unwrap();
        let header = |headers: &rdkafka::message::BorrowedHeaders| {
            let all = headers
                .iter()
                .map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec()));
            all.collect()
        };
        let record = NewRecord {
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: message.headers().map(header).unwrap_or_default(),
        };
        read.insert((message.partition(), message.offset()), record);
    }
    for (Place { partition, offset }, record) in written {
        assert_eq!(read[&(partition, offset)], record);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_not_there_is_refused_by_its_name() {
    let cluster = brokers();
    let topic = kafka(&cluster.bootstrap_servers(), "no-such-topic");
    let answers = topic.append(&[record(None, "x"), record(None, "y")]).await;
    assert_eq!(answers.len(), 2);
    for answer in answers {
        let error = answer.unwrap_err();
        assert!(matches!(&error, AppendError::Refused(why) if why.contains("no-such-topic")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn brokers_that_are_away_are_unavailable_and_found_again() {
    let cluster = brokers();
    let servers = cluster.bootstrap_servers();
    let topic = kafka(&servers, TOPIC);
    places(topic.append(&[record(Some("SW1234"), "before")]).await);
    let topic = topic.with_budget(Duration::from_secs(2));
    cluster.broker_down(1).unwrap();
    let answer = topic.append(&[record(Some("SW1234"), "away")]).await.remove(0);
    assert!(matches!(answer, Err(AppendError::Unavailable(_))), "{answer:?}");
    cluster.broker_up(1).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while topic.append(&[record(Some("SW1234"), "back")]).await.remove(0).is_err() {
        assert!(Instant::now() < deadline, "the brokers are back and not found");
    }
}
