//! The events to Kafka, one after the other, in compressed time.

use super::journal::Journal;
use super::pace::{Clock, Pace};
use super::{Stage, correlation};
use crate::operations::NewEvent;
use crate::producer::NewRecord;
use crate::stop::Stop;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_store::EventClaimReader;
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// Records that are written without waiting in between.
const AT_ONCE: usize = 100;
/// How often it is looked what is due, and how far the events are that are under way.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const ASK_EVERY: Duration = Duration::from_millis(500);
/// How long brokers may be away, or nothing may come to its end, before the replay stops.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);
/// Who says so in an event of a replay.
const SOURCE: &str = "nycflights13-replay";

impl Stage<'_> {
    /// Writes all events that are not written, each when it is due.
    pub(super) async fn write(
        &self,
        journal: &mut Journal,
        ids: &[EventId],
    ) -> anyhow::Result<Pace<'_>> {
        let mut pace = Pace::new(self.events, self.under_way as usize);
        self.take_up(journal, ids, &mut pace).await?;
        let Some(begin) = pace.goes_on_at() else { return Ok(pace) };
        let clock = Clock { day: begin, real: Instant::now(), speed: f64::from(self.speed) };
        self.say(format_args!(
            "replaying {} events from {} on, {} times as fast",
            self.events.len() - pace.written_so_far(),
            begin.to_zoned(self.day.zone()).strftime("%Y-%m-%d %H:%M %Z"),
            self.speed
        ));
        let (mut asked, mut told) = (Instant::now(), (None, 0));
        let mut progress = Progress::new(&pace);
        while pace.goes_on_at().is_some() {
            let now = clock.at(Instant::now());
            for due in pace.due(now).chunks(AT_ONCE) {
                self.send(due, ids, journal).await?;
                pace.written(due);
            }
            if asked.elapsed() >= ASK_EVERY {
                self.ask(&mut pace, ids).await?;
                progress.hold_against(&pace)?;
                asked = Instant::now();
            }
            let (time, written) = (now.to_zoned(self.day.zone()), pace.written_so_far());
            // A line an hour of the day, unless nothing has happened in it.
            if told.0 != Some(time.hour()) && told.1 != written {
                told = (Some(time.hour()), written);
                let (time, all) = (time.strftime("%H:%M"), self.events.len());
                self.say(format_args!("  {time}  {written} of {all} events written"));
            }
            self.pause(LOOK_EVERY).await?;
        }
        Ok(pace)
    }

    /// What an earlier run of this replay has written, as far as it was claimed. The rest is
    /// written again in its turn: brokers that keep nothing may have lost it, and an event that is
    /// there twice is told once.
    async fn take_up(
        &self,
        journal: &Journal,
        ids: &[EventId],
        pace: &mut Pace<'_>,
    ) -> anyhow::Result<()> {
        let before: Vec<_> = journal.written.keys().copied().collect();
        let claims = self.store.event_claims(&self.asked(&before, ids)).await?;
        let known: Vec<_> =
            before.into_iter().filter(|at| claims.contains_key(&ids[*at])).collect();
        pace.written(&known);
        self.ask(pace, ids).await
    }

    /// Asks the table how far events are.
    pub(super) async fn ask(&self, pace: &mut Pace<'_>, ids: &[EventId]) -> anyhow::Result<()> {
        let open = pace.under_way();
        let claims = self.store.event_claims(&self.asked(&open, ids)).await?;
        pace.claimed(open.into_iter().filter_map(|at| Some((at, *claims.get(&ids[at])?))));
        Ok(())
    }

    /// Events with their flights, as the store is asked for them.
    pub(super) fn asked(&self, events: &[usize], ids: &[EventId]) -> Vec<(EventId, FlightId)> {
        let flight = |at: usize| self.day.departures[self.events[at].departure].flight_id.clone();
        events.iter().map(|at| (ids[*at].clone(), flight(*at))).collect()
    }

    /// Writes records until the brokers have them.
    async fn send(
        &self,
        due: &[usize],
        ids: &[EventId],
        journal: &mut Journal,
    ) -> anyhow::Result<()> {
        let values =
            due.iter().map(|at| self.value(*at, &ids[*at])).collect::<Result<Vec<_>, _>>()?;
        let correlation_id = correlation(&journal.run);
        let records: Vec<_> = values
            .iter()
            .map(|(flight, value)| NewRecord {
                key: Some(flight),
                value,
                correlation_id: &correlation_id,
            })
            .collect();
        let mut away: Option<Instant> = None;
        loop {
            let Err(stop) = self.producer.write_all(&records).await else { break };
            let since = *away.get_or_insert_with(|| {
                eprintln!("{stop}; trying again for {} s", PATIENCE.as_secs());
                Instant::now()
            });
            if since.elapsed() > PATIENCE {
                return Err(Stop::CannotRun(format!(
                    "{stop}; the same command goes on where it is"
                ))
                .into());
            }
            self.pause(Duration::from_secs(1)).await?;
        }
        if away.is_some() {
            eprintln!("the brokers are back");
        }
        Ok(journal.written(due, Timestamp::now())?)
    }

    fn value(&self, at: usize, id: &EventId) -> Result<(String, Vec<u8>), Stop> {
        let event = &self.events[at];
        let departure = &self.day.departures[event.departure];
        let payload = event.payload(departure, self.reason);
        let now = Timestamp::now();
        let made = NewEvent::new(event.event_type(), &payload, Some(id.clone()), event.at, now)?;
        let value = made.said_by(SOURCE).value.to_string().into_bytes();
        Ok((departure.flight_id.to_string(), value))
    }

    /// Waits; an end that is asked for ends the replay.
    pub(super) async fn pause(&self, how_long: Duration) -> anyhow::Result<()> {
        let mut interrupt = self.interrupt.clone();
        tokio::select! {
            () = tokio::time::sleep(how_long) => Ok(()),
            () = interrupt.asked() => Err(Stop::Interrupted(
                "stopped; the same command goes on where it was".into()).into()),
        }
    }
}

/// Whether events come to their end.
pub(super) struct Progress {
    under_way: Vec<usize>,
    since: Instant,
}

impl Progress {
    /// From now on.
    pub(super) fn new(pace: &Pace<'_>) -> Self {
        Self { under_way: pace.under_way(), since: Instant::now() }
    }

    /// Looks whether anything has changed since the look before.
    ///
    /// # Errors
    /// A [`Stop`] when events are under way and none has come to its end, or begun, for long.
    pub(super) fn hold_against(&mut self, pace: &Pace<'_>) -> Result<(), Stop> {
        let now = pace.under_way();
        if now.is_empty() || now != self.under_way {
            *self = Self { under_way: now, since: Instant::now() };
        }
        if self.since.elapsed() < PATIENCE {
            return Ok(());
        }
        Err(Stop::CannotRun(format!(
            "{} events are under way and none has come to its end for {} s: flightpulse-simulator watch \
             --once says whether they are read and whether notifications are held; the same command \
             goes on where it was",
            self.under_way.len(),
            PATIENCE.as_secs()
        )))
    }
}
