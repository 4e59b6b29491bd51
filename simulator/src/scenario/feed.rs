//! The part of a scenario that comes before its event: bookings by the webhook, until operations can
//! read them.

use super::expectations::{Feed, differences};
use super::stage::Stage;
use super::timeline::Timeline;
use crate::aep::Sender;
use crate::ops;
use flightpulse_store::RecordWriter;
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use serde_json::Value;
use std::time::{Duration, Instant};

/// How often it is looked whether the bookings are there.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl Stage {
    /// Seeds the flight, sends the bookings and waits until operations reads what it must, or
    /// patience is at its end.
    pub(super) async fn book(
        &self,
        feed: &Feed,
        flight: &str,
        patience: Duration,
        timeline: &mut Timeline,
    ) -> anyhow::Result<()> {
        let place = &self.place;
        let planned = feed.flight.planned()?;
        let client = aws_sdk_dynamodb::Client::new(&place.sdk);
        DynamoStore::new(client, &place.outputs.table_name).put_flight(&planned).await?;
        timeline.feed_flight(&planned);
        let sender = Sender::of_the_stack(place).await?;
        for events in feed.requests(Timestamp::now())? {
            let took = sender.send(&events).await?;
            timeline.feed_sent(&events, took);
        }
        let sent = Instant::now();
        loop {
            let found = self.operations(flight).await?;
            let there = differences("", &feed.operations.clone().into(), &found).is_empty();
            if there || sent.elapsed() >= patience {
                timeline.operations(&found, there.then(|| sent.elapsed()));
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What operations reads of a flight; null while nothing is known of it.
    pub(super) async fn operations(&self, flight: &str) -> anyhow::Result<Value> {
        ops::get(&self.place, &format!("/flights/{flight}/operations")).await
    }
}
