//! The queue of bookings that need another flight.

use super::News;
use super::queue::Queue;
use crate::place::Place;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::ids::EventId;
use serde::Deserialize;
use std::collections::HashSet;

/// Looks for the bookings that one event has put up for rebooking.
pub(super) struct Rebooking {
    queue: Queue,
    event_id: String,
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
    pub(super) fn new(place: &Place, event_id: &EventId, wanted: usize) -> Self {
        let url = &place.outputs.rebooking_queue_url;
        Self {
            queue: Queue::new(place, url, "the rebooking queue"),
            event_id: event_id.to_string(),
            wanted,
            found: 0,
            known: HashSet::new(),
        }
    }

    /// What is new: the events, and messages that are none and name our event.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let missing = self.found < self.wanted;
        let messages = self.queue.look(missing).await?;
        let new = messages
            .into_iter()
            .filter(|(id, body)| body.contains(&self.event_id) && self.known.insert(id.clone()));
        let (mut events, mut news) = (Vec::new(), Vec::new());
        for (_, body) in new {
            match read(&body, &self.event_id) {
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
fn read(body: &str, event_id: &str) -> Result<Option<RebookingEvent>, serde_json::Error> {
    let event: BusEvent = serde_json::from_str(body)?;
    Ok(Some(event.detail).filter(|detail| detail.event_id.as_str() == event_id))
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
        let ours = read(&body, "e1").unwrap().unwrap();
        assert_eq!(ours.booking_id.as_str(), "B011");
        assert_eq!(read(&body, "e2").unwrap(), None);
        assert!(read(r#"{"detail": {"event_id": "e1"}}"#, "e1").is_err());
    }
}
