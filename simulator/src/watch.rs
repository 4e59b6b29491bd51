//! Looking at what the system does, from outside.

mod dead_letters;
mod executions;
mod notifications;

use crate::kafka::RecordAt;
use crate::place::Place;
use crate::scenario::{Execution, Line, Seen};
use dead_letters::DeadLetters;
use executions::Executions;
use flightpulse_domain::ids::EventId;
use jiff::Timestamp;
use notifications::Notifications;

/// Something that was not there at the look before.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// An execution has started.
    Started(Execution),
    /// An execution has entered these states.
    Entered(Vec<String>),
    /// An execution is over.
    Ended(Execution),
    /// A notification is in its log.
    Told(Line),
    /// A line names the event and is no notification.
    Unreadable(String),
    /// A dead letter is about the event.
    DeadLetter(String),
}

/// Looks at one event's consequences.
pub(crate) struct Watch {
    executions: Executions,
    notifications: Notifications,
    dead_letters: DeadLetters,
    seen: Seen,
}

impl Watch {
    /// Looks for what this event, in this record, brings about, from `since` on.
    pub(crate) fn new(
        place: &Place,
        event_id: &EventId,
        record: &RecordAt,
        since: Timestamp,
    ) -> Self {
        Self {
            executions: Executions::new(place, event_id, since),
            notifications: Notifications::new(place, event_id, since),
            dead_letters: DeadLetters::new(place, event_id, record),
            seen: Seen::default(),
        }
    }

    /// Looks everywhere once; answers what is new.
    pub(crate) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let (executions, notifications, dead_letters) = futures::join!(
            self.executions.look(),
            self.notifications.look(),
            self.dead_letters.look(),
        );
        let mut news = executions?;
        self.seen.executions = self.executions.found();
        for found in notifications? {
            match &found {
                News::Told(line) => self.seen.notifications.push(line.clone()),
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
