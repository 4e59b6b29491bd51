//! Events that were done with where they were read, by their claims.

use super::{About, News};
use crate::place::Place;
use crate::scenario::Quiet;
use anyhow::Context;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{EventClaim, EventClaimReader};

/// Looks for the claims of our events.
pub(super) struct Claims {
    store: DynamoStore,
    /// Those that were not done with so, as far as is known.
    open: Vec<(EventId, FlightId)>,
}

impl Claims {
    pub(super) fn new(place: &Place, about: &About) -> Self {
        let client = aws_sdk_dynamodb::Client::new(&place.sdk);
        let ids = about
            .events
            .iter()
            .map(|(event, flight)| Some((EventId::new(event).ok()?, FlightId::new(flight).ok()?)));
        let store = DynamoStore::new(client, &place.outputs.table_name);
        Self { store, open: ids.flatten().collect() }
    }

    /// Those that are new.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        if self.open.is_empty() {
            return Ok(Vec::new());
        }
        let claims = self.store.event_claims(&self.open).await;
        let claims = claims.context("the claims of the events cannot be read")?;
        let mut found = Vec::new();
        self.open.retain(|(event, _)| {
            let Some(EventClaim::DoneQuietly(outcome)) = claims.get(event) else { return true };
            let quiet = Quiet { event_id: event.to_string(), outcome: *outcome };
            found.push(News::Quiet(quiet));
            false
        });
        Ok(found)
    }
}
