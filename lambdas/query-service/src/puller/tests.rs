use super::*;
use flightpulse_booking_history::memory::MemoryHistory;
use flightpulse_booking_queue::memory::MemoryBookingQueue;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::reservation::Feed;
use flightpulse_secrets::memory::MemorySecret;
use flightpulse_store::memory::MemoryStore;
use rstest::rstest;
use serde_json::json;
use std::sync::Mutex;

const HISTORY: &str = "airline.platform-query.adobe.io/prod:all/bookings";
/// Where the first reading of a [`World`] begins.
const FIRST: &str = "2026-12-01T10:00:00Z";
const MAX_EVENTS: usize = 10;

type Parts<H, W> = Puller<H, MemorySecret, W, MemoryBookingQueue, MemoryDeadLetters>;

struct World {
    history: MemoryHistory,
    secret: MemorySecret,
    store: MemoryStore,
    queue: MemoryBookingQueue,
    dead_letters: MemoryDeadLetters,
    now: Mutex<Timestamp>,
}

impl World {
    fn new() -> Self {
        Self {
            history: MemoryHistory::new(MAX_EVENTS),
            secret: MemorySecret::new("{}"),
            store: MemoryStore::default(),
            queue: MemoryBookingQueue::default(),
            dead_letters: MemoryDeadLetters::default(),
            now: Mutex::new(at("2026-12-02T10:00:00Z")),
        }
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn later(&self, minutes: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    fn add(&self, ago_minutes: i64, id: &str) {
        self.history.add(self.now() - SignedDuration::from_mins(ago_minutes), json!({"_id": id}));
    }

    fn puller<H, W>(&self, histories: H, watermarks: W) -> Parts<H, W> {
        Puller {
            histories,
            secret: self.secret.clone(),
            watermarks,
            queue: self.queue.clone(),
            dead_letters: self.dead_letters.clone(),
            history: HISTORY.to_owned(),
            reach: Reach {
                overlap: SignedDuration::from_mins(120),
                settle: SignedDuration::from_mins(1),
                first: SignedDuration::from_hours(24),
            },
        }
    }

    async fn pull_within(&self, time: SignedDuration) -> Result<Pulled, Failure> {
        let puller = self.puller(self.history.clone(), self.store.clone());
        puller.pull(self.now() + time, || self.now()).await
    }

    async fn pull(&self) -> Result<Pulled, Failure> {
        self.pull_within(SignedDuration::from_mins(15)).await
    }

    async fn watermark(&self) -> Option<Timestamp> {
        self.store.watermark(HISTORY).await.unwrap().map(|known| known.watermark)
    }

    /// The ids of what came into the queue since this was asked last.
    fn queued(&self, before: usize) -> Vec<String> {
        let sent = self.queue.sent();
        let events = sent.iter().flat_map(|message| &message.events).skip(before);
        events.map(|event| event["_id"].as_str().unwrap().to_owned()).collect()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_first_reading_begins_a_day_back_and_leaves_what_is_just_being_written() {
    let world = World::new();
    for (ago, id) in [(25 * 60, "long ago"), (24 * 60, "first"), (5, "last"), (0, "too new")] {
        world.add(ago, id);
    }
    let pulled = world.pull().await.unwrap();
    assert_eq!(world.queued(0), ["first", "last"]);
    assert_eq!(
        pulled,
        Pulled {
            from: at("2026-12-01T10:00:00Z"),
            until: at("2026-12-02T09:59:00Z"),
            events: 2,
            watermark: at("2026-12-02T08:00:00Z"),
            finished: true,
        }
    );
    assert_eq!(world.watermark().await, Some(pulled.watermark));
    let sent = world.queue.sent();
    assert_eq!(sent.len(), 1);
    let (source, feed) = (sent[0].source.as_str(), sent[0].feed);
    assert_eq!(
        (source, feed, sent[0].received_at),
        ("query-service", Feed::QueryService, world.now())
    );
}

#[tokio::test]
async fn a_feed_that_fails_for_days_begins_where_it_first_would_have_begun() {
    let world = World::new();
    world.add(23 * 60, "before it worked");
    world.secret.set(None);
    for _ in 0..3 {
        assert!(world.pull().await.is_err());
        assert_eq!(world.watermark().await, Some(at(FIRST)));
        world.later(24 * 60);
    }
    world.secret.set(Some("{}"));
    let pulled = world.pull().await.unwrap();
    assert_eq!((pulled.from, pulled.events), (at(FIRST), 1));
    assert_eq!(world.queued(0), ["before it worked"]);
}

#[tokio::test]
async fn what_came_late_is_seen_and_what_is_past_is_read_no_more() {
    let world = World::new();
    world.add(180, "old");
    world.add(30, "recent");
    world.pull().await.unwrap();
    assert_eq!(world.queued(0), ["old", "recent"]);
    world.later(15);
    // It happened two hours ago, less a minute; and one that came too late.
    world.add(134, "late");
    world.add(200, "too late");
    let pulled = world.pull().await.unwrap();
    assert_eq!(pulled.from, at("2026-12-02T08:00:00Z"));
    assert_eq!(world.queued(2), ["late", "recent"]);
    // Two hours behind the last reading, and no further.
    world.later(24 * 60);
    world.pull().await.unwrap();
    assert_eq!(world.queued(4), ["recent"]);
    world.later(15);
    let pulled = world.pull().await.unwrap();
    assert_eq!((pulled.events, pulled.from), (0, at("2026-12-03T08:15:00Z")));
}

#[tokio::test]
async fn a_slice_with_too_many_events_is_halved_and_each_event_comes_once() {
    let world = World::new();
    for n in 0..60 {
        world.add(1_000 - n, &format!("e{n:02}"));
    }
    let pulled = world.pull().await.unwrap();
    let expected: Vec<_> = (0..60).map(|n| format!("e{n:02}")).collect();
    assert_eq!((pulled.events, world.queued(0)), (60, expected));
    let asked = world.history.asked();
    assert!(asked.len() > 10 && asked.len() < 60, "{}", asked.len());
    assert_eq!(asked.first().unwrap().0, pulled.from);
    assert_eq!(asked.last().unwrap().1, pulled.until);
}

#[tokio::test]
async fn a_slice_that_takes_too_long_is_asked_for_in_parts_each_in_a_new_session() {
    let world = World::new();
    for (ago, id) in [(1_400, "first"), (700, "second"), (5, "last")] {
        world.add(ago, id);
    }
    world.history.slow_from(SignedDuration::from_hours(6));
    let pulled = world.pull().await.unwrap();
    assert_eq!((pulled.finished, pulled.until), (true, at("2026-12-02T09:59:00Z")));
    assert_eq!(world.queued(0), ["first", "second", "last"]);
    let asked = world.history.asked();
    let is_slow = |from: Timestamp, until: Timestamp| {
        until.duration_since(from) >= SignedDuration::from_hours(6)
    };
    let slow = asked.iter().filter(|(from, until)| is_slow(*from, *until));
    // One session for the beginning, and one after each query that took too long.
    assert_eq!(world.history.opened(), 1 + slow.count());
}

#[tokio::test]
async fn what_takes_too_long_however_short_is_an_error_and_is_asked_for_again() {
    let world = World::new();
    world.add(700, "e");
    world.history.slow_from(SignedDuration::ZERO);
    let failed = world.pull().await;
    assert!(
        matches!(&failed, Err(Failure::Unavailable(why)) if why.contains("even what is at")),
        "{failed:?}"
    );
    assert_eq!((world.queued(0).len(), world.watermark().await), (0, Some(at(FIRST))));
}

#[tokio::test]
async fn more_events_at_one_moment_than_are_read_at_once_call_someone_and_what_was_before_is_read()
{
    let world = World::new();
    world.add(700, "before");
    for n in 0..=MAX_EVENTS {
        world.add(600, &format!("e{n}"));
    }
    let failed = world.pull().await;
    assert!(
        matches!(&failed, Err(Failure::Defect(why)) if why.contains("more events at")),
        "{failed:?}"
    );
    assert_eq!(world.queued(0), ["before"]);
    // The watermark stands before them: they are read once someone has seen to it.
    assert_eq!(world.watermark().await, Some(at("2026-12-02T00:00:00Z")));
}

#[tokio::test]
async fn a_reading_ends_in_time_and_the_next_goes_on() {
    let world = World::new();
    for n in 0..40 {
        world.add(1_000 - n, &format!("e{n:02}"));
    }
    // Each question takes a minute here: there is time for some of the slices.
    struct Slow<'w>(&'w World);
    impl BookingHistory for Slow<'_> {
        async fn events(&self, from: Timestamp, until: Timestamp) -> Result<Found, HistoryError> {
            self.0.later(1);
            self.0.history.events(from, until).await
        }
    }
    impl<'w> OpensHistory for Slow<'w> {
        type History = Slow<'w>;
        async fn open(&self, _: &str) -> Result<Slow<'w>, HistoryError> {
            Ok(Slow(self.0))
        }
    }
    let pull = async || {
        let puller = world.puller(Slow(&world), world.store.clone());
        puller.pull(world.now() + SignedDuration::from_mins(15), || world.now()).await.unwrap()
    };
    let first = pull().await;
    assert!(!first.finished && first.until < world.now());
    let mut last = first;
    for _ in 0..10 {
        if last.finished {
            break;
        }
        let from = last.watermark;
        last = pull().await;
        assert_eq!(last.from, from);
    }
    assert!(last.finished, "{last:?}");
    let expected: Vec<_> = (0..40).map(|n| format!("e{n:02}")).collect();
    assert_eq!(world.queued(0), expected);
}

#[tokio::test]
async fn without_time_for_one_query_nothing_is_asked() {
    let world = World::new();
    world.add(30, "e");
    let pulled = world.pull_within(SignedDuration::from_mins(4)).await.unwrap();
    assert!(!pulled.finished && world.history.asked().is_empty());
    assert_eq!(world.watermark().await, Some(at(FIRST)));
}

#[tokio::test]
async fn what_is_not_surely_queued_is_read_again() {
    let world = World::new();
    world.add(300, "e");
    world.queue.fail(true);
    assert!(matches!(world.pull().await, Err(Failure::Unavailable(_))));
    assert_eq!(world.watermark().await, Some(at(FIRST)));
    world.queue.fail(false);
    // Ended between the queue and the watermark: it comes once more.
    struct Ended(MemoryStore);
    impl Watermarks for Ended {
        async fn watermark(&self, history: &str) -> Result<Option<Watermark>, StoreError> {
            self.0.watermark(history).await
        }
        async fn note_watermark(
            &self,
            _: &str,
            _: Option<&Watermark>,
            _: &Watermark,
        ) -> Result<Written, StoreError> {
            Err(StoreError::Unavailable("killed".to_owned()))
        }
    }
    let puller = world.puller(world.history.clone(), Ended(world.store.clone()));
    let ended = puller.pull(world.now() + SignedDuration::from_mins(15), || world.now()).await;
    assert!(matches!(ended, Err(Failure::Unavailable(_))));
    assert_eq!((world.queued(0), world.watermark().await), (vec!["e".to_owned()], Some(at(FIRST))));
    world.pull().await.unwrap();
    assert_eq!(world.queued(0), ["e", "e"]);
    assert_eq!(world.watermark().await, Some(at("2026-12-02T08:00:00Z")));
}

#[tokio::test]
async fn a_reading_that_another_overtook_leaves_its_watermark() {
    struct Overtaken(MemoryStore);
    impl Watermarks for Overtaken {
        async fn watermark(&self, history: &str) -> Result<Option<Watermark>, StoreError> {
            self.0.watermark(history).await
        }
        async fn note_watermark(
            &self,
            history: &str,
            read: Option<&Watermark>,
            now: &Watermark,
        ) -> Result<Written, StoreError> {
            // The first reading's note of where it begins is not overtaken.
            if read.is_none() {
                return self.0.note_watermark(history, read, now).await;
            }
            let others = Watermark { watermark: at("2026-12-02T09:00:00Z"), ..*now };
            assert_eq!(self.0.note_watermark(history, read, &others).await?, Written::Yes);
            self.0.note_watermark(history, read, now).await
        }
    }
    let world = World::new();
    world.add(300, "e");
    let puller = world.puller(world.history.clone(), Overtaken(world.store.clone()));
    let pulled = puller.pull(world.now() + SignedDuration::from_mins(15), || world.now()).await;
    assert!(matches!(pulled, Err(Failure::Contended(_))), "{pulled:?}");
    assert_eq!(world.watermark().await, Some(at("2026-12-02T09:00:00Z")));
}

#[tokio::test]
async fn an_event_that_no_message_can_have_is_a_dead_letter_and_its_neighbours_go_on() {
    let world = World::new();
    world.add(300, "before");
    let large = json!({"_id": "large", "padding": "x".repeat(250_000)});
    world.history.add(world.now() - SignedDuration::from_mins(299), large.clone());
    world.history.add(world.now() - SignedDuration::from_mins(298), large.clone());
    world.add(297, "after");
    let pulled = world.pull().await.unwrap();
    assert_eq!((pulled.events, world.queued(0)), (2, vec!["before".into(), "after".into()]));
    let kept = world.dead_letters.kept();
    let places: Vec<_> = kept
        .iter()
        .map(|letter| match &letter.origin {
            flightpulse_dead_letters::Origin::BookingEvent { source, nth, .. } => {
                (source.as_str(), *nth)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, [("query-service", 1), ("query-service", 2)]);
    assert_eq!(kept[0].bytes, Some(large.to_string().into_bytes()));
    // Not kept is not done.
    let other = World::new();
    other.history.add(other.now() - SignedDuration::from_mins(299), large);
    other.dead_letters.fail(true);
    assert!(matches!(other.pull().await, Err(Failure::Unavailable(_))));
    assert_eq!(other.watermark().await, Some(at(FIRST)));
}

#[rstest]
#[case(HistoryError::Unavailable("away".into()), "Unavailable")]
#[case(HistoryError::Refused("password authentication failed".into()), "Defect")]
#[tokio::test]
async fn a_history_that_does_not_answer_is_told(#[case] error: HistoryError, #[case] kind: &str) {
    let world = World::new();
    world.history.fail_with(Some(error.clone()));
    let failure = world.pull().await.unwrap_err();
    assert_eq!((failure.error_type(), failure.to_string()), (kind, error.to_string()));
    world.secret.set(None);
    assert_eq!(world.pull().await.unwrap_err().error_type(), "Unavailable");
}
