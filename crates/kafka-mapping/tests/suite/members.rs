//! Stops, kills and other members: nothing is lost and nothing is committed early.

use std::sync::Arc;
use std::time::Duration;

use flightpulse_kafka_mapping::invoker::{Invocation, MemoryInvoker};
use flightpulse_kafka_mapping::status::{State, Status};

use crate::broker::Broker;
use crate::support::{Producer, Running, config, offsets, received, window};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_committed_before_success_so_a_killed_mapping_loses_nothing() {
    let broker = Broker::start(1).await;
    Producer::new(&broker).fill(0, 3).await;
    let hanging = Arc::new(MemoryInvoker::new(|call, _| async move {
        if call > 0 {
            std::future::pending::<()>().await;
        }
        Ok(Invocation::answer("null"))
    }));
    let mut first =
        Running::start(window(config(&broker, 2), Duration::from_millis(50)), hanging.clone());
    first.until_committed(0, 2).await;
    assert_eq!(received(&hanging, 2).await[1].offsets(), offsets(&broker, 0, 2..3));
    first.kill().await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut second = Running::start(config(&broker, 2), invoker.clone());
    second.until_committed(0, 3).await;
    assert_eq!(received(&invoker, 1).await[0].offsets(), offsets(&broker, 0, 2..3));
    assert_eq!(invoker.received().borrow().len(), 1, "what was committed does not come again");
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_the_invocation_and_commits_it() {
    let broker = Broker::start(1).await;
    Producer::new(&broker).fill(0, 2).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let invoker = Arc::new(MemoryInvoker::new(move |_, _| {
        let mut released = released.clone();
        async move {
            released.wait_for(|open| *open).await.unwrap();
            Ok(Invocation::answer("null"))
        }
    }));
    let mapping = Running::start(config(&broker, 2), invoker.clone());
    received(&invoker, 1).await;
    let ending = tokio::spawn(mapping.stop());
    release.send(true).unwrap();
    let status = ending.await.unwrap();
    assert_eq!((status.state, status.records), (State::Stopped, 2));
    assert_eq!(status.assigned[0].committed, Some(2));
    let next = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(config(&broker, 2), next.clone());
    Producer::new(&broker).fill(0, 1).await;
    mapping.until_committed(0, 3).await;
    assert_eq!(received(&next, 1).await[0].offsets(), offsets(&broker, 0, 2..3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_member_takes_over_half_and_every_record_arrives() {
    let broker = Broker::start(4).await;
    let producer = Producer::new(&broker);
    for partition in 0..4 {
        producer.fill(partition, 3).await;
    }
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut first = Running::start(config(&broker, 100), invoker.clone());
    first.until("all four", |s| s.assigned.len() == 4 && s.records == 12).await;
    let mut second = Running::start(config(&broker, 100), invoker.clone());
    second.until("its half", |s| s.assigned.len() == 2).await;
    first.until("the other half", |s| s.assigned.len() == 2).await;
    for partition in 0..4 {
        producer.fill(partition, 1).await;
    }
    let both = |s: &Status| s.assigned.iter().all(|p| p.committed == Some(4));
    first.until("committed", both).await;
    second.until("committed", both).await;
    let mut all: Vec<_> = invoker.received().borrow().iter().flat_map(|e| e.offsets()).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_go_side_by_side_and_each_waits_for_itself() {
    let broker = Broker::start(2).await;
    let producer = Producer::new(&broker);
    producer.fill(0, 1).await;
    let (release, released) = tokio::sync::watch::channel(false);
    let invoker = Arc::new(MemoryInvoker::new(move |call, _| {
        let mut released = released.clone();
        async move {
            if call == 0 {
                released.wait_for(|open| *open).await.unwrap();
            }
            Ok(Invocation::answer("null"))
        }
    }));
    let mut mapping = Running::start(config(&broker, 1), invoker.clone());
    received(&invoker, 1).await;
    producer.fill(0, 1).await;
    producer.fill(1, 2).await;
    mapping.until_committed(1, 2).await;
    let events = invoker.received().borrow().clone();
    let sent: Vec<_> = events.iter().flat_map(|e| e.offsets()).collect();
    let expected = [offsets(&broker, 0, 0..1), offsets(&broker, 1, 0..2)].concat();
    assert_eq!(sent, expected, "partition 1 went past 0, whose second record waits");
    release.send(true).unwrap();
    mapping.until_committed(0, 2).await;
}
