//! `load`: valid events at a steady rate, and how long they take.

mod events;
mod report;

use crate::cli::{FlightsFrom, LoadOptions};
use crate::generator::Network;
use crate::histogram::Histogram;
use crate::interrupt::Interrupt;
use crate::kafka::RecordAt;
use crate::lag::{Group, PartitionLag};
use crate::place::Place;
use crate::producer::Producer;
use crate::sample::Sample;
use crate::seed::{self, generated};
use crate::stop::Stop;
use crate::terminal;
use anyhow::Context;
use events::{Event, Events, Target};
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{FlightReader, SeedingLog};
use jiff::Timestamp;
use report::{Drain, Report};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Records that may be under way at once: a broker that is slow slows the load down, and memory
/// stays bounded.
const UNDER_WAY: usize = 5_000;
/// How often the group is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The most flights that events are about.
const MOST_FLIGHTS: usize = 20_000;

/// Does it; answers whether all were written and, where it waits, read.
pub(crate) async fn run(aws: bool, options: &LoadOptions) -> anyhow::Result<bool> {
    let place = Place::find(aws).await?;
    let targets = targets(&place, options.flights_from).await?;
    let brokers = options.brokers.as_deref();
    let producer = Arc::new(Producer::find(&place, brokers, aws)?);
    // Through the producer function records can be written where the brokers are out of reach;
    // how far the group is they alone know.
    let group = match Group::open(brokers, OPERATIONS_TOPIC, options.group.as_deref(), aws) {
        Ok(group) => Some(group),
        Err(_) if aws => None,
        Err(stop) => return Err(stop.into()),
    };
    let mut interrupt = Interrupt::listen();
    let run = Uuid::new_v4().simple().to_string();
    let events = Events::new(options.seed, targets, &run[..8]);
    if !options.json {
        terminal::line(format_args!(
            "load {}: {} events a second for {} s over {} flights, to {OPERATIONS_TOPIC}",
            &run[..8],
            options.rate,
            options.seconds,
            events.flights()
        ));
    }
    let mut report = Report::new(&run[..8], options.rate);
    let written = produce(&producer, events, options, &interrupt, &mut report).await;
    let waits = options.drain_seconds > 0 && !interrupt.is_asked() && report.failed == 0;
    if let Some(group) = group.as_ref().filter(|_| waits && report.written > 0) {
        let deadline = Duration::from_secs(options.drain_seconds);
        report.drain = Some(drain(group, &written, deadline, &mut interrupt).await?);
    }
    if options.json {
        terminal::line(serde_json::to_string_pretty(&report)?);
    } else {
        report
            .lines(group.as_ref().map_or("the consumer group", Group::name))
            .iter()
            .for_each(terminal::line);
    }
    if let Some(why) = &report.failure {
        return Err(Stop::CannotRun(why.clone()).into());
    }
    if interrupt.is_asked() {
        return Err(Stop::Interrupted("stopped before it was done".into()).into());
    }
    Ok(report.drain.as_ref().is_none_or(|drain| drain.left == 0))
}

/// The flights that events are about; they must be known, or nobody is told anything.
async fn targets(place: &Place, from: FlightsFrom) -> anyhow::Result<Vec<Target>> {
    let store =
        DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &place.outputs.table_name);
    match from {
        FlightsFrom::Sample => {
            let flights = Sample::on(seed::today())?.flights;
            let ids: Vec<_> = flights.iter().map(|flight| flight.flight_id.clone()).collect();
            let known = store.flights(&ids).await.context("the flights cannot be read")?;
            let known = flights.into_iter().filter(|one| known.contains_key(&one.flight_id));
            let targets: Vec<_> =
                known.map(|one| Target { flight_id: one.flight_id, gate: one.gate }).collect();
            none_is_an_error(targets, "the sample airline is not in the table; run seed")
        }
        FlightsFrom::Table => {
            let seedings = store.seedings().await.context("the table cannot be read")?;
            let mut targets = Vec::new();
            for seeding in seedings.iter().rev() {
                let network = Network::plan(generated::spec_of(seeding))?;
                let written = network.legs.into_iter().take(seeding.written as usize);
                let left = MOST_FLIGHTS.saturating_sub(targets.len());
                targets.extend(
                    written
                        .take(left)
                        .map(|leg| Target { flight_id: leg.flight_id, gate: Some(leg.gate) }),
                );
            }
            none_is_an_error(
                targets,
                "no generated network is in the table; run seed --flights N --passengers M, or use \
                 --flights-from sample",
            )
        }
    }
}

fn none_is_an_error(targets: Vec<Target>, why: &str) -> anyhow::Result<Vec<Target>> {
    if targets.is_empty() { Err(Stop::CannotRun(why.to_owned()).into()) } else { Ok(targets) }
}

/// The end of what was written, by partition: the offset after the last record.
type Written = BTreeMap<i32, i64>;
/// Where a record is, and how long that took.
type Answer = Result<(RecordAt, Duration), Stop>;

async fn produce(
    producer: &Arc<Producer>,
    mut events: Events,
    options: &LoadOptions,
    interrupt: &Interrupt,
    report: &mut Report,
) -> Written {
    let total = u64::from(options.rate) * u64::from(options.seconds);
    let began = Instant::now();
    let mut under_way = JoinSet::<Answer>::new();
    let mut written = Written::new();
    let mut latencies = Histogram::default();
    let mut take =
        |answer: Result<Answer, tokio::task::JoinError>, report: &mut Report| match answer {
            Ok(Ok((at, took))) => {
                latencies.add(took);
                let end = written.entry(at.partition).or_insert(0);
                *end = (*end).max(at.offset + 1);
                report.written += 1;
                report.produce_seconds = began.elapsed().as_secs_f64();
            }
            Ok(Err(stop)) => report.fail(stop.to_string()),
            Err(error) => report.fail(error.to_string()),
        };
    for nth in 0..total {
        if interrupt.is_asked() || report.failed > 0 {
            break;
        }
        // By the clock and not by the event before: what was late once is caught up with.
        let due = began + Duration::from_secs_f64(nth as f64 / f64::from(options.rate));
        tokio::time::sleep_until(due.into()).await;
        while let Some(answer) = under_way.try_join_next() {
            take(answer, report);
        }
        if under_way.len() >= UNDER_WAY
            && let Some(answer) = under_way.join_next().await
        {
            take(answer, report);
        }
        match events.next(Timestamp::now()) {
            Ok(event) => drop(under_way.spawn(write(Arc::clone(producer), event))),
            Err(stop) => report.fail(stop.to_string()),
        }
    }
    while let Some(answer) = under_way.join_next().await {
        take(answer, report);
    }
    report.latency = latencies.summary();
    written
}

async fn write(producer: Arc<Producer>, event: Event) -> Answer {
    let began = Instant::now();
    let (key, id) = (event.flight_id.as_str(), event.event_id.as_str());
    let at = producer.write(Some(key), &event.value, id).await?;
    Ok((at, began.elapsed()))
}

/// Waits until the group is past what was written, whatever others write meanwhile.
async fn drain(
    group: &Group,
    written: &Written,
    deadline: Duration,
    interrupt: &mut Interrupt,
) -> anyhow::Result<Drain> {
    let began = Instant::now();
    loop {
        let left = behind(&group.lag().await?, written);
        let seconds = began.elapsed().as_secs_f64();
        if left == 0 || began.elapsed() >= deadline || interrupt.is_asked() {
            return Ok(Drain { seconds, left });
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = interrupt.asked() => {}
        }
    }
}

/// Records that were written and are not read yet.
fn behind(lag: &[PartitionLag], written: &Written) -> i64 {
    let left = |(partition, end): (&i32, &i64)| {
        let found = lag.iter().find(|one| one.partition == *partition);
        let start = found.map_or(0, |one| one.committed.unwrap_or(one.end - one.lag));
        (end - start).max(0)
    };
    written.iter().map(left).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(partition: i32, committed: Option<i64>, end: i64) -> PartitionLag {
        let lag = end - committed.unwrap_or(0);
        PartitionLag { partition, committed, end, lag }
    }

    #[test]
    fn what_others_write_is_not_waited_for() {
        let written = Written::from([(0, 10), (2, 5)]);
        let lag = [at(0, Some(10), 40), at(1, None, 9), at(2, Some(3), 5)];
        assert_eq!(behind(&lag, &written), 2);
        assert_eq!(behind(&[at(0, Some(12), 12), at(2, Some(5), 5)], &written), 0);
        assert_eq!(behind(&[at(0, None, 10), at(2, Some(5), 5)], &written), 10);
    }
}
