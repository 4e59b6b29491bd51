//! The suite that every store passes: what the callers of the ports rely on.

// A failed expectation must say so at once, like in any test.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod events;
mod reads;
mod reconciliations;
mod reservations;
mod watermarks;

pub use events::ClaimsEvents;

use crate::{
    Action, ActionLog, BookingChanged, BookingLookup, BookingReader, BookingWriter, BulkWriter,
    CLAIM_SECONDS, Claimed, EventClaimReader, FlightLister, FlightReader, FlightWriter, Hold,
    NotificationClaim, NotificationClaims, NotificationReader, OperationsReader, Outcome,
    PassengerReader, QuietWriter, ReconciliationLog, Record, RecordWriter, ReservationReader,
    ReservationWriter, Seeding, SeedingLog, SwitchWriter, Watermarks, Written,
};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::delay::Reason;
use flightpulse_domain::disruption::{Decision, Report, decide};
use flightpulse_domain::facet::{Facet, FacetVersion};
use flightpulse_domain::flight::{FacetVersions, Flight, FlightStatus};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId, Pnr};
use flightpulse_domain::inbound::{Change, RebookingPriority};
use flightpulse_domain::message::Author;
use flightpulse_domain::news::News;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::{Language, NotificationPreferences, Passenger, Tier};
use jiff::{SignedDuration, Timestamp};

/// Runs the whole suite. `run` makes its ids unlike those of any other run on the same table.
pub async fn all<S>(store: &S, run: &str)
where
    S: FlightReader
        + FlightWriter
        + BookingReader
        + BookingWriter
        + NotificationClaims
        + SwitchWriter
        + ActionLog
        + RecordWriter
        + BulkWriter
        + SeedingLog
        + FlightLister
        + BookingLookup
        + PassengerReader
        + NotificationReader
        + EventClaimReader
        + QuietWriter
        + ReservationReader
        + ReservationWriter
        + ReconciliationLog
        + OperationsReader
        + Watermarks
        + ClaimsEvents,
{
    reads::all(store, run).await;
    flights_come_back_as_they_were_put(store, run).await;
    an_update_needs_the_flight_as_it_was_read(store, run).await;
    a_bookings_status_follows_the_newest_event_of_its_flight(store, run).await;
    the_switch_and_its_action_are_turned_together(store, run).await;
    bookings_come_in_pages(store, run).await;
    many_records_are_there_once_they_are_put(store, run).await;
    a_seeding_is_noted_in_place_of_what_was_noted_before(store, run).await;
    records_come_in_the_order_asked(store, run).await;
    a_claim_is_reentered_by_its_owner_only(store, run).await;
    reservations::all(store, run).await;
    reconciliations::all(store, run).await;
    watermarks::a_watermark_is_noted_by_whoever_knows_the_last_one(store, run).await;
    events::how_far_they_are_is_known_by_their_claims(store, run).await;
    events::events_without_news_are_done_with_their_flight_or_not_at_all(store, run).await;
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
        capacity: None,
        delay_minutes: 0,
        delay_reason: None,
        cancellation: None,
        booked_passengers: 3,
        versions: FacetVersions::default(),
        schedule_news: News::default(),
        gate_news: News::default(),
        status_news: News::default(),
        revision: 0,
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
        passenger_count: 1,
        created_at: "2026-10-01T12:00:00Z".parse().unwrap(),
        flight_status_version: None,
        rebooking_version: None,
    }
}

pub fn claim(id: &str, flight: &str, booking: &str) -> NotificationClaim {
    NotificationClaim {
        notification_id: NotificationId::new(id).unwrap(),
        event_id: EventId::new("e1").unwrap(),
        flight_id: FlightId::new(flight).unwrap(),
        booking_id: BookingId::new(booking).unwrap(),
        channel: Channel::Sms,
        passenger_id: PassengerId::new("P1").unwrap(),
        kind: "DELAY".into(),
        nature: Nature::News,
        language: Language::Es,
        author: Author::Model,
        resend_id: None,
        headline: "María: SW1 sale a las 15:40".into(),
    }
}

fn version(at: &str) -> FacetVersion {
    FacetVersion::new(at.parse().unwrap(), EventId::new("e1").unwrap())
}

fn delay_of(delay_minutes: u32) -> Change {
    Change::Delay {
        delay_minutes,
        reason: Reason::Weather,
        reason_detail: None,
        new_departure: None,
        new_arrival: None,
    }
}

fn cancelled() -> Change {
    let rebooking_priority = RebookingPriority::High;
    Change::Cancelled { reason: Reason::Weather, reason_detail: None, rebooking_priority }
}

fn decided(flight: &Flight, change: Change, at: &str) -> Flight {
    match decide(flight, &Report { version: version(at), change, retracts: false }) {
        Decision::Write { flight, .. } => *flight,
        other => panic!("{other:?}"),
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
    S: FlightReader + FlightWriter + RecordWriter,
{
    let read = flight(&format!("{run}-U"));
    let late = decided(&read, delay_of(90), "2026-11-22T09:00:00Z");
    assert_eq!(store.write_flight(&read, &late).await.unwrap(), Written::Outdated);

    store.put_flight(&read).await.unwrap();
    assert_eq!(store.write_flight(&read, &late).await.unwrap(), Written::Yes);
    let found = || async { store.flight(&read.flight_id).await.unwrap().unwrap() };
    assert_eq!(found().await, late);
    // Decided on what is not there any more.
    let other = decided(&read, delay_of(30), "2026-11-22T10:00:00Z");
    assert_eq!(store.write_flight(&read, &other).await.unwrap(), Written::Outdated);
    assert_eq!(found().await, late);

    // What is taken away is gone.
    let gone = decided(&late, cancelled(), "2026-11-22T10:00:00Z");
    assert_eq!(store.write_flight(&late, &gone).await.unwrap(), Written::Yes);
    let mut told = found().await;
    assert_eq!(told, gone);
    told.record_told(Facet::Status, &version("2026-11-22T10:00:00Z"));
    assert_eq!(store.write_flight(&gone, &told).await.unwrap(), Written::Yes);
    let back = Change::Reinstated { new_departure: None, new_arrival: None };
    let back = decided(&told, back, "2026-11-22T11:00:00Z");
    assert_eq!(store.write_flight(&told, &back).await.unwrap(), Written::Yes);
    assert_eq!(found().await, back);
    assert_eq!((back.cancellation, back.status), (None, FlightStatus::Delayed));
}

async fn a_bookings_status_follows_the_newest_event_of_its_flight<S>(store: &S, run: &str)
where
    S: BookingReader + BookingWriter + RecordWriter,
{
    use BookingChanged::{No, Outdated, Yes};
    let mut booked = booking(&format!("{run}-S"), "P1", &format!("{run}-SF"));
    let (first, second) = (version("2026-11-22T09:00:00Z"), version("2026-11-22T10:00:00Z"));
    let (needs, back) = (BookingStatus::NeedsRebooking, BookingStatus::Confirmed);
    assert_eq!(store.set_booking_status(&booked, needs, &first).await.unwrap(), No);
    store.put_booking(&booked).await.unwrap();
    let now = || async {
        let id = (booked.booking_id.clone(), booked.passenger_id.clone());
        store.booking_records(&[id]).await.unwrap().remove(0).booking.unwrap()
    };
    // Again, and by a newer event: since when it needs another flight stays.
    for version in [&first, &first, &second] {
        assert_eq!(store.set_booking_status(&now().await, needs, version).await.unwrap(), Yes);
        let found = now().await;
        assert_eq!((found.booking_status, found.rebooking_version), (needs, Some(first.clone())));
        assert_eq!(found.flight_status_version.as_ref(), Some(version));
    }
    // Decided on what is not there any more, and by an older event.
    assert_eq!(store.set_booking_status(&booked, back, &second).await.unwrap(), Outdated);
    assert_eq!(store.set_booking_status(&now().await, back, &first).await.unwrap(), No);
    assert_eq!(store.set_booking_status(&now().await, back, &second).await.unwrap(), Yes);
    assert_eq!((now().await.booking_status, now().await.rebooking_version), (back, None));

    // Neither one that was given up nor one that flies elsewhere now.
    let mut elsewhere = booked.clone();
    elsewhere.flight_id = FlightId::new(format!("{run}-other")).unwrap();
    let third = version("2026-11-22T11:00:00Z");
    assert_eq!(store.set_booking_status(&elsewhere, needs, &third).await.unwrap(), No);
    booked.booking_status = BookingStatus::Cancelled;
    store.put_booking(&booked).await.unwrap();
    assert_eq!(store.set_booking_status(&booked, needs, &third).await.unwrap(), No);
}

async fn the_switch_and_its_action_are_turned_together<S>(store: &S, run: &str)
where
    S: SwitchWriter + ActionLog,
{
    let hold = Hold {
        held: true,
        changed_at: Some(Timestamp::UNIX_EPOCH),
        changed_by: Some("jane".into()),
        reason: Some("wrong broadcast".into()),
    };
    let action = |n: u32| Action {
        // Larger than any id of another run, so that these are the newest.
        action_id: format!("z-{run}-{n}"),
        at: Timestamp::UNIX_EPOCH,
        operator: "jane".into(),
        identity: "arn:aws:iam::000000000000:user/jane".into(),
        action: "hold".into(),
        reason: "wrong broadcast".into(),
        flight_id: None,
        facets: vec![],
        event_ids: vec![],
        outcome: Outcome::Requested,
    };
    store.turn(&hold, &action(1)).await.unwrap();
    assert_eq!(store.hold().await.unwrap(), hold);
    store.turn(&Hold::default(), &action(2)).await.unwrap();
    assert!(!store.hold().await.unwrap().held);
    let done = Action { outcome: Outcome::Done, ..action(3) };
    store.note(&action(3)).await.unwrap();
    store.note(&done).await.unwrap();
    let first = store.actions(None, 2).await.unwrap();
    assert_eq!(first.actions, [done, action(2)]);
    let second = store.actions(first.next.as_deref(), 1).await.unwrap();
    assert_eq!(second.actions, [action(1)]);
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

async fn many_records_are_there_once_they_are_put<S>(store: &S, run: &str)
where
    S: FlightReader + BookingReader + BulkWriter,
{
    // More items than one batch takes; the flight is named twice, and the later counts.
    let id = format!("{run}-K");
    let mut records = vec![Record::Flight(Box::new(flight(&id)))];
    for n in 0..30 {
        let (of, who) = (format!("{run}-KB{n:02}"), format!("{run}-KP{n:02}"));
        records.push(Record::Passenger(Box::new(passenger(&who))));
        records.push(Record::Booking(Box::new(booking(&of, &who, &id))));
    }
    let last = Flight { booked_passengers: 30, ..flight(&id) };
    records.push(Record::Flight(Box::new(last.clone())));
    // Twice: it replaces and does not add.
    store.put_records(&records).await.unwrap();
    store.put_records(&records).await.unwrap();
    store.put_records(&[]).await.unwrap();
    assert_eq!(store.flight(&last.flight_id).await.unwrap(), Some(last.clone()));
    let page = store.bookings_of_flight(&last.flight_id, None, 100).await.unwrap();
    assert_eq!(page.bookings.len(), 30);
    let found = store.booking_records(&page.bookings).await.unwrap();
    assert!(found.iter().all(|one| one.booking.is_some() && one.passenger.is_some()));
}

async fn a_seeding_is_noted_in_place_of_what_was_noted_before<S: SeedingLog>(store: &S, run: &str) {
    // A seed of this run's own: another run on the same table notes others.
    let seed = run.bytes().fold(17_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    let seeding = |date: &str, written| Seeding {
        seed,
        flights: 2,
        passengers: 8,
        date: date.parse().unwrap(),
        written,
        at: Timestamp::UNIX_EPOCH,
    };
    for (date, written) in [("2026-11-22", 3), ("2026-11-21", 4), ("2026-11-22", 10)] {
        store.note_seeding(&seeding(date, written)).await.unwrap();
    }
    let found: Vec<_> =
        store.seedings().await.unwrap().into_iter().filter(|one| one.seed == seed).collect();
    assert_eq!(found, [seeding("2026-11-21", 4), seeding("2026-11-22", 10)]);
    assert!(found[1].is_done() && !found[0].is_done());
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
    let claim = claim(&format!("{run}-N"), "SW1", "B1");
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
