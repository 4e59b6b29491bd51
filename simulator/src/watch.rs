//! Looking at what the system does, from outside.

mod bookings;
mod dead_letters;
mod executions;
mod notifications;
mod queue;
mod rebooking;

pub(crate) use bookings::{BookingChange, Bookings};

use crate::kafka::RecordAt;
use crate::place::Place;
use crate::scenario::{Execution, Line, Seen};
use dead_letters::DeadLetters;
use executions::Executions;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::ids::EventId;
use jiff::Timestamp;
use notifications::Notifications;
use rebooking::Rebooking;

/// Something that was not there at the look before.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// An execution has started.
    Started(Execution),
    /// An execution has entered these states.
    Entered(Vec<String>),
    /// An execution is over.
    Ended(Execution),
    /// Bookings of the flight have another status.
    BookingsChanged(Vec<BookingChange>),
    /// Bookings are up for rebooking.
    Rebooking(Vec<RebookingEvent>),
    /// A notification is in its log.
    Told(Box<Line>),
    /// A line or message names the event and is not what it should be.
    Unreadable(String),
    /// A dead letter is about the event.
    DeadLetter(String),
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The consequences of this event,
    pub(crate) event_id: &'a EventId,
    /// which is in this record,
    pub(crate) record: &'a RecordAt,
    /// from this time on.
    pub(crate) since: Timestamp,
    /// How many bookings it is to put up for rebooking.
    pub(crate) rebooked: usize,
}

/// Looks at one event's consequences.
pub(crate) struct Watch {
    executions: Executions,
    bookings: Bookings,
    rebooking: Rebooking,
    notifications: Notifications,
    dead_letters: DeadLetters,
    seen: Seen,
}

impl Watch {
    /// Looks for what an event brings about. `bookings` are those of its flight, as they were
    /// before.
    pub(crate) fn new(place: &Place, about: About<'_>, bookings: Bookings) -> Self {
        let About { event_id, record, since, rebooked } = about;
        Self {
            executions: Executions::new(place, event_id, since),
            bookings,
            rebooking: Rebooking::new(place, event_id, rebooked),
            notifications: Notifications::new(place, event_id, since),
            dead_letters: DeadLetters::new(place, event_id, record),
            seen: Seen::default(),
        }
    }

    /// Looks everywhere once; answers what is new.
    pub(crate) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let (executions, rebooking, notifications, dead_letters) = futures::join!(
            self.executions.look(),
            self.rebooking.look(),
            self.notifications.look(),
            self.dead_letters.look(),
        );
        let mut news = executions?;
        // Bookings change while a workflow goes on, so they are read when it has.
        if !news.is_empty() {
            let changes = self.bookings.look().await?;
            news.extend((!changes.is_empty()).then_some(News::BookingsChanged(changes)));
        }
        self.seen.executions = self.executions.found();
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
