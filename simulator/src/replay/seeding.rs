//! The day's flights and passengers into the table.

use super::Stage;
use super::journal::Journal;
use crate::generator::{Impossible, Traveller};
use crate::seed::put::put;
use crate::stop::Stop;
use flightpulse_domain::ids::{BookingId, FlightId};
use flightpulse_store::{BookingReader, FlightReader, Record};
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// Records of one batch, and batches under way at once.
const RECORDS: usize = 25;
const CONCURRENCY: usize = 8;
/// Bookings of a flight that are looked at: more than any has.
const BOOKINGS: usize = 50;
/// The first wait before a batch is tried again; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

impl Stage<'_> {
    /// Writes flights and passengers, unless that is done. What was half written is written again.
    pub(super) async fn seed(&self, journal: &mut Journal) -> anyhow::Result<()> {
        if journal.seeded {
            return Ok(());
        }
        self.has_no_others().await?;
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

    /// Nobody is deleted, so passengers of another seed or file would stay on the day's flights, and be
    /// told.
    async fn has_no_others(&self) -> anyhow::Result<()> {
        let mut ours: HashMap<FlightId, BTreeSet<BookingId>> = HashMap::new();
        for traveller in self.airline.travellers() {
            for booking in traveller?.bookings {
                ours.entry(booking.flight_id).or_default().insert(booking.booking_id);
            }
        }
        let flights: Vec<_> =
            self.day.departures.iter().map(|departure| departure.flight_id.clone()).collect();
        // In a table that has none of the flights nothing more is asked.
        let known = self.store.flights(&flights).await?.into_keys();
        let looks = known.map(|flight| {
            let (ours, store) = (ours.get(&flight).cloned().unwrap_or_default(), &self.store);
            async move {
                let page = store.bookings_of_flight(&flight, None, BOOKINGS).await?;
                let other = page.bookings.iter().any(|(booking, _)| !ours.contains(booking));
                anyhow::Ok((other || page.next.is_some()).then_some(flight))
            }
        });
        let mut looks = stream::iter(looks).buffer_unordered(CONCURRENCY);
        while let Some(others) = looks.try_next().await? {
            if let Some(flight) = others {
                return Err(Stop::Usage(format!(
                    "there are other bookings on {flight} than this replay has: the day was replayed with \
                     another --seed or --data, and nobody is deleted; use that, or an empty table"
                ))
                .into());
            }
        }
        Ok(())
    }

    async fn put(&self, batch: Vec<Record>) -> anyhow::Result<()> {
        if self.interrupt.is_asked() {
            return Err(stopped().into());
        }
        match put(&self.store, &batch, &self.interrupt, PAUSE).await {
            Err(_) if self.interrupt.is_asked() => Err(stopped().into()),
            done => Ok(done?),
        }
    }
}

fn records(traveller: Traveller) -> Vec<Record> {
    let bookings = traveller.bookings.into_iter().map(|one| Record::Booking(Box::new(one)));
    std::iter::once(Record::Passenger(Box::new(traveller.passenger))).chain(bookings).collect()
}

fn stopped() -> Stop {
    Stop::Interrupted("stopped while seeding; the same command begins with it".into())
}
