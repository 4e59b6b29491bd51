//! What whoever reads a history bit by bit relies on.

use crate::{Watermark, Watermarks, Written};

pub(super) async fn a_watermark_is_noted_by_whoever_knows_the_last_one<S: Watermarks>(
    store: &S,
    run: &str,
) {
    let history = format!("{run}.example/prod:all/bookings");
    // The same table of another sandbox.
    let other = format!("{run}.example/dev:all/bookings");
    let at = |watermark: &str, noted_at: &str| Watermark {
        watermark: watermark.parse().unwrap(),
        noted_at: noted_at.parse().unwrap(),
    };
    assert_eq!(store.watermark(&history).await.unwrap(), None);
    let first = at("2026-12-01T08:00:00.5Z", "2026-12-01T10:00:00Z");
    let second = at("2026-12-01T08:15:00Z", "2026-12-01T10:15:00.123456789Z");
    let note = async |read: Option<&Watermark>, now: &Watermark| {
        store.note_watermark(&history, read, now).await.unwrap()
    };
    assert_eq!(note(Some(&second), &first).await, Written::Outdated);
    assert_eq!(note(None, &first).await, Written::Yes);
    // Another that began when there was none yet.
    assert_eq!(note(None, &second).await, Written::Outdated);
    assert_eq!(store.watermark(&history).await.unwrap(), Some(first));
    assert_eq!(note(Some(&first), &second).await, Written::Yes);
    assert_eq!(
        note(Some(&first), &at("2026-12-01T09:00:00Z", "2026-12-01T11:00:00Z")).await,
        Written::Outdated
    );
    // The same place at another time is another note.
    let later = Watermark { noted_at: first.noted_at, ..second };
    assert_eq!(note(Some(&later), &first).await, Written::Outdated);
    assert_eq!(store.watermark(&history).await.unwrap(), Some(second));
    assert_eq!(store.watermark(&other).await.unwrap(), None);
}
