//! How a history that others write is read bit by bit: which span of time next, and what is read for
//! good.
//!
//! Events come to the history late: Adobe's data lake has what is streamed to it within an hour
//! (<https://experienceleague.adobe.com/docs/experience-platform/ingestion/streaming/overview.html>). So
//! the time up to which was read is not the time up to which all is known: that is the **watermark**,
//! which follows by the lateness that is allowed for, and from which is read again.

use jiff::{SignedDuration, Timestamp};

/// The shortest span that is halved no more: the precision of a history's times.
pub const SHORTEST: SignedDuration = SignedDuration::from_millis(1);

/// A span of time: from the first moment on, up to the last and without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Span {
    /// Whether there is no moment in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from >= self.until
    }

    fn length(&self) -> SignedDuration {
        self.until.duration_since(self.from)
    }

    /// As much of its beginning, in whole milliseconds, as this is long; all of it where it is shorter.
    fn beginning(&self, length: SignedDuration) -> Self {
        let whole = SignedDuration::from_millis(
            i64::try_from(length.as_millis()).unwrap_or(i64::MAX).max(SHORTEST.as_millis() as i64),
        );
        let until = self.from.saturating_add(whole).map_or(self.until, |end| end.min(self.until));
        Self { until, ..*self }
    }
}

/// How far back, and how close to now, a history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// How late an event may come to the history and is still seen.
    pub overlap: SignedDuration,
    /// How old an event must be before it is looked for: what is just being written is left for the
    /// next time.
    pub settle: SignedDuration,
    /// How far back the first reading begins, when nothing was read before.
    pub first: SignedDuration,
}

impl Reach {
    /// What is to be read now.
    #[must_use]
    pub fn span(&self, watermark: Option<Timestamp>, now: Timestamp) -> Span {
        let from = watermark.unwrap_or_else(|| before(now, self.first));
        Span { from: in_milliseconds(from), until: in_milliseconds(before(now, self.settle)) }
    }

    /// The watermark once a span was read that began at the one before: nothing that happened earlier is
    /// still to come. `asked_at` is when the history was asked for it.
    #[must_use]
    pub fn watermark(&self, read: Span, asked_at: Timestamp) -> Timestamp {
        let known = in_milliseconds(before(asked_at, self.overlap));
        read.until.min(known).max(read.from)
    }
}

fn before(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

fn in_milliseconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment)
}

/// More events at one moment than are read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are more events at {0} than are read at once")]
pub struct TooDense(pub Timestamp);

/// What is at one moment takes longer to read than a query may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("even what is at {0} alone takes longer to read than a query may")]
pub struct TooSlow(pub Timestamp);

/// The slices in which a span is read, one after the other, each as long as can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slices {
    rest: Span,
    next: Span,
}

impl Slices {
    /// The slices of a span. The first is all of it.
    #[must_use]
    pub fn of(span: Span) -> Self {
        Self { rest: span, next: span }
    }

    /// What to read next; none when all is read.
    #[must_use]
    pub fn next(&self) -> Option<Span> {
        (!self.rest.is_empty()).then_some(self.next)
    }

    /// The next slice was read. The one after it is up to twice as long: where events are many, their
    /// neighbours mostly are as well.
    pub fn read(&mut self) {
        let length = self.next.length();
        self.rest.from = self.next.until;
        self.next = self.rest.beginning(length.saturating_add(length));
    }

    /// The next slice has more events than are read at once: half of it is the next.
    ///
    /// # Errors
    /// [`TooDense`] when it is as short as it can be.
    pub fn halve(&mut self) -> Result<(), TooDense> {
        if self.divide(2) { Ok(()) } else { Err(TooDense(self.next.from)) }
    }

    /// Reading the next slice takes too long: an eighth of it is the next. A query that took too long has
    /// cost the reading so much of its time that there are only a few of them: by halves they would not
    /// come to a slice that can be read, and the next reading would begin with all of it again.
    ///
    /// # Errors
    /// [`TooSlow`] when it is as short as it can be.
    pub fn hasten(&mut self) -> Result<(), TooSlow> {
        if self.divide(8) { Ok(()) } else { Err(TooSlow(self.next.from)) }
    }

    /// Whether there is a shorter one.
    fn divide(&mut self, by: i32) -> bool {
        let can = self.next.length() > SHORTEST;
        self.next = self.next.beginning(self.next.length() / by);
        can
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REACH: Reach = Reach {
        overlap: SignedDuration::from_mins(120),
        settle: SignedDuration::from_mins(1),
        first: SignedDuration::from_hours(24),
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn span(from: &str, until: &str) -> Span {
        Span { from: at(from), until: at(until) }
    }

    #[test]
    fn the_first_reading_begins_a_bounded_time_back_and_later_ones_at_the_watermark() {
        let now = at("2026-12-02T10:00:00.123456Z");
        assert_eq!(
            REACH.span(None, now),
            span("2026-12-01T10:00:00.123Z", "2026-12-02T09:59:00.123Z")
        );
        let watermark = at("2026-12-02T07:45:00Z");
        assert_eq!(REACH.span(Some(watermark), now).from, watermark);
        // A clock that went back reads nothing, and loses nothing.
        assert!(REACH.span(Some(now), now).is_empty());
    }

    #[test]
    fn what_was_just_read_is_read_again_until_nothing_of_it_can_still_come() {
        let now = at("2026-12-02T10:00:00Z");
        let read = span("2026-12-02T07:45:00Z", "2026-12-02T09:59:00Z");
        assert_eq!(REACH.watermark(read, now), at("2026-12-02T08:00:00Z"));
        // What is long past is read once: a backlog gets shorter with every slice.
        let past = span("2026-11-01T00:00:00Z", "2026-11-01T06:00:00Z");
        assert_eq!(REACH.watermark(past, now), past.until);
        // It never goes back.
        let recent = span("2026-12-02T09:00:00Z", "2026-12-02T09:30:00Z");
        assert_eq!(REACH.watermark(recent, now), recent.from);
    }

    #[test]
    fn a_slice_is_halved_until_its_events_can_be_read_at_once_and_then_grows() {
        let all = span("2026-12-02T00:00:00Z", "2026-12-02T08:00:00Z");
        let mut slices = Slices::of(all);
        assert_eq!(slices.next(), Some(all));
        slices.halve().unwrap();
        slices.halve().unwrap();
        assert_eq!(slices.next(), Some(span("2026-12-02T00:00:00Z", "2026-12-02T02:00:00Z")));
        slices.read();
        assert_eq!(slices.next(), Some(span("2026-12-02T02:00:00Z", "2026-12-02T06:00:00Z")));
        slices.read();
        assert_eq!(slices.next(), Some(span("2026-12-02T06:00:00Z", "2026-12-02T08:00:00Z")));
        slices.read();
        assert_eq!(slices.next(), None);
    }

    #[test]
    fn more_events_at_one_moment_than_are_read_at_once_are_an_error() {
        let from = at("2026-12-02T00:00:00Z");
        let mut slices = Slices::of(Span { from, until: from + SignedDuration::from_millis(3) });
        slices.halve().unwrap();
        assert_eq!(slices.halve(), Err(TooDense(from)));
    }

    #[test]
    fn a_slice_that_takes_too_long_is_an_eighth_down_to_one_moment() {
        let from = at("2026-12-02T00:00:00Z");
        let mut slices = Slices::of(Span { from, until: from + SignedDuration::from_millis(100) });
        slices.hasten().unwrap();
        let next = |millis| Some(Span { from, until: from + SignedDuration::from_millis(millis) });
        assert_eq!(slices.next(), next(12));
        slices.hasten().unwrap();
        assert_eq!(slices.next(), next(1));
        assert_eq!(slices.hasten(), Err(TooSlow(from)));
        assert_eq!(slices.next(), next(1));
    }

    proptest! {
        // Whatever has to be halved, each moment is in one slice, and there is an end.
        #[test]
        fn slices_are_all_of_a_span(length in 0_i64..100_000, most in 1_i64..1_000) {
            let from = at("2026-12-02T00:00:00Z");
            let until = from + SignedDuration::from_millis(length);
            let (mut slices, mut reached, mut steps) = (Slices::of(Span { from, until }), from, 0);
            while let Some(slice) = slices.next() {
                steps += 1;
                prop_assert!(steps < 10 + 20 * (length / most + 1));
                prop_assert_eq!(slice.from, reached);
                prop_assert!(!slice.is_empty() && slice.until <= until);
                // An event a millisecond.
                if slice.length().as_millis() > i128::from(most) {
                    slices.halve().unwrap();
                } else {
                    slices.read();
                    reached = slice.until;
                }
            }
            prop_assert_eq!(reached, until);
        }
    }
}
