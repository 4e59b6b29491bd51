//! Taking in events, reservation by reservation.

use crate::rebooking::{AskFailed, ask_for_rebooking};
use crate::settled::{Heard, Settled, flights_of};
use flightpulse_bus::EventPublisher;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reconciliation::{Discrepancy, RunId};
use flightpulse_domain::reservation::{Reservation, ReservationChange};
use flightpulse_store::{
    BookingReader, FlightReader, ReservationReader, ReservationWriter, Reservations, StoreError,
    Written,
};
use futures::stream::{self, StreamExt, TryStreamExt};
use futures::{future, join};
use jiff::Timestamp;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// How often a reservation is decided on at most, while others write it.
pub const DECISIONS: usize = 6;
/// Reservations of one call to the table.
const PER_READ: usize = 100;
/// Calls that read at once.
const READS_AT_ONCE: usize = 4;

/// Why events are taken in.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// They have just happened: most of them change something, and whoever is stranded by them is
    /// asked another flight for at once, in the name of a source.
    Live(&'static str),
    /// They are held against the table: most of them change nothing. What one changes is kept as a
    /// discrepancy of the run, by which whoever concludes the run asks for other flights.
    Reconcile(&'a RunId),
}

/// Takes in events of bookings.
#[derive(Debug)]
pub struct Intake<'a, S, B> {
    /// The reservations, and the flights that they are of.
    pub store: &'a S,
    /// Takes what needs another flight.
    pub bus: &'a B,
    /// The time, UTC: asked when a reservation is written.
    pub clock: fn() -> Timestamp,
    /// Why.
    pub purpose: Purpose<'a>,
    /// Reservations that are written at once. The more there are, the more meet each other at the
    /// totals of a flight.
    pub at_once: usize,
}

impl<S, B> Intake<'_, S, B>
where
    S: ReservationReader + ReservationWriter + FlightReader + BookingReader,
    B: EventPublisher,
{
    /// Takes in all events, by their reservations.
    pub async fn settle<T: Heard + Sync>(
        &self,
        mut heard: BTreeMap<Pnr, Vec<T>>,
    ) -> Vec<Settled<T>> {
        let mut settled = Vec::new();
        let read = match self.purpose {
            Purpose::Live(_) => self.all_of(&heard).await,
            Purpose::Reconcile(_) => self.changed_by(&mut heard, &mut settled).await,
        };
        let (mut known, flights) = match read {
            Ok(read) => read,
            Err(error) => {
                tracing::error!(%error, "the table cannot be read: all events come again");
                let again = heard.into_values().flatten().collect();
                settled.push(Settled { again, ..Settled::default() });
                return settled;
            }
        };
        let groups = heard.into_iter().map(|(pnr, heard)| {
            let read = known.remove(&pnr).unwrap_or_else(|| Ok(Reservation::new(pnr)));
            self.take_in(read, &flights, heard)
        });
        settled.extend(stream::iter(groups).buffer_unordered(self.at_once).concat().await);
        settled
    }

    async fn reservations(&self, pnrs: &[Pnr]) -> Result<Reservations, StoreError> {
        stream::iter(pnrs.chunks(PER_READ).map(|some| self.store.reservations(some)))
            .buffer_unordered(READS_AT_ONCE)
            .try_fold(Reservations::new(), |mut all, some| {
                all.extend(some);
                future::ok(all)
            })
            .await
    }

    /// The reservations, and the flights that are bought of them.
    async fn all_of<T: Heard>(
        &self,
        heard: &BTreeMap<Pnr, Vec<T>>,
    ) -> Result<(Reservations, HashMap<FlightId, Flight>), StoreError> {
        let pnrs: Vec<_> = heard.keys().cloned().collect();
        let flights = flights_of(heard.values().flatten());
        let (known, flights) = join!(self.reservations(&pnrs), self.store.flights(&flights));
        Ok((known?, flights?))
    }

    /// The reservations that the events change, and the flights of those alone: few, so that flights
    /// cost few calls. Events that change nothing are settled by it.
    async fn changed_by<T: Heard>(
        &self,
        heard: &mut BTreeMap<Pnr, Vec<T>>,
        settled: &mut Vec<Settled<T>>,
    ) -> Result<(Reservations, HashMap<FlightId, Flight>), StoreError> {
        let pnrs: Vec<_> = heard.keys().cloned().collect();
        let known = self.reservations(&pnrs).await?;
        let says_nothing_new = |pnr: &Pnr, heard: &mut Vec<T>| match known.get(pnr) {
            Some(Ok(known)) => heard.iter().all(|one| known.knows(one.event())),
            _ => false,
        };
        let taken: Vec<T> =
            heard.extract_if(.., says_nothing_new).flat_map(|(_, taken)| taken).collect();
        settled.push(Settled { taken, ..Settled::default() });
        let flights = self.store.flights(&flights_of(heard.values().flatten())).await?;
        Ok((known, flights))
    }

    /// Takes in the events of one reservation: together; where they cannot be written together, one
    /// after the other, so that one that can never be written takes no other along.
    async fn take_in<T: Heard>(
        &self,
        read: Result<Reservation, StoreError>,
        flights: &HashMap<FlightId, Flight>,
        mut heard: Vec<T>,
    ) -> Vec<Settled<T>> {
        let known = match read {
            Ok(known) => known,
            Err(error) => return vec![fail(Settled::default(), heard, &error)],
        };
        let pnr = known.pnr.clone();
        let mut settled = Settled::default();
        match self.write(known, flights, &mut heard, &mut settled).await {
            Ok(()) => vec![Settled { taken: heard, ..settled }],
            Err(StoreError::Refused(_) | StoreError::Corrupt { .. }) if heard.len() > 1 => {
                tracing::warn!("events cannot be written together: one after the other");
                let mut all = vec![settled];
                for one in heard {
                    all.push(self.take_in_alone(&pnr, flights, one).await);
                }
                all
            }
            Err(error) => vec![fail(settled, heard, &error)],
        }
    }

    async fn take_in_alone<T: Heard>(
        &self,
        pnr: &Pnr,
        flights: &HashMap<FlightId, Flight>,
        one: T,
    ) -> Settled<T> {
        let mut alone = vec![one];
        let mut settled = Settled::default();
        let result = match self.read_again(pnr).await {
            Ok(known) => self.write(known, flights, &mut alone, &mut settled).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => Settled { taken: alone, ..settled },
            Err(error) => fail(settled, alone, &error),
        }
    }

    /// Writes what the events make of a reservation, deciding anew while others write it. Those that
    /// are too many for it leave `heard` for those that are refused.
    async fn write<T: Heard>(
        &self,
        mut before: Reservation,
        flights: &HashMap<FlightId, Flight>,
        heard: &mut Vec<T>,
        settled: &mut Settled<T>,
    ) -> Result<(), StoreError> {
        let mut flights = Cow::Borrowed(flights);
        for _ in 0..DECISIONS {
            let after = fold(&before, heard, settled);
            let change = ReservationChange::between(&before, after, &flights)
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            let Some(mut change) = change else {
                // It is written, but whoever is to rebook may not have been asked.
                return self.ask(&before.pnr, heard, &flights).await;
            };
            if let Purpose::Reconcile(run) = self.purpose {
                let now = (self.clock)();
                change.discrepancy = Some(Discrepancy::of(run, &before, &change, now));
            }
            match self.store.write_reservation(&change).await? {
                Written::Yes => {
                    self.ask(&before.pnr, heard, &flights).await?;
                    settled.written = Some((change, (self.clock)()));
                    return Ok(());
                }
                Written::Outdated => {
                    before = self.read_again(&before.pnr).await?;
                    flights = Cow::Owned(self.store.flights(&flights_of(heard.iter())).await?);
                }
            }
        }
        Err(StoreError::Unavailable(format!("others wrote it {DECISIONS} times meanwhile")))
    }

    async fn read_again(&self, pnr: &Pnr) -> Result<Reservation, StoreError> {
        let mut found = self.store.reservations(std::slice::from_ref(pnr)).await?;
        found.remove(pnr).unwrap_or_else(|| Ok(Reservation::new(pnr.clone())))
    }

    async fn ask<T: Heard>(
        &self,
        pnr: &Pnr,
        heard: &[T],
        flights: &HashMap<FlightId, Flight>,
    ) -> Result<(), StoreError> {
        let Purpose::Live(source) = self.purpose else {
            return Ok(());
        };
        let seats = flights_of(heard.iter()).into_iter().map(|flight| (pnr.clone(), flight));
        match ask_for_rebooking(self.store, self.bus, source, seats, flights).await {
            Ok(()) => Ok(()),
            Err(AskFailed::Store(error)) => Err(error),
            Err(error @ AskFailed::Bus(_)) => Err(StoreError::Unavailable(error.to_string())),
        }
    }
}

/// What the events make of a reservation. One that makes it larger than is taken is refused, and out
/// of those that were heard.
fn fold<T: Heard>(
    before: &Reservation,
    heard: &mut Vec<T>,
    settled: &mut Settled<T>,
) -> Reservation {
    let mut after = before.clone();
    let mut kept = Vec::with_capacity(heard.len());
    for one in heard.drain(..) {
        match after.apply(one.event()) {
            Ok(()) => kept.push(one),
            Err(too_many) => settled.refused.push((one, too_many.to_string())),
        }
    }
    *heard = kept;
    after
}

/// Events that could not be written: they come again when that can help, else they are refused.
fn fail<T>(mut settled: Settled<T>, heard: Vec<T>, error: &StoreError) -> Settled<T> {
    match error {
        StoreError::Unavailable(_) | StoreError::NotAllowed(_) => {
            tracing::error!(%error, "a reservation cannot be written: its events come again");
            settled.again.extend(heard);
        }
        StoreError::Corrupt { .. } | StoreError::Refused(_) => {
            tracing::error!("a reservation cannot be written: its events are refused");
            settled.refused.extend(heard.into_iter().map(|one| (one, error.to_string())));
        }
    }
    settled
}
