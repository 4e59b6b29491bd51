//! `seed`: the sample airline into the table, or a generated network.

pub(crate) mod generated;
pub(crate) mod put;

use crate::cli::SeedOptions;
use crate::place::Place;
use crate::sample::Sample;
use crate::terminal;
use anyhow::Context;
use flightpulse_domain::flight::Flight;
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{RecordWriter, StoreError};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How many records are written at the same time.
const CONCURRENCY: usize = 8;

/// Does it and says what it wrote.
pub(crate) async fn run(aws: bool, options: &SeedOptions) -> anyhow::Result<()> {
    let place = Place::find(aws).await?;
    if options.generated.flights.is_some() {
        return generated::run(&place, options).await;
    }
    let sample = Sample::on(options.date.unwrap_or_else(today))?;
    write(&place, &sample).await?;
    terminal::line(format_args!("seeded {}: {}", place.outputs.table_name, summary(&sample)));
    for flight in &sample.flights {
        let Flight { flight_id, origin, destination, booked_passengers, .. } = flight;
        let departs = flight.scheduled_departure.to_string();
        let departs = terminal::on_the_clock(&departs, origin).unwrap_or(departs);
        let gate = flight.gate.as_deref().unwrap_or("-");
        terminal::line(format_args!(
            "  {flight_id} to {destination} leaves {departs}, gate {gate}, passengers: {booked_passengers}"
        ));
    }
    Ok(())
}

/// Today, UTC: day 0 of the sample's flights unless another is asked for.
pub(crate) fn today() -> Date {
    Zoned::now().with_time_zone(TimeZone::UTC).date()
}

/// The sample in numbers.
pub(crate) fn summary(sample: &Sample) -> String {
    let Sample { flights, passengers, bookings } = sample;
    let (flights, passengers, bookings) = (flights.len(), passengers.len(), bookings.len());
    format!("{flights} flights, {passengers} passengers, {bookings} bookings")
}

/// Writes the records. Each replaces what was there, so a flight is as scheduled afterwards.
pub(crate) async fn write(place: &Place, sample: &Sample) -> anyhow::Result<()> {
    let client = aws_sdk_dynamodb::Client::new(&place.sdk);
    let store = &DynamoStore::new(client, &place.outputs.table_name);
    let flights = sample.flights.iter().map(|one| store.put_flight(one).boxed());
    let passengers = sample.passengers.iter().map(|one| store.put_passenger(one).boxed());
    let bookings = sample.bookings.iter().map(|one| store.put_booking(one).boxed());
    let writes: Vec<BoxFuture<'_, Result<(), StoreError>>> =
        flights.chain(passengers).chain(bookings).collect();
    let all = stream::iter(writes).buffer_unordered(CONCURRENCY).try_collect::<()>();
    all.await.with_context(|| format!("the table {} cannot be seeded", place.outputs.table_name))
}
