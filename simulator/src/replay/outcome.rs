//! What came of a replay, in numbers.

use super::Stage;
use super::day::Fate;
use super::expected::{self, Verdict};
use super::journal::Journal;
use super::knowledge::Says;
use super::pace::Pace;
use super::report::cost::{self, Cost};
use crate::histogram::{Histogram, Summary};
use crate::scenario::Line;
use anyhow::Context;
use flightpulse_domain::delay::DelayCategory;
use flightpulse_domain::ids::EventId;
use flightpulse_domain::message::Author;
use flightpulse_domain::notification::Channel;
use flightpulse_store::{EventClaim, EventClaimReader, FlightReader};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

mod counts;

pub(super) use counts::{Model, Workflows};

/// What came of a replay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Outcome {
    pub(super) run: String,
    pub(super) date: Date,
    pub(super) seed: u32,
    /// So many seconds of the day in one of ours.
    pub(super) speed: u32,
    pub(super) day: Departures,
    /// Generated.
    pub(super) bookings: u64,
    pub(super) events: Events,
    pub(super) told: Told,
    /// From the record in Kafka to the message in its log.
    pub(super) latency: Summary,
    pub(super) model: Model,
    pub(super) workflows: Workflows,
    /// Messages that wait in the queues of dead letters, of this run or not.
    pub(super) dead_letters: u64,
    pub(super) cost: Cost,
    pub(super) verdict: Verdict,
    /// For the plots.
    #[serde(skip)]
    pub(super) series: Series,
}

/// The day by the data set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Departures {
    pub(super) departures: usize,
    pub(super) cancelled: usize,
    pub(super) late: usize,
}

/// The events that were written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Events {
    pub(super) all: usize,
    pub(super) cancellations: usize,
    /// Delays of under 30 minutes.
    pub(super) minor: usize,
    /// Delays of 30 to 120 minutes.
    pub(super) major: usize,
    /// Delays of over 120 minutes.
    pub(super) severe: usize,
    /// Events that passengers are to be told of.
    pub(super) material: usize,
}

/// Who was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Told {
    /// Notifications, each once.
    pub(super) notifications: usize,
    pub(super) emails: usize,
    pub(super) text_messages: usize,
    /// Passengers with at least one.
    pub(super) passengers: usize,
    /// Notifications in the model's words.
    pub(super) by_the_model: usize,
}

/// Numbers over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Series {
    /// Departures by the hour of the day: on time, late, cancelled.
    pub(super) hours: Vec<[u32; 3]>,
    /// When each event was written, in seconds from the first on, in order.
    pub(super) written: Vec<f64>,
    /// When each passenger's first message was in its log, in seconds from the first event on, in
    /// order.
    pub(super) told: Vec<f64>,
    /// From record to message, in seconds.
    pub(super) latencies: Vec<f64>,
}

impl Stage<'_> {
    /// Waits for the end and looks what has come of it.
    pub(super) async fn outcome(
        &self,
        journal: &Journal,
        ids: &[EventId],
        mut pace: Pace<'_>,
    ) -> anyhow::Result<Outcome> {
        self.say("all is written; waiting for the last workflows and messages");
        self.settle(&mut pace, ids).await?;
        let mut verdict = Verdict { failed: self.released(ids).await?, ..Verdict::default() };
        let wanted = expected::messages(self.events, ids, self.day, self.airline)?;
        let (lines, unreadable) = self.messages(journal, &wanted).await?;
        verdict.unreadable = unreadable;
        verdict.messages(&wanted, &lines);
        let flights: Vec<_> =
            self.day.departures.iter().map(|departure| departure.flight_id.clone()).collect();
        let found = self.store.flights(&flights).await.context("the flights cannot be read")?;
        verdict.flights(self.day, &found);
        let (series, latency) = self.series(journal, ids, &lines);
        let model = counts::model(&self.place, journal.run.began).await?;
        let workflows = counts::workflows(&self.place, journal.run.began).await?;
        let (events, told) = (self.counted(), told(&lines));
        let rebooked = self.rebooked();
        let counts = cost::Counts {
            events: events.all as u64,
            notifications: told.notifications as u64,
            passengers: told.passengers as u64,
            changed_flights: (self.day.late() + self.day.cancelled()) as u64,
            rebooked,
        };
        let cost = cost::of(&counts, &model, &workflows, &lines)?;
        Ok(Outcome {
            run: journal.run.id.clone(),
            date: self.day.date,
            seed: journal.run.seed,
            speed: self.speed,
            day: Departures {
                departures: self.day.departures.len(),
                cancelled: self.day.cancelled(),
                late: self.day.late(),
            },
            bookings: self.airline.bookings(),
            events,
            told,
            latency,
            model,
            workflows,
            dead_letters: counts::dead_letters(&self.place).await?,
            cost,
            verdict,
            series,
        })
    }

    /// Bookings of flights that did not operate: they need another flight.
    fn rebooked(&self) -> u64 {
        let flights = self.airline.flights().zip(&self.day.departures);
        let cancelled = flights.filter(|(_, departure)| departure.fate == Fate::Cancelled);
        cancelled.map(|(flight, _)| u64::from(flight.booked_passengers)).sum()
    }

    /// How many events failed: their claims are released.
    async fn released(&self, ids: &[EventId]) -> anyhow::Result<usize> {
        let all: Vec<_> = (0..ids.len()).collect();
        let claims = self.store.event_claims(&self.asked(&all, ids)).await?;
        Ok(claims.values().filter(|claim| **claim == EventClaim::Released).count())
    }

    fn counted(&self) -> Events {
        let mut counted = Events {
            all: self.events.len(),
            material: expected::told(self.events).len(),
            ..Events::default()
        };
        for event in self.events {
            match event.says {
                Says::Cancelled => counted.cancellations += 1,
                Says::Late(minutes) => match DelayCategory::of(minutes) {
                    DelayCategory::Minor => counted.minor += 1,
                    DelayCategory::Major => counted.major += 1,
                    DelayCategory::Severe => counted.severe += 1,
                },
            }
        }
        counted
    }

    fn series(&self, journal: &Journal, ids: &[EventId], lines: &[Line]) -> (Series, Summary) {
        let begin = journal.written.values().min().copied().unwrap_or(journal.run.began);
        let since = |at: Timestamp| at.duration_since(begin).as_secs_f64();
        let mut series = Series { hours: vec![[0; 3]; 24], ..Series::default() };
        for departure in &self.day.departures {
            let hour = departure.scheduled_departure.to_zoned(self.day.zone()).hour();
            series.hours[hour.unsigned_abs() as usize][departure.fate.column()] += 1;
        }
        series.written = journal.written.values().map(|at| since(*at)).collect();
        series.written.sort_by(f64::total_cmp);
        let written: HashMap<_, _> =
            journal.written.iter().map(|(at, when)| (&ids[*at], *when)).collect();
        let (mut histogram, mut passengers) = (Histogram::default(), BTreeSet::new());
        let mut ids = BTreeSet::new();
        for line in lines.iter().filter(|line| ids.insert(&line.notification.notification_id)) {
            let at = Timestamp::from_millisecond(line.at_ms).unwrap_or(begin);
            if passengers.insert(&line.notification.passenger_id) {
                series.told.push(since(at));
            }
            let when = written.get(&line.notification.event_id);
            let took = when.map(|when| at.duration_since(*when).as_secs_f64());
            // One that was written again after a kill, and had been read before, has no latency.
            if let Some(took) = took.filter(|took| *took >= 0.0) {
                histogram.add(Duration::from_secs_f64(took));
                series.latencies.push(took);
            }
        }
        (series, histogram.summary())
    }
}

fn told(lines: &[Line]) -> Told {
    let (mut told, mut ids, mut passengers) = (Told::default(), BTreeSet::new(), BTreeSet::new());
    for Line { notification, .. } in lines {
        if !ids.insert(&notification.notification_id) {
            continue;
        }
        passengers.insert(&notification.passenger_id);
        match notification.channel {
            Channel::Email => told.emails += 1,
            Channel::Sms => told.text_messages += 1,
        }
        told.by_the_model += usize::from(notification.author == Author::Model);
    }
    Told { notifications: ids.len(), passengers: passengers.len(), ..told }
}
