//! Looking at what the system does, from outside.

mod bookings;
mod claims;
mod dead_letters;
mod executions;
mod notifications;
mod queue;
mod rebooking;

pub(crate) use bookings::{BookingChange, Bookings};
pub(crate) use notifications::Notifications;

use crate::kafka::RecordAt;
use crate::place::Place;
use crate::scenario::{Execution, Line, Quiet, Seen};
use claims::Claims;
use dead_letters::DeadLetters;
use executions::Executions;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use jiff::Timestamp;
use rebooking::Rebooking;
use std::collections::BTreeMap;

/// Something that was not there at the look before.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// An execution has started.
    Started(Execution),
    /// An execution has entered these states.
    Entered(Vec<String>),
    /// An execution is over.
    Ended(Execution),
    /// An event was done with where it was read.
    Quiet(Quiet),
    /// Bookings of the flight have another status.
    BookingsChanged(Vec<BookingChange>),
    /// Bookings are up for rebooking.
    Rebooking(Vec<RebookingEvent>),
    /// A notification is in its log.
    Told(Box<Line>),
    /// A line or message names one of the events and is not what it should be.
    Unreadable(String),
    /// A dead letter is about one of the events.
    DeadLetter(String),
}

/// What to look for.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// The consequences of these events, which are about these flights,
    pub(crate) events: BTreeMap<String, String>,
    /// of which everything names this text: their common correlation id,
    pub(crate) correlation_id: String,
    /// which are in these records,
    pub(crate) records: Vec<RecordAt>,
    /// from this time on.
    pub(crate) since: Timestamp,
    /// How many bookings they are to put up for rebooking, at least.
    pub(crate) rebooked: usize,
}

/// Looks at the consequences of one event, or of several.
pub(crate) struct Watch {
    executions: Executions,
    claims: Claims,
    bookings: Vec<Bookings>,
    rebooking: Rebooking,
    notifications: Notifications,
    dead_letters: DeadLetters,
    seen: Seen,
}

impl Watch {
    /// Looks for what events bring about. `bookings` are those of their flights, as they were
    /// before.
    pub(crate) fn new(place: &Place, about: &About, bookings: Vec<Bookings>) -> Self {
        Self {
            executions: Executions::new(place, about),
            claims: Claims::new(place, about),
            bookings,
            rebooking: Rebooking::new(place, about),
            notifications: Notifications::new(place, about),
            dead_letters: DeadLetters::new(place, about),
            seen: Seen::default(),
        }
    }

    /// Looks everywhere once; answers what is new.
    pub(crate) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let (executions, claims, rebooking, notifications, dead_letters) = futures::join!(
            self.executions.look(),
            self.claims.look(),
            self.rebooking.look(),
            self.notifications.look(),
            self.dead_letters.look(),
        );
        let mut news = executions?;
        news.extend(claims?);
        // Bookings change while a workflow goes on, so they are read when it has.
        if !news.is_empty() {
            let looks = self.bookings.iter_mut().map(Bookings::look);
            let changes = futures::future::try_join_all(looks).await?.concat();
            news.extend((!changes.is_empty()).then_some(News::BookingsChanged(changes)));
        }
        self.seen.executions = self.executions.found();
        let quiet = news.iter().filter_map(|one| match one {
            News::Quiet(quiet) => Some(quiet.clone()),
            _ => None,
        });
        self.seen.quiet.extend(quiet);
        for found in rebooking?.into_iter().chain(notifications?) {
            match &found {
                News::Rebooking(events) => self.seen.rebooking.extend(events.iter().cloned()),
                News::Told(line) => self.seen.notifications.push((**line).clone()),
                News::Unreadable(line) => self.seen.unreadable.push(line.clone()),
                _ => {}
            }
            news.push(found);
        }
        for letter in dead_letters? {
            self.seen.dead_letters.push(letter.clone());
            news.push(News::DeadLetter(letter));
        }
        Ok(news)
    }

    /// All that was seen so far.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// All that was seen, notifications in order of time.
    pub(crate) fn into_seen(mut self) -> Seen {
        self.seen.notifications.sort_by_key(|line| line.at_ms);
        self.seen
    }
}
