//! The suite that every history passes: what whoever reads one relies on.

// A failed expectation must say so at once, like in any test.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use crate::{BookingHistory, Found};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::future::Future;

/// The most events that a history under test answers at once.
pub const MAX_EVENTS: usize = 5;

/// Puts events into a history, as whoever owns it does.
pub trait Keeps {
    /// An event that happened at a time. It has an `_id` and a `timestamp` and may have `commerce` and
    /// `_tenant`, which are objects.
    fn keep(&self, at: Timestamp, event: &Value) -> impl Future<Output = ()> + Send;
}

/// Runs the whole suite on an empty history.
pub async fn all<H: BookingHistory + Keeps>(history: &H) {
    let noon: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
    let after = |millis: i64| noon + SignedDuration::from_millis(millis);
    let event = |id: &str, at: Timestamp| json!({"_id": id, "timestamp": at.to_string()});
    let found = async |from: i64, until: i64| match history.events(after(from), after(until)).await
    {
        Ok(Found::Events(events)) => events,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(0, 1_000).await, [] as [Value; 0]);

    // Written in another order than they happened in.
    for (id, at) in [("c", 2_500), ("a", 0), ("d", 3_000), ("b", 1)] {
        history.keep(after(at), &event(id, after(at))).await;
    }
    let of = |ids: &[(&str, i64)]| -> Vec<Value> {
        ids.iter().map(|(id, at)| event(id, after(*at))).collect()
    };
    assert_eq!(found(0, 3_001).await, of(&[("a", 0), ("b", 1), ("c", 2_500), ("d", 3_000)]));
    // From a moment on and before another, to the millisecond.
    assert_eq!(found(1, 3_000).await, of(&[("b", 1), ("c", 2_500)]));
    assert_eq!(found(-1, 1).await, of(&[("a", 0)]));
    assert_eq!(found(3_000, 3_000).await, of(&[]));

    // What is in an event comes as it is: objects, texts of any kind; what is not there is not there.
    let full = json!({
        "_id": "it's \"f\" \\ é😀", "timestamp": after(10_000).to_string(),
        "commerce": {"order": {"purchaseID": "O-1", "priceTotal": 9_000.5, "payments": [{"a": null}]}},
        "_tenant": {"booking": {"pnr": "007", "passengerCount": 2}},
    });
    history.keep(after(10_000), &full).await;
    assert_eq!(found(10_000, 10_001).await, [full]);

    // All of it, or none: never a part.
    for n in 0..MAX_EVENTS {
        history.keep(after(20_000), &event(&format!("e{n}"), after(20_000))).await;
    }
    assert_eq!(found(20_000, 20_001).await.len(), MAX_EVENTS);
    history.keep(after(20_500), &event("more", after(20_500))).await;
    let all = history.events(after(20_000), after(21_000)).await;
    assert_eq!(all, Ok(Found::TooMany));
    // And it goes on answering.
    assert_eq!(found(20_001, 21_000).await.len(), 1);
}
