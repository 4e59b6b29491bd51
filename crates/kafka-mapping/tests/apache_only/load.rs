//! 100,000 records, and a mapping that is killed in the middle of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flightpulse_kafka_mapping::event::KafkaEvent;
use flightpulse_kafka_mapping::invoker::{Invocation, MemoryInvoker};
use flightpulse_kafka_mapping::status::Status;
use futures::future::join_all;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};

use crate::broker::Broker;
use crate::support::{DEADLINE, Running, config, window};

pub(crate) const PARTITIONS: i32 = 4;
const EACH: usize = 25_000;
const BATCH: usize = 1_000;
/// Invocations that the first mapping gets answers to; all later ones hang until it is killed.
const ANSWERED: usize = 40;

/// 200 bytes that say which record of its partition it is.
fn value(number: usize) -> String {
    format!("{number:0>200}")
}

/// Writes as many records to each partition.
pub(crate) async fn write(broker: &Broker, each: usize) {
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", broker.bootstrap_servers())
        .set("enable.idempotence", "true")
        .set("linger.ms", "20")
        .create()
        .unwrap();
    for from in (0..each).step_by(BATCH) {
        let numbers =
            (from..each.min(from + BATCH)).flat_map(|n| (0..PARTITIONS).map(move |p| (p, n)));
        let sent = numbers.map(|(partition, number)| {
            let (producer, topic) = (producer.clone(), broker.topic());
            async move {
                let text = value(number);
                let record = FutureRecord::<[u8], str>::to(topic).partition(partition);
                producer.send(record.payload(&text), DEADLINE).await.unwrap()
            }
        });
        join_all(sent).await;
    }
}

/// The offsets of each partition as they came, having looked at each value.
pub(crate) fn order(events: &[KafkaEvent]) -> BTreeMap<i32, Vec<i64>> {
    let mut order: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for record in events.iter().flat_map(|event| event.records.values().flatten()) {
        let bytes = STANDARD.decode(record.value.as_ref().unwrap()).unwrap();
        let number = usize::try_from(record.offset).unwrap();
        assert_eq!(bytes, value(number).as_bytes(), "the record of this offset");
        order.entry(record.partition).or_default().push(record.offset);
    }
    order
}

fn committed(status: &Status) -> i64 {
    status.assigned.iter().filter_map(|p| p.committed).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_records_survive_a_killed_mapping_in_order() {
    let broker = Broker::start(PARTITIONS).await;
    let all = EACH * PARTITIONS as usize;
    let started = Instant::now();
    write(&broker, EACH).await;
    let writing = started.elapsed();

    let settings = || window(config(&broker, BATCH), Duration::from_millis(100));
    let dying = Arc::new(MemoryInvoker::new(|call, _| async move {
        if call >= ANSWERED {
            std::future::pending::<()>().await;
        }
        Ok(Invocation::answer("null"))
    }));
    let started = Instant::now();
    let mut first = Running::start(settings(), dying.clone());
    let answered = first
        .until("it is in mid-stream", |s| s.batches >= ANSWERED as u64 && s.in_flight > 0)
        .await;
    first.kill().await;
    assert!(answered.records < all as u64, "something is left for the second");
    let before = order(&dying.received().borrow());

    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut second = Running::start(settings(), invoker.clone());
    let status = second.until("all are committed", |s| committed(s) == all as i64).await;
    let reading = started.elapsed();
    let after = order(&invoker.received().borrow());

    let mut again = 0;
    for partition in 0..PARTITIONS {
        let (old, new) = (&before[&partition], &after[&partition]);
        for offsets in [old, new] {
            assert!(offsets.windows(2).all(|w| w[1] == w[0] + 1), "{partition}: gap or disorder");
        }
        assert_eq!((old[0], new[new.len() - 1]), (0, EACH as i64 - 1), "{partition}");
        let overlap = old[old.len() - 1] + 1 - new[0];
        assert!(
            overlap >= 0,
            "{partition}: records between {:?} and {} are lost",
            old.last(),
            new[0]
        );
        again += overlap;
    }
    let rate = |time: Duration| all as f64 / time.as_secs_f64();
    println!(
        "{all} records of 200 B, batches of {BATCH}: written {:.0}/s, mapped {:.0}/s with the kill \
         and the second start ({:.1} s); {again} came twice; {} invocations of the second",
        rate(writing),
        rate(reading),
        reading.as_secs_f64(),
        status.batches,
    );
}
