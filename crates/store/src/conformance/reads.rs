//! What whoever reads relies on: lists by pages, single records.

use super::{booking, claim, flight, passenger};
use crate::{
    BookedBy, BookingLookup, FlightLister, FlightsOf, NotificationClaims, NotificationReader, Page,
    PassengerReader, RecordWriter, StoreError, ToldOf,
};
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId};
use jiff::{SignedDuration, Timestamp};
use std::future::Future;

pub(super) async fn all<S>(store: &S, run: &str)
where
    S: FlightLister
        + BookingLookup
        + PassengerReader
        + NotificationReader
        + NotificationClaims
        + RecordWriter,
{
    flights_of_a_status_come_in_the_order_of_departure(store, run).await;
    a_window_has_the_flights_that_leave_in_it(store, run).await;
    bookings_of_a_flight_and_of_a_passenger_come_in_pages(store, run).await;
    bookings_come_in_the_order_asked(store, run).await;
    single_records_are_found_or_not(store, run).await;
    notifications_are_listed_once_they_are_sent(store, run).await;
    notifications_come_newest_first(store, run).await;
}

/// All pages of a list: only the last has no next, and only the first may be empty.
async fn pages<T, F>(page: impl Fn(Option<String>) -> F) -> Vec<Vec<T>>
where
    F: Future<Output = Result<Page<T>, StoreError>>,
{
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = page(after.clone()).await.unwrap();
        assert!(pages.is_empty() || !page.items.is_empty(), "an empty page after {after:?}");
        pages.push(page.items);
        after = page.next;
        if after.is_none() {
            return pages;
        }
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

// Far from any other flight of the table, at a minute of this run's own.
fn base(run: &str) -> Timestamp {
    let sum = run.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    time("2300-01-01T00:00:00Z") + SignedDuration::from_hours(i64::from(sum % 1_000_000))
}

async fn flights_of_a_status_come_in_the_order_of_departure<S>(store: &S, run: &str)
where
    S: FlightLister + RecordWriter,
{
    let base = base(run);
    // Put in another order than that of departure.
    for n in [3, 0, 6, 2, 5, 1, 4] {
        let mut flight = flight(&format!("{run}-L{n}"));
        flight.status = FlightStatus::Diverted;
        flight.scheduled_departure = base + SignedDuration::from_mins(n);
        store.put_flight(&flight).await.unwrap();
    }
    let before = Some(base + SignedDuration::from_hours(1));
    let which = FlightsOf { status: FlightStatus::Diverted, from: Some(base), before };
    for (limit, expected) in [(3, vec![3, 3, 1]), (7, vec![7]), (8, vec![7]), (1, vec![1; 7])] {
        let which = &which;
        let found =
            pages(|after| async move { store.flights_of(which, after.as_deref(), limit).await });
        let found = found.await;
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), expected);
        let ids: Vec<_> = found.into_iter().flatten().map(|f| f.flight_id.to_string()).collect();
        assert_eq!(ids, (0..7).map(|n| format!("{run}-L{n}")).collect::<Vec<_>>());
    }
    let other = FlightsOf { status: FlightStatus::Arrived, ..which };
    assert_eq!(store.flights_of(&other, None, 5).await.unwrap(), Page::empty());
}

async fn a_window_has_the_flights_that_leave_in_it<S>(store: &S, run: &str)
where
    S: FlightLister + RecordWriter,
{
    // Of the flights of the test before, which leave at minutes 0 to 6.
    let at = |minutes: i64| Some(base(run) + SignedDuration::from_mins(minutes));
    let odd = |minutes: i64| at(minutes).map(|time| time + SignedDuration::from_millis(1));
    let cases = [
        (at(2), at(4), vec![2, 3]),
        (odd(2), odd(4), vec![3, 4]),
        (at(5), at(60), vec![5, 6]),
        (at(4), at(4), vec![]),
        (at(4), at(2), vec![]),
    ];
    for (from, before, expected) in cases {
        let which = FlightsOf { status: FlightStatus::Diverted, from, before };
        let found = store.flights_of(&which, None, 50).await.unwrap();
        let ids: Vec<_> = found.items.iter().map(|f| f.flight_id.to_string()).collect();
        let expected: Vec<_> = expected.iter().map(|n| format!("{run}-L{n}")).collect();
        assert_eq!((ids, found.next), (expected, None), "{from:?} {before:?}");
    }
    // Open at either end, it has them too; other flights may be there as well.
    let ours = |page: Page<_>| {
        let is_ours =
            |f: &flightpulse_domain::flight::Flight| f.flight_id.as_str().starts_with(run);
        page.items.iter().filter(|f| is_ours(f)).count()
    };
    let from = FlightsOf { status: FlightStatus::Diverted, from: at(5), before: None };
    assert_eq!(ours(store.flights_of(&from, None, 2).await.unwrap()), 2);
    let before = FlightsOf {
        status: FlightStatus::Diverted,
        from: None,
        before: Some(time("2200-01-01T00:00:00Z")),
    };
    assert_eq!(ours(store.flights_of(&before, None, 100).await.unwrap()), 0);
}

async fn bookings_of_a_flight_and_of_a_passenger_come_in_pages<S>(store: &S, run: &str)
where
    S: BookingLookup + RecordWriter,
{
    let (flight, passenger) = (format!("{run}-LF"), format!("{run}-LP"));
    for n in 0..5 {
        store.put_booking(&booking(&format!("{run}-LB{n}"), &passenger, &flight)).await.unwrap();
    }
    store.put_booking(&booking(&format!("{run}-LX"), "P9", "F9")).await.unwrap();
    let of_flight = BookedBy::Flight(FlightId::new(flight).unwrap());
    let of_passenger = BookedBy::Passenger(PassengerId::new(passenger).unwrap());
    for of in [&of_flight, &of_passenger] {
        for (limit, expected) in [(2, vec![2, 2, 1]), (5, vec![5]), (100, vec![5])] {
            let found =
                pages(|after| async move { store.booking_ids(of, after.as_deref(), limit).await });
            let found = found.await;
            assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), expected);
            let ids: Vec<_> = found.iter().flatten().map(ToString::to_string).collect();
            assert_eq!(ids, (0..5).map(|n| format!("{run}-LB{n}")).collect::<Vec<_>>());
        }
    }
    let nobody = BookedBy::Passenger(PassengerId::new(format!("{run}-none")).unwrap());
    assert_eq!(store.booking_ids(&nobody, None, 5).await.unwrap(), Page::empty());
}

async fn bookings_come_in_the_order_asked<S: BookingLookup + RecordWriter>(store: &S, run: &str) {
    let id = |n: usize| BookingId::new(format!("{run}-LB{n}")).unwrap();
    let gone = BookingId::new(format!("{run}-gone")).unwrap();
    let found = store.bookings(&[id(3), gone, id(0)]).await.unwrap();
    assert_eq!(found.into_iter().map(|b| b.booking_id).collect::<Vec<_>>(), [id(3), id(0)]);
    assert!(store.bookings(&[]).await.unwrap().is_empty());
}

async fn single_records_are_found_or_not<S>(store: &S, run: &str)
where
    S: BookingLookup + PassengerReader + RecordWriter,
{
    let (b, p) = (booking(&format!("{run}-SB"), "P1", "F1"), passenger(&format!("{run}-SP")));
    store.put_booking(&b).await.unwrap();
    store.put_passenger(&p).await.unwrap();
    assert_eq!(store.booking(&b.booking_id).await.unwrap().as_ref(), Some(&b));
    assert_eq!(store.passenger(&p.passenger_id).await.unwrap().as_ref(), Some(&p));
    let none = format!("{run}-none");
    assert_eq!(store.booking(&BookingId::new(&none).unwrap()).await.unwrap(), None);
    assert_eq!(store.passenger(&PassengerId::new(&none).unwrap()).await.unwrap(), None);
}

async fn notifications_are_listed_once_they_are_sent<S>(store: &S, run: &str)
where
    S: NotificationReader + NotificationClaims,
{
    let now = time("2026-11-22T09:00:00.25Z");
    let claimed = claim(&format!("{run}-T"), &format!("{run}-TF"), &format!("{run}-TB"));
    let of_flight = ToldOf::Flight(claimed.flight_id.clone());
    let of_booking = ToldOf::Booking(claimed.booking_id.clone());
    store.claim(&claimed, "a", now).await.unwrap();
    for of in [&of_flight, &of_booking] {
        assert_eq!(store.notifications_of(of, None, 5).await.unwrap(), Page::empty());
    }
    store.mark_sent(std::slice::from_ref(&claimed), "a", now).await.unwrap();
    for of in [&of_flight, &of_booking] {
        let found = store.notifications_of(of, None, 5).await.unwrap();
        let [sent] = found.items.as_slice() else { panic!("{found:?}") };
        assert_eq!((&sent.notification_id, sent.sent_at), (&claimed.notification_id, now));
        assert_eq!((&sent.event_id, sent.channel), (&claimed.event_id, claimed.channel));
        assert_eq!((&sent.flight_id, &sent.booking_id), (&claimed.flight_id, &claimed.booking_id));
        assert_eq!(sent.passenger_id.as_ref(), Some(&claimed.passenger_id));
        assert_eq!(sent.kind.as_ref(), Some(&claimed.kind));
        assert_eq!(sent.nature, Some(claimed.nature));
        assert_eq!(sent.language, Some(claimed.language));
        assert_eq!(sent.author, Some(claimed.author));
        assert_eq!(sent.resend_id, claimed.resend_id);
        assert_eq!(sent.headline.as_ref(), Some(&claimed.headline));
    }
}

async fn notifications_come_newest_first<S>(store: &S, run: &str)
where
    S: NotificationReader + NotificationClaims,
{
    let (flight, booking) = (format!("{run}-NF"), format!("{run}-NB"));
    let base = time("2026-11-22T09:00:00Z");
    for n in [2, 0, 4, 1, 3] {
        let claimed = claim(&format!("{run}-N{n}"), &flight, &booking);
        // Whole and broken seconds: as texts of one width they are in the order of time.
        let sent_at = base + SignedDuration::from_millis(500 * n);
        store.mark_sent(&[claimed], "a", sent_at).await.unwrap();
    }
    let of_flight = ToldOf::Flight(FlightId::new(flight).unwrap());
    let of_booking = ToldOf::Booking(BookingId::new(booking).unwrap());
    for of in [&of_flight, &of_booking] {
        for (limit, expected) in [(2, vec![2, 2, 1]), (5, vec![5])] {
            let found = pages(|after| async move {
                store.notifications_of(of, after.as_deref(), limit).await
            });
            let found = found.await;
            assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), expected);
            let ids: Vec<_> =
                found.iter().flatten().map(|sent| sent.notification_id.to_string()).collect();
            assert_eq!(ids, (0..5).rev().map(|n| format!("{run}-N{n}")).collect::<Vec<_>>());
        }
    }
}
