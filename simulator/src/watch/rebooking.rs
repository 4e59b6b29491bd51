//! The queue of bookings that need another flight.

use super::queue::Queue;
use super::{About, News};
use crate::place::Place;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use serde::Deserialize;
use std::collections::{BTreeSet, HashSet};

/// Looks for the bookings that our events have put up for rebooking.
pub(super) struct Rebooking {
    queue: Queue,
    correlation_id: String,
    event_ids: BTreeSet<String>,
    /// How many there must be: until they are found the queue is read at every look, since SQS
    /// may show a part of it only.
    wanted: usize,
    found: usize,
    known: HashSet<String>,
}

/// A message of the queue: a whole event of the bus.
#[derive(Deserialize)]
struct BusEvent {
    detail: RebookingEvent,
}

impl Rebooking {
    pub(super) fn new(place: &Place, about: &About) -> Self {
        let url = &place.outputs.rebooking_queue_url;
        Self {
            queue: Queue::new(place, url, "the rebooking queue"),
            correlation_id: about.correlation_id.clone(),
            event_ids: about.events.keys().cloned().collect(),
            wanted: about.rebooked,
            found: 0,
            known: HashSet::new(),
        }
    }

    /// What is new: the events, and messages that are none and name ours.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let missing = self.found < self.wanted;
        let messages = self.queue.look(missing).await?;
        let new = messages.into_iter().filter(|(id, body)| {
            body.contains(&self.correlation_id) && self.known.insert(id.clone())
        });
        let (mut events, mut news) = (Vec::new(), Vec::new());
        for (_, body) in new {
            match read(&body, &self.event_ids) {
                Ok(event) => events.extend(event),
                Err(error) => news.push(News::Unreadable(format!("{error}: {body}"))),
            }
        }
        self.found += events.len();
        events.sort_by(|one, other| one.booking_id.cmp(&other.booking_id));
        if !events.is_empty() {
            news.push(News::Rebooking(events));
        }
        Ok(news)
    }
}

// None for a message of another event that only names ours.
fn read(body: &str, ours: &BTreeSet<String>) -> Result<Option<RebookingEvent>, serde_json::Error> {
    let event: BusEvent = serde_json::from_str(body)?;
    Ok(Some(event.detail).filter(|detail| ours.contains(detail.event_id.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_is_ours_by_its_event_id() {
        let body = json!({
            "source": "flightpulse.booking-updater", "detail-type": "rebooking.needed",
            "detail": {
                "schema_version": 1, "rebooking_id": "r1", "event_id": "e1", "correlation_id": "e2",
                "flight_id": "SW9012", "flight_status_version": "2026-11-22T09:00:00.000000Z#e1",
                "booking_id": "B011", "passenger_id": "P010", "rebooking_priority": "HIGH",
            },
        })
        .to_string();
        let events = |id: &str| BTreeSet::from([id.to_owned()]);
        let ours = read(&body, &events("e1")).unwrap().unwrap();
        assert_eq!(ours.booking_id.as_str(), "B011");
        assert_eq!(read(&body, &events("e2")).unwrap(), None);
        assert!(read(r#"{"detail": {"event_id": "e1"}}"#, &events("e1")).is_err());
    }
}
