//! The topic and its mapping: batches in order, retried from what failed, at times delivered again.

use crate::history::{Mutant, flight_id};
use crate::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flightpulse_kafka_batch::Invocation;
use flightpulse_kafka_consumer::handler::Consumer;
use flightpulse_simulation::history::Record;
use serde_json::{Value, json};
use std::rc::Rc;

const PARTITIONS: usize = 2;
/// Records of a batch at most, and executions under way beyond which the mapping waits.
const BATCH: usize = 8;
const UNDER_WAY: usize = 6;
/// Of ten thousand batches that are done, how many are not known to be.
const COMMIT_LOST: u64 = 300;

/// Reads the records, one task a partition; answers where the poison is.
pub(crate) fn read(world: &Rc<World>, records: Vec<Record>) -> Vec<(usize, i64)> {
    let mut partitions: Vec<Vec<Record>> = (0..PARTITIONS).map(|_| Vec::new()).collect();
    let mut poison = Vec::new();
    for record in records {
        let at = record.flight % PARTITIONS;
        if record.is_poison() {
            poison.push((at, partitions[at].len() as i64));
        }
        partitions[at].push(record);
    }
    for (number, log) in partitions.into_iter().enumerate() {
        let world = world.clone();
        world.clone().spawn(async move { poll(&world, number, &log).await });
    }
    poison
}

async fn poll(world: &Rc<World>, number: usize, log: &[Record]) {
    let chaos = &world.chaos;
    let mut committed = 0;
    while committed < log.len() {
        while world.running() >= UNDER_WAY {
            chaos.sleeps(1).await;
        }
        let end = (committed + 1 + chaos.below(BATCH)).min(log.len());
        let event = batch(number, committed, &log[committed..end]);
        if world.mutant == Mutant::CommitBeforeSuccess {
            committed = end;
        }
        let consumer = Consumer {
            flights: world.table(),
            bus: world.bus(None),
            dead_letters: world.dead_letters(),
        };
        let answer = chaos.invocation(consumer.handle(event, chaos.now())).await;
        world.deliver();
        match answer {
            Ok(Ok(answer)) if !chaos.mischief(COMMIT_LOST) => {
                let failed = lowest(&answer).unwrap_or(end);
                committed = committed.max(failed);
            }
            // All of it comes again.
            _ => chaos.sleeps(1).await,
        }
    }
}

fn batch(number: usize, from: usize, records: &[Record]) -> Invocation {
    let record = |(at, record): (usize, &Record)| {
        json!({
            "topic": "flight-operations", "partition": number, "offset": from + at,
            "timestamp": 1_763_800_000_000_i64, "timestampType": "CREATE_TIME",
            "key": STANDARD.encode(flight_id(record.flight).as_str()),
            "value": STANDARD.encode(&record.value), "headers": [],
        })
    };
    let records: Vec<_> = records.iter().enumerate().map(record).collect();
    let event = json!({
        "eventSource": "SelfManagedKafka", "bootstrapServers": "b:9092",
        "records": {format!("flight-operations-{number}"): records},
    });
    Invocation::read(&event.to_string()).unwrap()
}

fn lowest(answer: &Value) -> Option<usize> {
    let failures = answer["batchItemFailures"].as_array()?;
    let offsets = failures.iter().map(|one| one["itemIdentifier"]["offset"].as_u64().unwrap());
    offsets.min().map(|offset| offset as usize)
}
