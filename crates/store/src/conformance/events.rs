//! What whoever asks how far events are relies on, and whoever completes them quietly.

use super::{decided, delay_of, flight};
use crate::{
    EventClaim, EventClaimReader, FlightReader, FlightWriter, QuietWriter, RecordWriter, Written,
};
use flightpulse_domain::disruption::QuietOutcome::{NotMaterial, Superseded};
use flightpulse_domain::ids::{EventId, FlightId};
use jiff::Timestamp;
use std::collections::HashMap;
use std::future::Future;

/// Claims events as the workflows do: no port of ours writes those claims.
pub trait ClaimsEvents {
    /// Puts the claim of an event about a flight in a state, by the workflows' name for it.
    fn claim_event(
        &self,
        event: &EventId,
        flight: &FlightId,
        state: &str,
    ) -> impl Future<Output = ()> + Send;
}

pub(super) async fn how_far_they_are_is_known_by_their_claims<S>(store: &S, run: &str)
where
    S: EventClaimReader + ClaimsEvents,
{
    // More than one call takes, and one twice; most of them claimed by nobody.
    let event = |nth: u32| {
        let flight = FlightId::new(format!("{run}-C{nth}")).unwrap();
        (EventId::new(format!("{run}-E{nth}")).unwrap(), flight)
    };
    let events: Vec<_> = (0..120).chain([0]).map(event).collect();
    // As `statemachines/*.asl.json` write them (a test of crates/tidy reads those).
    let states = [
        ("IN_PROGRESS", EventClaim::InProgress),
        ("DONE", EventClaim::Done),
        ("RELEASED", EventClaim::Released),
    ];
    let mut claimed = HashMap::new();
    for ((event, flight), (state, claim)) in events.iter().skip(99).zip(states) {
        store.claim_event(event, flight, state).await;
        claimed.insert(event.clone(), claim);
    }
    assert_eq!(store.event_claims(&events).await.unwrap(), claimed);
}

pub(super) async fn events_without_news_are_done_with_their_flight_or_not_at_all<S>(
    store: &S,
    run: &str,
) where
    S: EventClaimReader + ClaimsEvents + FlightReader + FlightWriter + QuietWriter + RecordWriter,
{
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let read = flight(&format!("{run}-Q"));
    let id = &read.flight_id;
    let event = |name: &str| EventId::new(format!("{run}-Q-{name}")).unwrap();
    let complete = async |read, changed, events: &[_]| {
        store.complete_quietly(read, changed, events, now).await.unwrap()
    };
    let claims = async |events: &[&str]| {
        let asked: Vec<_> = events.iter().map(|name| (event(name), id.clone())).collect();
        let found = store.event_claims(&asked).await.unwrap();
        events.iter().map(|name| found.get(&event(name)).copied()).collect::<Vec<_>>()
    };
    let late = decided(&read, delay_of(5), "2026-11-22T09:00:00Z");
    let (first, second) = ((event("1"), NotMaterial), (event("2"), Superseded));
    let both = [first.clone(), second.clone()];
    // There is no such flight.
    assert_eq!(complete(&read, &late, &both).await, Written::Outdated);
    assert_eq!(claims(&["1", "2"]).await, [None, None]);

    store.put_flight(&read).await.unwrap();
    assert_eq!(complete(&read, &late, &both).await, Written::Yes);
    assert_eq!(store.flight(id).await.unwrap().as_ref(), Some(&late));
    let done = [NotMaterial, Superseded].map(EventClaim::DoneQuietly).map(Some);
    assert_eq!(claims(&["1", "2"]).await, done);

    // Decided on what is not there any more.
    let other = decided(&read, delay_of(7), "2026-11-22T09:01:00Z");
    assert_eq!(complete(&read, &other, &[(event("3"), NotMaterial)]).await, Written::Outdated);
    assert_eq!(claims(&["3"]).await, [None]);
    // One of them is done already: none is written, nor the flight.
    let other = decided(&late, delay_of(7), "2026-11-22T09:01:00Z");
    let events = [(event("3"), NotMaterial), second];
    assert_eq!(complete(&late, &other, &events).await, Written::Outdated);
    // A workflow is at one, or has been.
    for (name, state) in [("4", "IN_PROGRESS"), ("5", "DONE")] {
        store.claim_event(&event(name), id, state).await;
        let events = [(event("3"), NotMaterial), (event(name), NotMaterial)];
        assert_eq!(complete(&late, &other, &events).await, Written::Outdated);
    }
    assert_eq!(store.flight(id).await.unwrap().as_ref(), Some(&late));
    let as_before = [None, Some(EventClaim::InProgress), Some(EventClaim::Done)];
    assert_eq!(claims(&["3", "4", "5"]).await, as_before);

    // A flight that is as it was is not written, and what failed before may be done with.
    store.claim_event(&event("6"), id, "RELEASED").await;
    assert_eq!(complete(&late, &late, &[(event("6"), Superseded)]).await, Written::Yes);
    assert_eq!(claims(&["6"]).await, [Some(EventClaim::DoneQuietly(Superseded))]);
    assert_eq!(store.flight(id).await.unwrap().as_ref(), Some(&late));
    // As many as there may be.
    let many: Vec<_> =
        (0..crate::MOST_QUIET_EVENTS).map(|nth| (event(&format!("m{nth}")), NotMaterial)).collect();
    assert_eq!(complete(&late, &other, &many).await, Written::Yes);
    assert_eq!(store.flight(id).await.unwrap().as_ref(), Some(&other));
    assert_eq!(claims(&["m0", "m98"]).await, [done[0], done[0]]);
}
