//! The suite that every store passes: what the callers of the ports rely on.

// A failed expectation must say so at once, like in any test.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use crate::{
    BookingReader, CLAIM_SECONDS, Claimed, FlightReader, NotificationClaim, NotificationClaims,
    RecordWriter, ScheduleWriter, Written,
};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::delay::Reason;
use flightpulse_domain::disruption::ScheduleUpdate;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{FacetVersions, Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId, Pnr};
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::{Language, NotificationPreferences, Passenger, Tier};
use jiff::{SignedDuration, Timestamp};

/// Runs the whole suite. `run` makes its ids unlike those of any other run on the same table.
pub async fn all<S>(store: &S, run: &str)
where
    S: FlightReader + ScheduleWriter + BookingReader + NotificationClaims + RecordWriter,
{
    flights_come_back_as_they_were_put(store, run).await;
    an_update_needs_the_flight_as_it_was_read(store, run).await;
    news_are_told_once_and_by_version(store, run).await;
    bookings_come_in_pages(store, run).await;
    records_come_in_the_order_asked(store, run).await;
    a_claim_is_reentered_by_its_owner_only(store, run).await;
}

pub fn flight(id: &str) -> Flight {
    Flight {
        flight_id: FlightId::new(id).unwrap(),
        origin: "DEN".into(),
        destination: "PHX".into(),
        scheduled_departure: "2026-11-22T21:10:00Z".parse().unwrap(),
        scheduled_arrival: "2026-11-22T23:05:00Z".parse().unwrap(),
        actual_departure: None,
        actual_arrival: None,
        status: FlightStatus::Scheduled,
        gate: Some("B7".into()),
        aircraft: None,
        delay_minutes: 0,
        delay_reason: None,
        booked_passengers: 3,
        versions: FacetVersions::default(),
        told_schedule: None,
        telling_schedule: None,
        maybe_told_schedule: None,
    }
}

pub fn passenger(id: &str) -> Passenger {
    Passenger {
        passenger_id: PassengerId::new(id).unwrap(),
        first_name: "María".into(),
        last_name: "Iñárritu".into(),
        email: Some("maria@example.com".into()),
        phone: None,
        rapid_rewards_number: None,
        tier: Tier::AListPreferred,
        notification_preferences: NotificationPreferences { email: true, sms: false, push: false },
        language: Language::Es,
    }
}

pub fn booking(id: &str, passenger: &str, flight: &str) -> Booking {
    Booking {
        booking_id: BookingId::new(id).unwrap(),
        passenger_id: PassengerId::new(passenger).unwrap(),
        flight_id: FlightId::new(flight).unwrap(),
        confirmation_number: Pnr::new("ABC123").unwrap(),
        seat: Some("12C".into()),
        fare_class: None,
        booking_status: BookingStatus::Confirmed,
        checked_in: false,
        bags_checked: 1,
        special_requests: vec!["WCHR".into()],
        created_at: "2026-10-01T12:00:00Z".parse().unwrap(),
    }
}

fn update(at: &str, minutes: u32) -> ScheduleUpdate {
    let flight = flight("X");
    let delay = SignedDuration::from_mins(i64::from(minutes));
    ScheduleUpdate {
        version: FacetVersion::new(at.parse().unwrap(), EventId::new("e1").unwrap()),
        status: FlightStatus::Delayed,
        delay_minutes: minutes,
        reason: Reason::Weather,
        departure: flight.scheduled_departure + delay,
        arrival: flight.scheduled_arrival + delay,
    }
}

async fn flights_come_back_as_they_were_put<S: FlightReader + RecordWriter>(store: &S, run: &str) {
    // More than one batch of a hundred keys, each asked for twice.
    let flights: Vec<_> = (0..120).map(|n| flight(&format!("{run}-F{n:03}"))).collect();
    for flight in &flights {
        store.put_flight(flight).await.unwrap();
    }
    let missing = FlightId::new(format!("{run}-none")).unwrap();
    let mut ids: Vec<_> = flights.iter().map(|flight| flight.flight_id.clone()).collect();
    ids.extend(ids.clone());
    ids.push(missing.clone());
    let found = store.flights(&ids).await.unwrap();
    assert_eq!(found.len(), 120);
    assert_eq!(found[&flights[7].flight_id], flights[7]);
    assert_eq!(store.flight(&flights[119].flight_id).await.unwrap().as_ref(), Some(&flights[119]));
    assert_eq!(store.flight(&missing).await.unwrap(), None);
}

async fn an_update_needs_the_flight_as_it_was_read<S>(store: &S, run: &str)
where
    S: FlightReader + ScheduleWriter + RecordWriter,
{
    let read = flight(&format!("{run}-U"));
    let first = update("2026-11-22T09:00:00Z", 90);
    assert_eq!(store.apply_schedule(&read, &first, true).await.unwrap(), Written::Outdated);

    store.put_flight(&read).await.unwrap();
    assert_eq!(store.apply_schedule(&read, &first, true).await.unwrap(), Written::Yes);
    let second = update("2026-11-22T10:00:00Z", 30);
    assert_eq!(store.apply_schedule(&read, &second, true).await.unwrap(), Written::Outdated);

    let now = store.flight(&read.flight_id).await.unwrap().unwrap();
    assert_eq!(now.versions.schedule, Some(first.version.clone()));
    assert_eq!((now.status, now.delay_minutes), (FlightStatus::Delayed, 90));
    assert_eq!(now.actual_departure, Some(first.departure));
    assert_eq!(now.telling_schedule, Some(first.news()));
    assert_eq!(now.gate.as_deref(), Some("B7"));
    // A decision made before the telling began does not stand either.
    let mut before = now.clone();
    before.telling_schedule = None;
    assert_eq!(store.apply_schedule(&before, &first, true).await.unwrap(), Written::Outdated);
    assert_eq!(store.begin_telling(&before, &first.news()).await.unwrap(), Written::Outdated);
    // Entered again: the same update on the flight as it now is.
    assert_eq!(store.apply_schedule(&now, &first, false).await.unwrap(), Written::Yes);
    let again = store.flight(&read.flight_id).await.unwrap().unwrap();
    assert_eq!(again.telling_schedule, Some(first.news()));
}

async fn news_are_told_once_and_by_version<S>(store: &S, run: &str)
where
    S: FlightReader + ScheduleWriter + RecordWriter,
{
    let read = flight(&format!("{run}-T"));
    store.put_flight(&read).await.unwrap();
    let first = update("2026-11-22T09:00:00Z", 90);
    store.apply_schedule(&read, &first, true).await.unwrap();
    let other = update("2026-11-22T08:00:00Z", 30);
    let id = &read.flight_id;

    store.record_told(id, &other.version).await.unwrap();
    store.abandon_telling(id, &other.version).await.unwrap();
    let now = store.flight(id).await.unwrap().unwrap();
    assert_eq!((now.told_schedule, now.telling_schedule), (None, Some(first.news())));

    // Newer news cut the first short: some may have read them, until all have read the newer.
    let second = update("2026-11-22T10:00:00Z", 30);
    let now = store.flight(id).await.unwrap().unwrap();
    assert_eq!(store.apply_schedule(&now, &second, true).await.unwrap(), Written::Yes);
    let now = store.flight(id).await.unwrap().unwrap();
    assert_eq!(now.telling_schedule, Some(second.news()));
    assert_eq!(now.maybe_told_schedule, Some(first.news()));
    store.abandon_telling(id, &second.version).await.unwrap();
    let now = store.flight(id).await.unwrap().unwrap();
    assert_eq!((&now.telling_schedule, &now.maybe_told_schedule), (&None, &Some(second.news())));
    assert_eq!(store.begin_telling(&now, &first.news()).await.unwrap(), Written::Yes);

    for _ in 0..2 {
        store.record_told(id, &first.version).await.unwrap();
        let now = store.flight(id).await.unwrap().unwrap();
        assert_eq!((now.told_schedule, now.telling_schedule), (Some(first.news()), None));
    }
}

async fn bookings_come_in_pages<S: BookingReader + RecordWriter>(store: &S, run: &str) {
    let flight_id = format!("{run}-P");
    for n in 0..7 {
        let booking = booking(&format!("{run}-B{n}"), &format!("{run}-P{n}"), &flight_id);
        store.put_booking(&booking).await.unwrap();
    }
    store.put_booking(&booking(&format!("{run}-Z"), "P9", &format!("{run}-other"))).await.unwrap();
    let flight_id = FlightId::new(flight_id).unwrap();
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = store.bookings_of_flight(&flight_id, cursor.as_deref(), 3).await.unwrap();
        assert!(page.bookings.len() <= 3);
        seen.extend(page.bookings.into_iter().map(|(booking, _)| booking.to_string()));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    assert_eq!(seen, (0..7).map(|n| format!("{run}-B{n}")).collect::<Vec<_>>());
    let none = FlightId::new(format!("{run}-empty")).unwrap();
    let empty = store.bookings_of_flight(&none, None, 3).await.unwrap();
    assert!(empty.bookings.is_empty() && empty.next.is_none());
}

async fn records_come_in_the_order_asked<S: BookingReader + RecordWriter>(store: &S, run: &str) {
    let (b1, b2, p1) = (format!("{run}-R1"), format!("{run}-R2"), format!("{run}-RP"));
    let (first, second) = (booking(&b1, &p1, "F"), booking(&b2, "gone", "F"));
    store.put_booking(&first).await.unwrap();
    store.put_booking(&second).await.unwrap();
    store.put_passenger(&passenger(&p1)).await.unwrap();
    let id = |b: &str, p: &str| (BookingId::new(b).unwrap(), PassengerId::new(p).unwrap());
    let asked = [id(&b2, &format!("{run}-gone")), id(&b1, &p1), id(&format!("{run}-no"), &p1)];
    let found = store.booking_records(&asked).await.unwrap();
    assert_eq!((&found[0].booking, &found[0].passenger), (&Some(second), &None));
    assert_eq!(found[1].booking.as_ref(), Some(&first));
    assert_eq!(found[1].passenger, Some(passenger(&p1)));
    assert_eq!((&found[2].booking, found[2].passenger.is_some()), (&None, true));
}

async fn a_claim_is_reentered_by_its_owner_only<S: NotificationClaims>(store: &S, run: &str) {
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let later = |seconds| now + SignedDuration::from_secs(seconds);
    let claim = NotificationClaim {
        notification_id: NotificationId::new(format!("{run}-N")).unwrap(),
        event_id: EventId::new("e1").unwrap(),
        flight_id: FlightId::new("SW1").unwrap(),
        booking_id: BookingId::new("B1").unwrap(),
        channel: Channel::Sms,
    };
    assert_eq!(store.claim(&claim, "a", now).await.unwrap(), Claimed::Ours);
    assert_eq!(store.claim(&claim, "a", later(1)).await.unwrap(), Claimed::Ours);
    assert_eq!(store.claim(&claim, "b", later(2)).await.unwrap(), Claimed::Others);
    assert_eq!(store.claim(&claim, "b", later(CLAIM_SECONDS + 2)).await.unwrap(), Claimed::Ours);
    let many = vec![claim.clone(), claim.clone()];
    store.mark_sent(&many, "b", later(1_000)).await.unwrap();
    for owner in ["a", "b"] {
        let answer = store.claim(&claim, owner, later(9_999)).await.unwrap();
        assert_eq!(answer, Claimed::SentBefore);
    }
}
