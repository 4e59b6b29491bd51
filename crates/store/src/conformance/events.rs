//! What whoever asks how far events are relies on.

use crate::{EventClaim, EventClaimReader};
use flightpulse_domain::ids::{EventId, FlightId};
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
