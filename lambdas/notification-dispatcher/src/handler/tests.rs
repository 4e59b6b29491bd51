use super::*;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{EventId, PassengerId};
use flightpulse_domain::news::{Told, ToldSchedule};
use flightpulse_domain::passenger::{Language, Tier};
use flightpulse_store::conformance::{booking, flight, passenger};
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{
    Action, Hold, NotificationReader, Outcome, RecordWriter, SwitchWriter, ToldOf,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

type Parts = Dispatcher<MemoryStore, MemoryBus, MemoryDeadLetters>;

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn parts() -> Parts {
    Dispatcher {
        store: MemoryStore::default(),
        bus: MemoryBus::default(),
        dead_letters: MemoryDeadLetters::default(),
        rebooking_url: "https://www.example.com/rebook".into(),
    }
}

async fn book(parts: &Parts, n: usize, tier: Tier, language: Language) {
    let (b, p) = (format!("B{n}"), format!("P{n}"));
    parts.store.put_booking(&booking(&b, &p, "SW5678")).await.unwrap();
    let mut passenger = passenger(&p);
    (passenger.tier, passenger.language) = (tier, language);
    passenger.notification_preferences.sms = true;
    passenger.phone = Some(format!("+1303555010{n}"));
    parts.store.put_passenger(&passenger).await.unwrap();
}

fn task(bookings: &[usize]) -> Dispatch {
    let recipients: Vec<_> = bookings
        .iter()
        .map(|n| json!({"booking_id": format!("B{n}"), "passenger_id": format!("P{n}")}))
        .collect();
    serde_json::from_value(json!({
        "notice": {
            "flight_id": "SW5678", "origin": "DEN", "destination": "PHX", "facet": "schedule",
            "version": "2026-11-22T09:00:00.000000Z#e1", "nature": "NEWS", "kind": "DELAY",
            "category": "major", "delay_minutes": 90, "reason": "MECHANICAL",
            "new_departure": "2026-11-22T22:40:00Z", "new_arrival": "2026-11-23T00:35:00Z",
        },
        "texts": [{
            "cohort": {"tier": "A-LIST PREFERRED", "language": "es"},
            "email_subject": "SW5678 sale a las 15:40",
            "email_body": "{{first_name}}, asiento {{seat}}, {{confirmation_number}}: SW5678, 15:40",
            "sms": "{{first_name}}: SW5678 sale a las 15:40", "author": "MODEL",
        }],
        "recipients": recipients, "execution_id": "exec-1", "correlation_id": "c-1",
    }))
    .unwrap()
}

fn sent(parts: &Parts) -> Vec<Value> {
    parts.bus.published().iter().map(|event| serde_json::from_str(&event.detail).unwrap()).collect()
}

#[tokio::test]
async fn each_channel_gets_its_message() {
    let parts = parts();
    book(&parts, 1, Tier::AListPreferred, Language::Es).await;
    let done = parts.handle(&task(&[1]), now()).await.unwrap();
    assert_eq!(done, Dispatched { sent: 2, ..Dispatched::default() });
    insta::assert_json_snapshot!(sent(&parts));
}

#[tokio::test]
async fn a_page_run_twice_sends_nothing_twice() {
    let parts = parts();
    for n in 1..=3 {
        book(&parts, n, Tier::Member, Language::En).await;
    }
    let first = parts.handle(&task(&[1, 2, 3]), now()).await.unwrap();
    let second = parts.handle(&task(&[1, 2, 3]), now()).await.unwrap();
    assert_eq!((first.sent, second.sent, second.sent_before), (6, 0, 6));
    assert_eq!(parts.bus.published().len(), 6);
}

#[tokio::test]
async fn what_the_bus_did_not_take_is_sent_when_the_page_is_tried_again() {
    let parts = parts();
    for n in 1..=3 {
        book(&parts, n, Tier::Member, Language::En).await;
    }
    parts.bus.fail_containing(&["\"B2\""]);
    let failure = parts.handle(&task(&[1, 2, 3]), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "Unavailable");
    parts.bus.fail_containing(&[]);
    let done = parts.handle(&task(&[1, 2, 3]), now()).await.unwrap();
    assert_eq!((done.sent, done.sent_before), (2, 4));
    assert_eq!(parts.bus.published().len(), 6);
}

#[tokio::test]
async fn another_execution_waits_for_the_claim() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    parts.bus.fail_containing(&["B1"]);
    parts.handle(&task(&[1]), now()).await.unwrap_err();
    parts.bus.fail_containing(&[]);
    let mut other = task(&[1]);
    other.execution_id = "exec-2".into();
    let failure = parts.handle(&other, now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "Contended");
    let later = now() + SignedDuration::from_secs(flightpulse_store::CLAIM_SECONDS + 1);
    assert_eq!(parts.handle(&other, later).await.unwrap().sent, 2);
}

#[tokio::test]
async fn the_highest_tier_is_sent_first() {
    let parts = parts();
    book(&parts, 1, Tier::AListPreferred, Language::Es).await;
    book(&parts, 2, Tier::AList, Language::En).await;
    book(&parts, 3, Tier::Member, Language::De).await;
    parts.handle(&task(&[1, 2, 3]), now()).await.unwrap();
    let tiers: Vec<_> = sent(&parts).iter().map(|one| one["tier"].to_string()).collect();
    assert!(
        tiers.is_sorted_by_key(|tier| ["\"A-LIST PREFERRED\"", "\"A-LIST\"", "\"MEMBER\""]
            .iter()
            .position(|known| known == tier)),
        "{tiers:?}"
    );
}

#[tokio::test]
async fn one_bad_booking_does_not_stop_the_others() {
    let parts = parts();
    for n in 1..=4 {
        book(&parts, n, Tier::Member, Language::En).await;
    }
    parts.store.remove_passenger(&PassengerId::new("P2").unwrap());
    let mut cancelled = booking("B3", "P3", "SW5678");
    cancelled.booking_status = BookingStatus::Cancelled;
    parts.store.put_booking(&cancelled).await.unwrap();
    let mut unreachable = passenger("P4");
    unreachable.email = None;
    parts.store.put_passenger(&unreachable).await.unwrap();

    let done = parts.handle(&task(&[1, 2, 3, 4, 9]), now()).await.unwrap();
    let expected = Dispatched {
        sent: 2,
        unreachable: 1,
        cancelled: 1,
        dead_lettered: 2,
        ..Dispatched::default()
    };
    assert_eq!(done, expected);
    let reasons: Vec<_> = parts.dead_letters.kept().into_iter().map(|l| l.reason).collect();
    assert_eq!(reasons, ["passenger P2 is not in the table", "the booking is not in the table"]);
}

#[tokio::test]
async fn a_passenger_with_two_bookings_on_the_flight_is_told_once() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    book(&parts, 3, Tier::Member, Language::En).await;
    parts.store.put_booking(&booking("B2", "P1", "SW5678")).await.unwrap();
    let mut task = task(&[1, 2, 3]);
    task.recipients[1].passenger_id = PassengerId::new("P1").unwrap();
    let done = parts.handle(&task, now()).await.unwrap();
    assert_eq!((done.sent, done.dead_lettered), (4, 0));
    let again = parts.handle(&task, now()).await.unwrap();
    assert_eq!((again.sent, again.sent_before), (0, 4));
}

#[tokio::test]
async fn a_booking_whose_entry_names_another_passenger_is_set_aside() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    let mut task = task(&[1]);
    task.recipients[0].passenger_id = PassengerId::new("unreadable-entry").unwrap();
    let done = parts.handle(&task, now()).await.unwrap();
    assert_eq!((done.sent, done.cancelled, done.dead_lettered), (0, 0, 1));
}

#[tokio::test]
async fn a_booking_that_has_moved_to_another_flight_is_not_told() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    parts.store.put_booking(&booking("B1", "P1", "SW0001")).await.unwrap();
    let done = parts.handle(&task(&[1]), now()).await.unwrap();
    assert_eq!((done.sent, done.cancelled), (0, 1));
}

#[tokio::test]
async fn a_cohort_without_texts_gets_the_template() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::De).await;
    parts.handle(&task(&[1]), now()).await.unwrap();
    for one in sent(&parts) {
        assert_eq!((&one["author"], &one["language"]), (&json!("TEMPLATE"), &json!("de")));
        assert!(one["text"].as_str().unwrap().contains("15:40"), "{one}");
    }
}

#[tokio::test]
async fn what_was_sent_is_listed_with_what_it_said() {
    let parts = parts();
    book(&parts, 1, Tier::AListPreferred, Language::Es).await;
    let mut again = task(&[1]);
    again.notice.resend_id = Some(EventId::new("op-1").unwrap());
    parts.handle(&again, now()).await.unwrap();
    let of = ToldOf::Booking(BookingId::new("B1").unwrap());
    let told = parts.store.notifications_of(&of, None, 10).await.unwrap().items;
    assert_eq!(told.len(), 2);
    let events = sent(&parts);
    for told in &told {
        let is_it = |event: &&Value| event["notification_id"] == json!(told.notification_id);
        let event = events.iter().find(is_it).unwrap();
        // The subject of an email, the whole of a text message.
        let headline = event.get("subject").unwrap_or(&event["text"]);
        assert_eq!(json!(told.headline), *headline);
        assert!(told.sent_at >= now());
        let found = json!({
            "notification_id": told.notification_id, "event_id": told.event_id,
            "resend_id": told.resend_id, "kind": told.kind, "nature": told.nature,
            "flight_id": told.flight_id, "booking_id": told.booking_id,
            "passenger_id": told.passenger_id, "channel": told.channel,
            "language": told.language, "author": told.author,
        });
        for (name, value) in found.as_object().unwrap() {
            assert_eq!(*value, event[name], "{name}");
        }
    }
}

async fn is_now(parts: &Parts, change: impl FnOnce(&mut Flight)) {
    let mut flight = flight("SW5678");
    change(&mut flight);
    parts.store.put_flight(&flight).await.unwrap();
}

#[tokio::test]
async fn newer_news_silence_older_ones() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    is_now(&parts, |flight| {
        let version = "2026-11-22T09:30:00.000000Z#e2".to_owned().try_into().unwrap();
        let said = ToldSchedule { departure: now() };
        flight.schedule_news.begin(Told { version, revision: 1, said });
    })
    .await;
    let done = parts.handle(&task(&[1]), now()).await.unwrap();
    assert!(done.overtaken && parts.bus.published().is_empty());
}

/// A bus with which newer news are told as soon as it has taken something.
struct Newer {
    bus: MemoryBus,
    store: MemoryStore,
}

impl EventPublisher for Newer {
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), PublishError>> {
        let answers = self.bus.publish(events).await;
        let mut changed = flight("SW5678");
        changed.status = FlightStatus::Cancelled;
        self.store.put_flight(&changed).await.unwrap();
        answers
    }
}

#[tokio::test]
async fn a_page_asks_before_each_tier_whether_it_is_still_true() {
    let parts = parts();
    book(&parts, 1, Tier::AListPreferred, Language::Es).await;
    book(&parts, 2, Tier::Member, Language::En).await;
    let departure = "2026-11-22T22:40:00Z".parse().unwrap();
    is_now(&parts, |flight| flight.actual_departure = Some(departure)).await;
    let Parts { store, bus, dead_letters, rebooking_url } = parts;
    let newer = Newer { bus: bus.clone(), store: store.clone() };
    let parts = Dispatcher { store, bus: newer, dead_letters, rebooking_url };
    let done = parts.handle(&task(&[1, 2]), now()).await.unwrap();
    assert_eq!((done.sent, done.overtaken), (2, true), "the first tier has it, the second not");
    assert!(bus.published().iter().all(|event| event.detail.contains("\"P1\"")));
}

#[tokio::test]
async fn nobody_is_told_of_a_delay_of_a_flight_that_was_cancelled_meanwhile() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    is_now(&parts, |flight| flight.status = FlightStatus::Cancelled).await;
    assert!(parts.handle(&task(&[1]), now()).await.unwrap().overtaken);
}

fn hold(held: bool) -> (Hold, Action) {
    let action = Action {
        action_id: "a".into(),
        at: now(),
        operator: "jane".into(),
        identity: "arn".into(),
        action: "hold".into(),
        reason: "wrong broadcast".into(),
        flight_id: None,
        facets: vec![],
        event_ids: vec![],
        outcome: Outcome::Done,
    };
    (Hold { held, ..Hold::default() }, action)
}

#[tokio::test]
async fn what_is_held_waits_and_is_sent_when_it_is_released() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    let (on, action) = hold(true);
    parts.store.turn(&on, &action).await.unwrap();
    let failure = parts.handle(&task(&[1]), now()).await.unwrap_err();
    assert_eq!((failure.error_type(), parts.bus.published().len()), ("Held", 0));
    parts.store.turn(&hold(false).0, &action).await.unwrap();
    assert_eq!(parts.handle(&task(&[1]), now()).await.unwrap().sent, 2);
}

#[tokio::test]
async fn what_is_overtaken_while_it_is_held_is_not_held_any_longer() {
    let parts = parts();
    let (on, action) = hold(true);
    parts.store.turn(&on, &action).await.unwrap();
    is_now(&parts, |flight| flight.status = FlightStatus::Cancelled).await;
    assert!(parts.handle(&task(&[1]), now()).await.unwrap().overtaken);
}

#[tokio::test]
async fn urgent_news_go_by_text_message_first_and_count_each_passenger_once() {
    let parts = parts();
    book(&parts, 1, Tier::Member, Language::En).await;
    let mut unreachable = passenger("P2");
    unreachable.email = None;
    parts.store.put_booking(&booking("B2", "P2", "SW5678")).await.unwrap();
    parts.store.put_passenger(&unreachable).await.unwrap();
    let mut page = task(&[1, 2, 9]);
    page.pass = Pass::Sms;
    let first = parts.handle(&page, now()).await.unwrap();
    assert_eq!((first.sent, first.unreachable, first.dead_lettered), (1, 1, 1));
    page.pass = Pass::Email;
    let second = parts.handle(&page, now()).await.unwrap();
    assert_eq!((second.sent, second.unreachable, second.dead_lettered), (1, 0, 0));
    let channels: Vec<_> = sent(&parts).iter().map(|one| one["channel"].clone()).collect();
    assert_eq!(channels, ["sms", "email"]);
}

#[tokio::test]
async fn a_table_that_is_away_is_to_be_asked_again() {
    let parts = parts();
    parts.store.fail_with(Some("throttled"));
    assert_eq!(parts.handle(&task(&[1]), now()).await.unwrap_err().error_type(), "Unavailable");
}
