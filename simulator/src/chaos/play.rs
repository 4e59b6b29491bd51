//! Writing a history: its flights into the table, its records to Kafka.

use super::history::History;
use crate::cli::PlayOptions;
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::producer::{NewRecord, Producer};
use crate::seed::put::put;
use crate::stop::Stop;
use crate::terminal;
use flightpulse_store::Record;
use flightpulse_store::dynamo::DynamoStore;
use std::time::{Duration, Instant};

/// Records of one batch into the table, and the first wait before it is tried again.
const RECORDS: usize = 25;
const PAUSE: Duration = Duration::from_secs(1);
/// Records that are written without waiting in between.
const AT_ONCE: usize = 5;
/// How often it is looked what is due.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long brokers may be away.
const PATIENCE: Duration = Duration::from_secs(120);

/// Does it, and says how far it is: whoever makes the faults goes by that.
pub(super) async fn run(aws: bool, options: &PlayOptions) -> anyhow::Result<()> {
    let history = History::of(&options.history)?;
    let place = Place::find(aws).await?;
    let producer = Producer::find(&place, options.brokers.as_deref(), aws)?;
    producer.answers().await?;
    let interrupt = Interrupt::listen();
    seed(&place, &history, &interrupt).await?;
    let (flights, records) = (history.flights.len(), history.script.records.len());
    terminal::line(format_args!(
        "history {}: {records} records about {flights} flights with {} bookings (seed {})",
        history.run,
        history.bookings().count(),
        options.history.seed
    ));
    write(&history, &producer, options.rate, &interrupt).await
}

async fn seed(place: &Place, history: &History, interrupt: &Interrupt) -> anyhow::Result<()> {
    let table = &place.outputs.table_name;
    let store = DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), table);
    let flights = history.flights.iter().map(|one| Record::Flight(Box::new(one.clone())));
    let people = history.travellers.iter().map(|one| &one.passenger);
    let people = people.map(|one| Record::Passenger(Box::new(one.clone())));
    let bookings = history.bookings().map(|one| Record::Booking(Box::new(one.clone())));
    let records: Vec<_> = flights.chain(people).chain(bookings).collect();
    for batch in records.chunks(RECORDS) {
        put(&store, batch, interrupt, PAUSE).await?;
    }
    Ok(())
}

async fn write(
    history: &History,
    producer: &Producer,
    rate: u32,
    interrupt: &Interrupt,
) -> anyhow::Result<()> {
    let (all, correlation_id) = (&history.script.records, history.correlation());
    let (began, mut written) = (Instant::now(), 0);
    while written < all.len() {
        if interrupt.is_asked() {
            return Err(Stop::Interrupted("stopped before all was written".into()).into());
        }
        // By the clock: what was late once is caught up with.
        let due = (began.elapsed().as_secs_f64() * f64::from(rate)) as usize + 1;
        let end = due.min(all.len()).min(written + AT_ONCE);
        if end > written {
            let records = all[written..end].iter().map(|record| NewRecord {
                key: Some(history.flights[record.flight].flight_id.as_str()),
                value: &record.value,
                correlation_id: &correlation_id,
            });
            patiently(producer, &records.collect::<Vec<_>>()).await?;
            written = end;
            terminal::line(format_args!("written {written} of {}", all.len()));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Writes until the brokers have all of them. Those that they had before are there twice then, which
/// a history must stand.
async fn patiently(producer: &Producer, records: &[NewRecord<'_>]) -> anyhow::Result<()> {
    let began = Instant::now();
    while let Err(stop) = producer.write_all(records).await {
        if began.elapsed() > PATIENCE {
            return Err(stop.into());
        }
        eprintln!("{stop}; trying again for {} s", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
