//! `seed --flights N --passengers M`: a generated network into the table.
//!
//! Records are numbered: the flights, then the passengers, each with their bookings. They are
//! written in order, some batches at once; how far all of them are written is noted in the table
//! every other second. Whatever ends the writing, the same command goes on from there: what was
//! written after the note is written again, which changes nothing.

mod progress;
mod start;

use super::put::put;
use super::today;
use crate::cli::SeedOptions;
use crate::generator::{Impossible, Network, Spec};
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use anyhow::Context;
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{BulkWriter, Record, Seeding, SeedingLog};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use progress::{Progress, grouped};
use start::Start;
use std::time::{Duration, Instant};

/// Records of one batch: some hundred items, so that a call of 25 is seldom half empty.
const RECORDS: u32 = 25;
/// Batches under way at once, unless another number is asked for.
const CONCURRENCY: u32 = 8;
/// How often it is noted how far the writing has come.
const NOTED_EVERY: Duration = Duration::from_secs(2);
/// The first wait before a batch is tried again that the table does not take; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes the network, or what is missing of it.
pub(crate) async fn run(place: &Place, options: &SeedOptions) -> anyhow::Result<()> {
    let interrupt = Interrupt::listen();
    let table = &place.outputs.table_name;
    let store = DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), table);
    let cannot_read = || format!("the table {table} cannot be read");
    let noted = store.seedings().await.with_context(cannot_read)?;
    let asked = &options.generated;
    let (seeding, message) = match start::decide(asked, options.date, &noted, today())? {
        Start::At { seeding, message } => (seeding, message),
        Start::Done { message } => {
            terminal::line(message);
            return Ok(());
        }
    };
    let network = Network::plan(spec_of(&seeding)).map_err(|impossible| match impossible {
        Impossible::TooManyPassengers { .. } => Stop::Usage(impossible.to_string()),
        other => Stop::CannotRun(other.to_string()),
    })?;
    terminal::line(format_args!(
        "seeding {table}: {} flights, {} passengers, {} bookings (generated, seed {}, day 0 {})",
        grouped(u64::from(seeding.flights)),
        grouped(u64::from(seeding.passengers)),
        grouped(network.bookings()),
        seeding.seed,
        seeding.date,
    ));
    message.into_iter().for_each(terminal::line);
    let writing = Writing { store: &store, network: &network, interrupt, pause: PAUSE };
    writing.write(seeding, asked.concurrency.unwrap_or(CONCURRENCY)).await
}

/// The network that was, or is to be, written.
pub(crate) fn spec_of(seeding: &Seeding) -> Spec {
    let Seeding { seed, flights, passengers, date, .. } = *seeding;
    Spec { seed, flights, passengers, date }
}

/// Writing a network.
struct Writing<'a, S> {
    store: &'a S,
    network: &'a Network,
    interrupt: Interrupt,
    /// The first wait before a batch is tried again.
    pause: Duration,
}

/// Some records, and how many are written once these are.
type Batch = (u32, Vec<Record>);

impl<S: BulkWriter + SeedingLog> Writing<'_, S> {
    async fn write(&self, mut seeding: Seeding, concurrency: u32) -> anyhow::Result<()> {
        self.note(&mut seeding).await?;
        let began = Instant::now();
        let mut progress = Progress::begin(seeding.written, seeding.records());
        let (mut noted, mut items) = (Instant::now(), 0_u64);
        let batches = batches(self.network, seeding.written)
            .take_while(|_| !self.interrupt.is_asked())
            .map(|batch| self.put(batch));
        // In the order of the records, so that all before the last one are written too.
        let mut written = stream::iter(batches).buffered(concurrency as usize);
        let mut failure = None;
        while let Some(result) = written.next().await {
            match result {
                Ok((until, count)) => {
                    seeding.written = until;
                    items += count;
                    progress.tell(until);
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
            if noted.elapsed() >= NOTED_EVERY {
                self.note(&mut seeding).await?;
                noted = Instant::now();
            }
        }
        progress.end();
        // Where the table is away, the note of some seconds ago stands.
        let last = self.note(&mut seeding).await;
        let so_far = format!(
            "{} of {} records are written; the same command goes on from there",
            grouped(u64::from(seeding.written)),
            grouped(u64::from(seeding.records()))
        );
        if let Some(error) = failure {
            return Err(error.context(so_far));
        }
        last?;
        if !seeding.is_done() {
            return Err(Stop::Interrupted(format!("stopped: {so_far}")).into());
        }
        let seconds = began.elapsed().as_secs_f64();
        terminal::line(format_args!(
            "written: {} items in {seconds:.1} s, {} a second",
            grouped(items),
            grouped((items as f64 / seconds.max(0.001)) as u64)
        ));
        Ok(())
    }

    async fn note(&self, seeding: &mut Seeding) -> anyhow::Result<()> {
        seeding.at = Timestamp::now();
        let noted = self.store.note_seeding(seeding).await;
        noted.context("how far it has come cannot be noted in the table")
    }

    /// Puts a batch; answers how many records are written with it, and its items.
    async fn put(&self, batch: Result<Batch, Impossible>) -> anyhow::Result<(u32, u64)> {
        let (until, records) = batch?;
        let items = records.iter().map(items_of).sum();
        put(self.store, &records, &self.interrupt, self.pause).await?;
        Ok((until, items))
    }
}

fn items_of(record: &Record) -> u64 {
    match record {
        Record::Flight(_) | Record::Passenger(_) => 1,
        // Its own, and one under its flight and one under its passenger.
        Record::Booking(_) => 3,
    }
}

/// The network's records from this one on, in batches.
fn batches(network: &Network, from: u32) -> impl Iterator<Item = Result<Batch, Impossible>> + '_ {
    let flights = network.spec.flights;
    let rest = from..flights;
    let of_flights = rest.filter_map(move |at| {
        let flight = network.flight(at as usize)?;
        Some(Ok(vec![Record::Flight(Box::new(flight))]))
    });
    let travellers = network.travellers(from.saturating_sub(flights));
    let of_passengers = travellers.map(|traveller| {
        let traveller = traveller?;
        let bookings = traveller.bookings.into_iter().map(|one| Record::Booking(Box::new(one)));
        let passenger = Record::Passenger(Box::new(traveller.passenger));
        Ok(std::iter::once(passenger).chain(bookings).collect::<Vec<_>>())
    });
    let mut all = of_flights.chain(of_passengers);
    let mut until = from;
    std::iter::from_fn(move || {
        let mut records = Vec::new();
        let begin = until;
        for one in all.by_ref().take(RECORDS as usize) {
            match one {
                Ok(one) => records.extend(one),
                Err(error) => return Some(Err(error)),
            }
            until += 1;
        }
        (until > begin).then_some(Ok((until, records)))
    })
}

#[cfg(test)]
mod tests;
