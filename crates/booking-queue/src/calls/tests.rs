use crate::memory::MemoryBookingQueue;
use crate::{BookingQueue, split};
use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_domain::reservation::Feed;
use jiff::Timestamp;
use serde_json::{Value, json};

fn messages(count: usize, bytes: usize) -> Vec<BookingMessage> {
    let event = |n: usize| json!({"_id": format!("{n}"), "text": "x".repeat(bytes)});
    split("source", Feed::Streaming, Timestamp::UNIX_EPOCH, (0..count).map(event).collect())
        .unwrap()
}

fn events(queue: &MemoryBookingQueue) -> Vec<Value> {
    queue.sent().into_iter().flat_map(|message| message.events).collect()
}

#[tokio::test]
async fn a_hundred_events_are_one_call() {
    let queue = MemoryBookingQueue::default();
    let messages = messages(100, 1_000);
    queue.send(&messages).await.unwrap();
    assert_eq!((queue.calls(), queue.sent()), (1, messages));
}

#[tokio::test]
async fn nothing_to_send_is_no_call() {
    let queue = MemoryBookingQueue::default();
    queue.send(&[]).await.unwrap();
    assert_eq!(queue.calls(), 0);
}

#[tokio::test]
async fn the_largest_request_takes_calls_by_size() {
    let queue = MemoryBookingQueue::default();
    // Twenty messages of 100 KB, two of which go into a call of 256 KB.
    queue.send(&messages(20, 100 * 1_024)).await.unwrap();
    assert_eq!((queue.calls(), events(&queue).len()), (10, 20));
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_alone() {
    let queue = MemoryBookingQueue::default();
    queue.refuse(3);
    let messages = messages(100, 1_000);
    queue.send(&messages).await.unwrap();
    // Three of four were refused once, and went with the second call.
    assert_eq!((queue.calls(), queue.sent().len()), (2, 4));
    let mut ids: Vec<_> =
        events(&queue).into_iter().map(|event| event["_id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn it_is_given_up_after_three_times() {
    let queue = MemoryBookingQueue::default();
    queue.refuse(usize::MAX);
    let error = queue.send(&messages(30, 10)).await.unwrap_err();
    assert_eq!(queue.calls(), 3);
    assert!(error.to_string().contains("2 messages were not taken"), "{error}");
}

#[tokio::test]
async fn a_call_that_fails_is_not_made_again_here() {
    let queue = MemoryBookingQueue::default();
    queue.fail(true);
    assert!(queue.send(&messages(1, 10)).await.is_err());
    assert_eq!((queue.calls(), queue.sent().len()), (1, 0));
    queue.fail(false);
    assert!(queue.send(&messages(1, 10)).await.is_ok());
}
