//! Which events are due: in the order in which they became known, in compressed time, and each only
//! when the one before it about the same flight has been dealt with.
//!
//! In truth minutes lie between two events of a flight, in a replay seconds; on a slow machine they
//! would run into each other, and the newer would rightly silence the older. So a flight's next
//! event waits for the one before: what is told is then the same at any speed. For the same reason
//! only so many events are under way at once: what was held up, by brokers that were away perhaps,
//! would otherwise come all at once, as it never did in truth.

use super::knowledge::Event;
use flightpulse_store::EventClaim;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::Instant;

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Written,
    /// Done, or in the dead letters: nothing of it is under way.
    Settled,
}

/// How far all events of a day are.
pub(super) struct Pace<'a> {
    events: &'a [Event],
    states: Vec<State>,
    /// The event before, about the same flight.
    before: Vec<Option<usize>>,
    /// How many may be under way at once.
    most: usize,
    /// All before this one are written.
    first_waiting: usize,
}

impl<'a> Pace<'a> {
    /// Nothing is written yet; so many may be under way at once.
    pub(super) fn new(events: &'a [Event], most: usize) -> Self {
        let mut last: HashMap<usize, usize> = HashMap::new();
        let places = events.iter().enumerate();
        let before = places.map(|(at, event)| last.insert(event.departure, at)).collect();
        let states = vec![State::Waiting; events.len()];
        Self { events, states, before, most, first_waiting: 0 }
    }

    /// The events that are to be written now: known by this time of the day, not held up, and no
    /// more than may be under way.
    pub(super) fn due(&self, until: Timestamp) -> Vec<usize> {
        let room = self.most.saturating_sub(self.under_way().len());
        let known = self.events.iter().enumerate().skip(self.first_waiting);
        known
            .take_while(|(_, event)| event.at <= until)
            .filter(|(at, _)| self.states[*at] == State::Waiting && !self.is_held(*at))
            .map(|(at, _)| at)
            .take(room)
            .collect()
    }

    fn is_held(&self, at: usize) -> bool {
        self.before[at].is_some_and(|before| self.states[before] != State::Settled)
    }

    /// The brokers have these.
    pub(super) fn written(&mut self, events: &[usize]) {
        for at in events {
            if self.states[*at] == State::Waiting {
                self.states[*at] = State::Written;
            }
        }
        while self.states.get(self.first_waiting).is_some_and(|state| *state != State::Waiting) {
            self.first_waiting += 1;
        }
    }

    /// What is known of events by their claims.
    pub(super) fn claimed(&mut self, claims: impl Iterator<Item = (usize, EventClaim)>) {
        for (at, claim) in claims {
            if claim != EventClaim::InProgress {
                self.states[at] = State::Settled;
            }
        }
    }

    /// Events that are written and not known to be settled.
    pub(super) fn under_way(&self) -> Vec<usize> {
        let open = |at: &usize| self.states[*at] == State::Written;
        (0..self.events.len()).filter(open).collect()
    }

    /// The time of the day at which to go on: that of the first event that is not written.
    pub(super) fn goes_on_at(&self) -> Option<Timestamp> {
        self.events.get(self.first_waiting).map(|event| event.at)
    }

    /// How many are written.
    pub(super) fn written_so_far(&self) -> usize {
        self.states.iter().filter(|state| **state != State::Waiting).count()
    }
}

/// The clock of a replay: so many seconds of the day in one of ours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) day: Timestamp,
    pub(super) real: Instant,
    pub(super) speed: f64,
}

impl Clock {
    /// The time of the day at a moment of ours.
    pub(super) fn at(&self, now: Instant) -> Timestamp {
        let seconds = now.duration_since(self.real).as_secs_f64() * self.speed;
        let passed = SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::MAX);
        self.day.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::knowledge::Says;
    use super::*;
    use std::time::Duration;

    fn event(minute: i64, departure: usize, nth: u32) -> Event {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute);
        Event { at, departure, nth, says: Says::Late(10 * nth) }
    }

    fn minute(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn an_event_is_due_once_it_is_known_and_the_flights_last_one_is_settled() {
        let events = [event(1, 0, 1), event(2, 1, 1), event(3, 0, 2), event(9, 1, 2)];
        let mut pace = Pace::new(&events, 10);
        assert_eq!(pace.due(minute(2)), [0, 1]);
        pace.written(&[0, 1]);
        assert_eq!(pace.due(minute(5)), [0; 0], "the flight's first is under way");
        assert_eq!(pace.under_way(), [0, 1]);
        pace.claimed([(0, EventClaim::InProgress)].into_iter());
        assert_eq!(pace.due(minute(5)), [0; 0]);
        pace.claimed([(0, EventClaim::Done)].into_iter());
        assert_eq!(pace.due(minute(5)), [2]);
        assert_eq!(pace.goes_on_at(), Some(minute(3)));
        pace.written(&[2]);
        assert_eq!((pace.goes_on_at(), pace.written_so_far()), (Some(minute(9)), 3));
        assert_eq!(pace.under_way(), [1, 2]);
    }

    #[test]
    fn one_that_failed_holds_nothing_up() {
        let events = [event(1, 0, 1), event(2, 0, 2)];
        let mut pace = Pace::new(&events, 10);
        pace.written(&[0]);
        pace.claimed([(0, EventClaim::Released)].into_iter());
        assert_eq!(pace.due(minute(2)), [1]);
    }

    #[test]
    fn no_more_than_so_many_are_under_way_at_once() {
        let events: Vec<_> = (0..9).map(|departure| event(1, departure, 1)).collect();
        let mut pace = Pace::new(&events, 4);
        assert_eq!(pace.due(minute(2)), [0, 1, 2, 3]);
        pace.written(&[0, 1, 2, 3]);
        assert_eq!(pace.due(minute(2)), [0; 0]);
        pace.claimed([(1, EventClaim::Done), (2, EventClaim::Released)].into_iter());
        assert_eq!(pace.due(minute(2)), [4, 5]);
    }

    #[test]
    fn the_clock_runs_faster_than_ours() {
        let real = Instant::now();
        let clock = Clock { day: minute(0), real, speed: 600.0 };
        assert_eq!(clock.at(real + Duration::from_secs(6)), minute(60));
    }
}
