//! The day's flights and passengers into the table.

use super::Stage;
use super::journal::Journal;
use crate::generator::{Impossible, Traveller};
use crate::seed::put::put;
use crate::stop::Stop;
use flightpulse_store::Record;
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};

/// Records of one batch, and batches under way at once.
const RECORDS: usize = 25;
const CONCURRENCY: usize = 8;
/// The first wait before a batch is tried again; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

impl Stage<'_> {
    /// Writes flights and passengers, unless that is done. What was half written is written again.
    pub(super) async fn seed(&self, journal: &mut Journal) -> anyhow::Result<()> {
        if journal.seeded {
            return Ok(());
        }
        let (flights, bookings) = (self.day.departures.len(), self.airline.bookings());
        self.say(format_args!(
            "seeding {}: {flights} flights of {}, {bookings} bookings (generated, seed {})",
            self.place.outputs.table_name, self.day.date, journal.run.seed
        ));
        let began = Instant::now();
        let flights =
            self.airline.flights().map(|flight| Ok(vec![Record::Flight(Box::new(flight))]));
        let people = self.airline.travellers().map(|one| one.map(records));
        let records = flights.chain(people).collect::<Result<Vec<_>, Impossible>>()?;
        let batches = records.chunks(RECORDS).map(<[_]>::concat);
        let writes = batches.map(|batch| self.put(batch));
        let written = stream::iter(writes).buffer_unordered(CONCURRENCY);
        written.try_collect::<()>().await?;
        journal.seeded()?;
        self.say(format_args!("seeded in {:.1} s", began.elapsed().as_secs_f64()));
        Ok(())
    }

    async fn put(&self, batch: Vec<Record>) -> anyhow::Result<()> {
        if self.interrupt.is_asked() {
            return Err(Stop::Interrupted(
                "stopped while seeding; the same command begins with it".into(),
            )
            .into());
        }
        Ok(put(&self.store, &batch, &self.interrupt, PAUSE).await?)
    }
}

fn records(traveller: Traveller) -> Vec<Record> {
    let bookings = traveller.bookings.into_iter().map(|one| Record::Booking(Box::new(one)));
    std::iter::once(Record::Passenger(Box::new(traveller.passenger))).chain(bookings).collect()
}
