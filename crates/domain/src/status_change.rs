//! Which writes of a flight or a booking are a change of its status, and what set it.
//!
//! The rule: the item was there before and after, and its status differs. Times, gates and
//! delays that change under the same status have events of their own, and a passenger's check-in is
//! a status (CHECKED_IN). What appears had no status that could have changed: schedules and bookings
//! are loaded by the hundred thousand, and each would be an event that tells nothing. What is
//! deleted has none any more: the operation ends a flight or a booking by a status, never by
//! deleting it.

use crate::booking::Booking;
use crate::facet::FacetVersion;
use crate::flight::{Flight, FlightStatus};
use crate::ids::EventId;

/// A change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange<'a, T> {
    /// As it was.
    pub old: &'a T,
    /// As it is.
    pub new: &'a T,
    /// The event that set the status, where the item knows it: none when it was written by other
    /// means, by the schedule or by a booking system.
    pub set_by: Option<&'a EventId>,
}

impl<'a> StatusChange<'a, Flight> {
    /// The change of a flight's status, if the write was one.
    #[must_use]
    pub fn of_flight(old: Option<&'a Flight>, new: Option<&'a Flight>) -> Option<Self> {
        let (old, new) = both(old, new, |flight| flight.status)?;
        // A delay sets the status by the schedule; a cancellation or a reinstatement by the status,
        // and a reinstatement with times sets both, by the same event. A write may be of several events.
        let (was, is) = (&old.versions, &new.versions);
        let operates = || newer(was.status.as_ref(), is.status.as_ref());
        let schedule = || newer(was.schedule.as_ref(), is.schedule.as_ref());
        let set_by = if [old.status, new.status].contains(&FlightStatus::Cancelled) {
            operates().or_else(schedule)
        } else {
            schedule().or_else(operates)
        };
        Some(Self { old, new, set_by })
    }
}

impl<'a> StatusChange<'a, Booking> {
    /// The change of a booking's status, if the write was one.
    #[must_use]
    pub fn of_booking(old: Option<&'a Booking>, new: Option<&'a Booking>) -> Option<Self> {
        let (old, new) = both(old, new, |booking| booking.booking_status)?;
        let set_by = newer(old.flight_status_version.as_ref(), new.flight_status_version.as_ref());
        Some(Self { old, new, set_by })
    }
}

fn both<'a, T, S: PartialEq>(
    old: Option<&'a T>,
    new: Option<&'a T>,
    status: impl Fn(&T) -> S,
) -> Option<(&'a T, &'a T)> {
    old.zip(new).filter(|(old, new)| status(old) != status(new))
}

// A version that the write did not touch is of an earlier event, which did not set this status.
fn newer<'a>(old: Option<&FacetVersion>, new: Option<&'a FacetVersion>) -> Option<&'a EventId> {
    new.filter(|version| old != Some(version)).map(FacetVersion::event_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::BookingStatus;
    use crate::flight::FacetVersions;
    use crate::ids::{BookingId, FlightId, PassengerId, Pnr};
    use crate::news::News;
    use jiff::Timestamp;
    use rstest::rstest;

    fn version(event_id: &str) -> Option<FacetVersion> {
        Some(FacetVersion::new(Timestamp::UNIX_EPOCH, EventId::new(event_id).unwrap()))
    }

    fn flight(status: FlightStatus, schedule: &str, operates: &str) -> Flight {
        let versions =
            FacetVersions { schedule: version(schedule), gate: None, status: version(operates) };
        Flight {
            flight_id: FlightId::new("SW1").unwrap(),
            origin: "DEN".into(),
            destination: "PHX".into(),
            scheduled_departure: Timestamp::UNIX_EPOCH,
            scheduled_arrival: Timestamp::UNIX_EPOCH,
            actual_departure: None,
            actual_arrival: None,
            status,
            gate: None,
            aircraft: None,
            capacity: None,
            delay_minutes: 0,
            delay_reason: None,
            cancellation: None,
            booked_passengers: 0,
            versions,
            schedule_news: News::default(),
            gate_news: News::default(),
            status_news: News::default(),
            revision: 0,
        }
    }

    fn booking(status: BookingStatus, set_by: Option<&str>) -> Booking {
        Booking {
            booking_id: BookingId::new("B1").unwrap(),
            passenger_id: PassengerId::new("P1").unwrap(),
            flight_id: FlightId::new("SW1").unwrap(),
            confirmation_number: Pnr::new("ABC123").unwrap(),
            seat: None,
            fare_class: None,
            booking_status: status,
            checked_in: false,
            bags_checked: 0,
            special_requests: vec![],
            created_at: Timestamp::UNIX_EPOCH,
            flight_status_version: set_by.and_then(version),
            rebooking_version: None,
            passenger_count: 1,
        }
    }

    #[rstest]
    #[case::delayed(FlightStatus::Delayed, "late", "before", Some("late"))]
    #[case::cancelled(FlightStatus::Cancelled, "before", "gone", Some("gone"))]
    #[case::reinstated_with_times(FlightStatus::Delayed, "back", "back", Some("back"))]
    #[case::by_other_means(FlightStatus::Boarding, "before", "before", None)]
    #[case::delayed_in_a_write_of_two_events(FlightStatus::Delayed, "late", "back", Some("late"))]
    #[case::cancelled_in_a_write_of_two_events(
        FlightStatus::Cancelled,
        "late",
        "gone",
        Some("gone")
    )]
    fn a_flights_status_is_set_by_the_event_whose_version_the_write_brought(
        #[case] status: FlightStatus,
        #[case] schedule: &str,
        #[case] operates: &str,
        #[case] set_by: Option<&str>,
    ) {
        let old = flight(FlightStatus::Scheduled, "before", "before");
        let new = flight(status, schedule, operates);
        let change = StatusChange::of_flight(Some(&old), Some(&new)).unwrap();
        assert_eq!((change.old, change.new), (&old, &new));
        assert_eq!(change.set_by.map(EventId::as_str), set_by);
    }

    #[test]
    fn a_longer_delay_or_another_gate_is_no_change_of_status() {
        let old = flight(FlightStatus::Delayed, "first", "before");
        let mut new = flight(FlightStatus::Delayed, "second", "before");
        (new.delay_minutes, new.gate) = (90, Some("D15".into()));
        assert_eq!(StatusChange::of_flight(Some(&old), Some(&new)), None);
    }

    #[test]
    fn what_appears_or_is_deleted_has_no_change_of_status() {
        let one = flight(FlightStatus::Cancelled, "a", "b");
        for (old, new) in [(None, Some(&one)), (Some(&one), None), (None, None)] {
            assert_eq!(StatusChange::of_flight(old, new), None);
        }
        let one = booking(BookingStatus::NeedsRebooking, Some("a"));
        for (old, new) in [(None, Some(&one)), (Some(&one), None), (None, None)] {
            assert_eq!(StatusChange::of_booking(old, new), None);
        }
    }

    #[rstest]
    #[case::by_its_flights_event(None, Some("gone"), Some("gone"))]
    #[case::by_a_newer_one(Some("gone"), Some("back"), Some("back"))]
    #[case::by_other_means(Some("gone"), Some("gone"), None)]
    fn a_bookings_status_is_set_by_the_event_that_came_with_it(
        #[case] before: Option<&str>,
        #[case] after: Option<&str>,
        #[case] set_by: Option<&str>,
    ) {
        let old = booking(BookingStatus::Confirmed, before);
        let new = booking(BookingStatus::NeedsRebooking, after);
        let change = StatusChange::of_booking(Some(&old), Some(&new)).unwrap();
        assert_eq!(change.set_by.map(EventId::as_str), set_by);
    }

    #[test]
    fn another_seat_is_no_change_of_status() {
        let old = booking(BookingStatus::Confirmed, None);
        let mut new = old.clone();
        new.seat = Some("12A".into());
        assert_eq!(StatusChange::of_booking(Some(&old), Some(&new)), None);
    }
}
