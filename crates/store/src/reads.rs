//! The ports of whoever reads: lists by pages, single records.
//!
//! A list goes on after a position, which is an opaque text of the store's. Other than with
//! [`BookingPage`](crate::BookingPage), there is a next page only when something is on it: whoever
//! reads for people has nobody turn to an empty page.

use crate::StoreError;
use flightpulse_domain::booking::Booking;
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId};
use flightpulse_domain::message::Author;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::{Language, Passenger};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use serde::Deserialize;
use std::collections::HashMap;
use std::future::Future;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it. An item that cannot be read is not.
    pub items: Vec<T>,
    /// Where to go on; none after the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page with nothing on it, the last.
    #[must_use]
    pub fn empty() -> Self {
        Self { items: Vec::new(), next: None }
    }

    /// The same page with something else for each item; an item for which there is nothing is left
    /// out.
    pub fn filter_map<U>(self, other: impl FnMut(T) -> Option<U>) -> Page<U> {
        Page { items: self.items.into_iter().filter_map(other).collect(), next: self.next }
    }
}

/// Which flights: those of a status, of which only those that are planned to leave in a window.
/// Departures are compared by the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlightsOf {
    /// The status.
    pub status: FlightStatus,
    /// The window's start, UTC, inclusive; none for no start.
    pub from: Option<Timestamp>,
    /// The window's end, UTC, exclusive; none for no end.
    pub before: Option<Timestamp>,
}

impl FlightsOf {
    /// The window in whole seconds, both ends inclusive, and whether anything can be in it. A
    /// departure is a whole second: it is at or after 10:00:00.5 when it is at or after 10:00:01,
    /// and before the one when it is before the other.
    pub(crate) fn seconds(&self) -> (Option<Timestamp>, Option<Timestamp>, bool) {
        let whole = |time: Timestamp| {
            let up = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
            time.round(up).unwrap_or(time).clamp(FIRST, LAST)
        };
        let from = self.from.map(whole);
        let until = self.before.map(|before| {
            Timestamp::from_second(whole(before).as_second() - 1).unwrap_or(Timestamp::MIN)
        });
        let open = from.zip(until).is_none_or(|(from, until)| from <= until);
        (from, until, open)
    }
}

/// The years 0000 to 9999: as texts, only their times are in the order of time.
const FIRST: Timestamp = Timestamp::constant(-62_167_219_200, 0);
const LAST: Timestamp = Timestamp::constant(253_402_207_200, 0);

/// Lists flights.
pub trait FlightLister: Send + Sync {
    /// Up to `limit` flights, the oldest scheduled departure first. They are read from an index,
    /// which may lag behind the table by a moment.
    fn flights_of(
        &self,
        which: &FlightsOf,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<Flight>, StoreError>> + Send;
}

/// Whose bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookedBy {
    /// Those of everyone on a flight.
    Flight(FlightId),
    /// Those of a passenger.
    Passenger(PassengerId),
}

impl BookedBy {
    /// Whether a booking is one of them. An entry stays behind when a booking moves elsewhere.
    #[must_use]
    pub fn has(&self, booking: &Booking) -> bool {
        match self {
            Self::Flight(id) => booking.flight_id == *id,
            Self::Passenger(id) => booking.passenger_id == *id,
        }
    }
}

/// Finds bookings.
pub trait BookingLookup: Send + Sync {
    /// One booking; none when it is not in the table.
    fn booking(
        &self,
        id: &BookingId,
    ) -> impl Future<Output = Result<Option<Booking>, StoreError>> + Send;

    /// The ids of up to `limit` bookings, in order.
    fn booking_ids(
        &self,
        of: &BookedBy,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<BookingId>, StoreError>> + Send;

    /// Bookings, in the order asked, in as few calls as there can be (100 a call). What is not in
    /// the table is not in the answer; nor is an item that cannot be read.
    fn bookings(
        &self,
        ids: &[BookingId],
    ) -> impl Future<Output = Result<Vec<Booking>, StoreError>> + Send;
}

/// Reads passengers.
pub trait PassengerReader: Send + Sync {
    /// One passenger; none when they are not in the table.
    fn passenger(
        &self,
        id: &PassengerId,
    ) -> impl Future<Output = Result<Option<Passenger>, StoreError>> + Send;
}

/// Who was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldOf {
    /// The passengers of a flight.
    Flight(FlightId),
    /// The passenger of a booking.
    Booking(BookingId),
}

/// A notification that was sent. What was not yet kept when it was sent is none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SentNotification {
    /// The notification.
    pub notification_id: NotificationId,
    /// The event that set it off.
    pub event_id: EventId,
    /// The flight.
    pub flight_id: FlightId,
    /// The booking.
    pub booking_id: BookingId,
    /// The channel.
    pub channel: Channel,
    /// When it was marked as sent, UTC.
    pub sent_at: Timestamp,
    /// The passenger.
    #[serde(default)]
    pub passenger_id: Option<PassengerId>,
    /// What it tells of.
    #[serde(default)]
    pub kind: Option<String>,
    /// How it stands to what was told before.
    #[serde(default)]
    pub nature: Option<Nature>,
    /// The language of the text.
    #[serde(default)]
    pub language: Option<Language>,
    /// Who wrote the text.
    #[serde(default)]
    pub author: Option<Author>,
    /// The operator's request by which it was told again.
    #[serde(default)]
    pub resend_id: Option<EventId>,
    /// What it said, in short.
    #[serde(default)]
    pub headline: Option<String>,
}

/// Lists what passengers were told.
pub trait NotificationReader: Send + Sync {
    /// Up to `limit` notifications that were sent, newest first. They are read from an index,
    /// which may lag behind the table by a moment.
    fn notifications_of(
        &self,
        of: &ToldOf,
        after: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<SentNotification>, StoreError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(None, None, (None, None, true))]
    #[case(Some("2026-11-22T10:00:00Z"), None, (Some("2026-11-22T10:00:00Z"), None, true))]
    #[case(Some("2026-11-22T10:00:00.1Z"), None, (Some("2026-11-22T10:00:01Z"), None, true))]
    #[case(None, Some("2026-11-22T10:00:00Z"), (None, Some("2026-11-22T09:59:59Z"), true))]
    #[case(None, Some("2026-11-22T10:00:00.1Z"), (None, Some("2026-11-22T10:00:00Z"), true))]
    #[case(
        Some("2026-11-22T10:00:00Z"), Some("2026-11-22T10:00:01Z"),
        (Some("2026-11-22T10:00:00Z"), Some("2026-11-22T10:00:00Z"), true)
    )]
    #[case(
        Some("2026-11-22T10:00:00Z"), Some("2026-11-22T10:00:00Z"),
        (Some("2026-11-22T10:00:00Z"), Some("2026-11-22T09:59:59Z"), false)
    )]
    #[case(Some("-009999-01-02T02:00:00Z"), None, (Some("0000-01-01T00:00:00Z"), None, true))]
    fn a_window_is_of_whole_seconds(
        #[case] from: Option<&str>,
        #[case] before: Option<&str>,
        #[case] expected: (Option<&str>, Option<&str>, bool),
    ) {
        let time = |text: Option<&str>| text.map(|text| text.parse::<Timestamp>().unwrap());
        let (from, before) = (time(from), time(before));
        let which = FlightsOf { status: FlightStatus::Delayed, from, before };
        assert_eq!(which.seconds(), (time(expected.0), time(expected.1), expected.2));
    }
}

/// The states of an event's claim, by the workflows' names for them.
const IN_PROGRESS: &str = "IN_PROGRESS";
pub(crate) const DONE: &str = "DONE";
pub(crate) const RELEASED: &str = "RELEASED";

/// How far an event is with a flight: the claim of the workflow that tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventClaim {
    /// An execution is at it.
    InProgress,
    /// It is done: told, or found to be nothing to tell.
    Done,
    /// It was done where it was read, without a workflow: there was nothing to tell.
    DoneQuietly(QuietOutcome),
    /// It failed and is in the dead letters; another may take it up.
    Released,
}

impl EventClaim {
    /// The claim in this state, by the workflows' name for it, with what came of it where no workflow did it; none
    /// when it has no such name.
    #[must_use]
    pub fn of(state: &str, outcome: Option<&str>) -> Option<Self> {
        match (state, outcome) {
            // One that somebody has released by hand may still have the outcome of before.
            (IN_PROGRESS, _) => Some(Self::InProgress),
            (DONE, None) => Some(Self::Done),
            (DONE, Some(outcome)) => {
                let known = QuietOutcome::ALL.into_iter().find(|known| known.name() == outcome);
                known.map(Self::DoneQuietly)
            }
            (RELEASED, _) => Some(Self::Released),
            _ => None,
        }
    }

    /// Whether all has been done that the event asks for.
    #[must_use]
    pub fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneQuietly(_))
    }
}

/// Reads how far events are. Claims are written by the workflows, and by [`crate::QuietWriter`].
pub trait EventClaimReader: Send + Sync {
    /// The claims of events about their flights, in as few calls as there can be (100 a call). An
    /// event that nobody has claimed yet is not in the answer.
    fn event_claims(
        &self,
        events: &[(EventId, FlightId)],
    ) -> impl Future<Output = Result<HashMap<EventId, EventClaim>, StoreError>> + Send;
}
