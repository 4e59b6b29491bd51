//! From a page of recipients to their bookings' status, and a `rebooking.needed` for each that
//! needs another flight.
//!
//! The status is written before the event is published, so a page that is tried again after a
//! failure publishes what was not; what was travels again under the same id.

use flightpulse_bus::{Event, EventPublisher, PublishError};
use flightpulse_contracts::names::{REBOOKING_NEEDED, SOURCE_BOOKING_UPDATER};
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_contracts::tasks::{BookingsUpdated, UpdateBookings};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::notice::{Notice, Subject};
use flightpulse_domain::passenger::Passenger;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_store::{BookingChanged, BookingReader, BookingWriter, StoreError};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

/// Bookings written at once.
const CONCURRENT_WRITES: usize = 16;
/// How often a booking is decided on anew because it changed meanwhile.
const TRIES: usize = 3;

/// What the function works with.
pub struct BookingUpdater<S, B> {
    /// Reads and writes bookings.
    pub store: S,
    /// Takes the events.
    pub bus: B,
}

/// What a notice brings for the bookings of its flight.
enum Brings {
    Rebooking(RebookingPriority),
    Flight,
}

impl<S, B> BookingUpdater<S, B>
where
    S: BookingReader + BookingWriter,
    B: EventPublisher,
{
    /// Handles one page. `now` is its time. A booking that is not in the table is left to the
    /// dispatcher, which sets it aside where someone will see it.
    ///
    /// # Errors
    /// [`Failure`], by what the workflow can do about it.
    pub async fn handle(
        &self,
        task: &UpdateBookings,
        now: Timestamp,
    ) -> Result<BookingsUpdated, Failure> {
        let brings = brings(&task.notice)?;
        let ids: Vec<_> = task
            .recipients
            .iter()
            .map(|recipient| (recipient.booking_id.clone(), recipient.passenger_id.clone()))
            .collect();
        let records = self.store.booking_records(&ids).await.map_err(failure)?;
        let known =
            records.into_iter().filter_map(|record| Some((record.booking?, record.passenger)));
        let written: Vec<_> = stream::iter(known)
            .map(|(booking, passenger)| async {
                let (booking, changed) = self.follow(booking, &brings, &task.notice).await?;
                Ok::<_, Failure>((booking, passenger, changed))
            })
            .buffered(CONCURRENT_WRITES)
            .try_collect()
            .await?;

        let changed: Vec<_> = written
            .iter()
            .filter(|(_, _, changed)| *changed == BookingChanged::Yes)
            .map(|(booking, passenger, _)| (booking, passenger.as_ref()))
            .collect();
        let mut done = BookingsUpdated {
            changed: changed.len(),
            left: task.recipients.len() - changed.len(),
            published: 0,
        };
        if let Brings::Rebooking(priority) = brings {
            done.published = self.publish(task, priority, &changed).await?;
        }
        tracing::info!(changed = done.changed, left = done.left, "bookings follow their flight");
        let counts = [(Metric::BookingsUpdated, done.changed)];
        metrics::emit("FlightPulse-BookingUpdater", now.as_millisecond(), &counts);
        Ok(done)
    }

    /// Gives one booking the status that the notice brings. One that someone else changes in
    /// between, a check-in say, is read and decided on again.
    async fn follow(
        &self,
        mut booking: Booking,
        brings: &Brings,
        notice: &Notice,
    ) -> Result<(Booking, BookingChanged), Failure> {
        for _ in 0..TRIES {
            let status = match brings {
                Brings::Rebooking(_) => booking.status_without_flight(),
                Brings::Flight => booking.status_with_flight(),
            };
            // Read under another flight: it was changed since it was found.
            if booking.flight_id != notice.flight_id || status == BookingStatus::Cancelled {
                return Ok((booking, BookingChanged::No));
            }
            let changed = self.store.set_booking_status(&booking, status, &notice.version).await;
            match changed.map_err(failure)? {
                BookingChanged::Outdated => {}
                changed => return Ok((booking, changed)),
            }
            let id = [(booking.booking_id.clone(), booking.passenger_id.clone())];
            let found = self.store.booking_records(&id).await.map_err(failure)?;
            match found.into_iter().next().and_then(|record| record.booking) {
                Some(now) => booking = now,
                None => return Ok((booking, BookingChanged::No)),
            }
        }
        let id = &booking.booking_id;
        Err(Failure::Contended(format!(
            "booking {id} changed {TRIES} times while it was decided on"
        )))
    }

    async fn publish(
        &self,
        task: &UpdateBookings,
        priority: RebookingPriority,
        changed: &[(&Booking, Option<&Passenger>)],
    ) -> Result<usize, Failure> {
        let events = changed
            .iter()
            .map(|(booking, passenger)| {
                let tier = passenger.map(|passenger| passenger.tier);
                let (version, correlation) = (&task.notice.version, task.correlation_id.clone());
                let detail = RebookingEvent::new(booking, version, correlation, tier, priority);
                Event::new(SOURCE_BOOKING_UPDATER, REBOOKING_NEEDED, &detail)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::Defect(error.to_string()))?;
        for answer in self.bus.publish(&events).await {
            answer.map_err(|error| match error {
                PublishError::Unavailable(why) => Failure::Unavailable(why),
                // Ids and enumerations only: nothing in it that the bus could refuse.
                PublishError::Refused(why) => Failure::Defect(why),
            })?;
        }
        Ok(events.len())
    }
}

fn brings(notice: &Notice) -> Result<Brings, Failure> {
    match notice.subject {
        Subject::Cancellation { rebooking_priority, .. } => {
            Ok(Brings::Rebooking(rebooking_priority))
        }
        Subject::Reinstatement { .. } => Ok(Brings::Flight),
        Subject::Delay { .. } | Subject::GateChange { .. } => Err(Failure::InvalidInput(
            "bookings follow a cancellation or a reinstatement only".to_owned(),
        )),
    }
}

fn failure(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_bus::memory::MemoryBus;
    use flightpulse_store::RecordWriter;
    use flightpulse_store::conformance::{booking, passenger};
    use flightpulse_store::memory::MemoryStore;
    use serde_json::{Value, json};

    type Parts = BookingUpdater<MemoryStore, MemoryBus>;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    async fn parts() -> Parts {
        let store = MemoryStore::default();
        for n in 1..=3 {
            let mut booked = booking(&format!("B{n}"), &format!("P{n}"), "SW9012");
            booked.checked_in = n == 2;
            booked.booking_status =
                if n == 2 { BookingStatus::CheckedIn } else { BookingStatus::Confirmed };
            store.put_booking(&booked).await.unwrap();
        }
        store.put_passenger(&passenger("P1")).await.unwrap();
        let mut given_up = booking("B4", "P4", "SW9012");
        given_up.booking_status = BookingStatus::Cancelled;
        store.put_booking(&given_up).await.unwrap();
        BookingUpdater { store, bus: MemoryBus::default() }
    }

    fn task(at: &str, kind: Value) -> UpdateBookings {
        let recipients: Vec<_> = (1..=5)
            .map(|n| json!({"booking_id": format!("B{n}"), "passenger_id": format!("P{n}")}))
            .collect();
        let mut notice = json!({
            "flight_id": "SW9012", "origin": "DAL", "destination": "HOU", "facet": "status",
            "version": format!("{at}.000000Z#e1"), "nature": "NEWS",
        });
        notice.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        serde_json::from_value(json!({
            "notice": notice, "recipients": recipients, "correlation_id": "c-1",
        }))
        .unwrap()
    }

    fn cancelled(at: &str) -> UpdateBookings {
        let departure = "2026-11-22T23:45:00Z";
        task(
            at,
            json!({
                "kind": "CANCELLATION", "reason": "WEATHER", "rebooking_priority": "HIGH",
                "scheduled_departure": departure,
            }),
        )
    }

    fn reinstated(at: &str) -> UpdateBookings {
        task(
            at,
            json!({
                "kind": "REINSTATEMENT", "departure": "2026-11-22T23:45:00Z",
                "arrival": "2026-11-23T00:50:00Z", "delay_minutes": 0,
            }),
        )
    }

    async fn statuses(parts: &Parts) -> Vec<BookingStatus> {
        let ids: Vec<_> = cancelled("2026-11-22T09:00:00")
            .recipients
            .into_iter()
            .map(|recipient| (recipient.booking_id, recipient.passenger_id))
            .collect();
        let records = parts.store.booking_records(&ids).await.unwrap();
        records.into_iter().filter_map(|record| Some(record.booking?.booking_status)).collect()
    }

    use BookingStatus::{Cancelled, CheckedIn, Confirmed, NeedsRebooking};

    #[tokio::test]
    async fn a_cancelled_flights_bookings_need_another() {
        let parts = parts().await;
        let done = parts.handle(&cancelled("2026-11-22T09:00:00"), now()).await.unwrap();
        assert_eq!(done, BookingsUpdated { changed: 3, left: 2, published: 3 });
        assert_eq!(
            statuses(&parts).await,
            [NeedsRebooking, NeedsRebooking, NeedsRebooking, Cancelled]
        );
        let published = parts.bus.published();
        let first: Value = serde_json::from_str(&published[0].detail).unwrap();
        insta::assert_json_snapshot!(first);
    }

    #[tokio::test]
    async fn a_page_that_runs_twice_ends_the_same_and_repeats_only_what_has_the_same_id() {
        let parts = parts().await;
        parts.bus.fail_containing(&["\"B2\""]);
        let failed = parts.handle(&cancelled("2026-11-22T09:00:00"), now()).await.unwrap_err();
        assert_eq!(failed.error_type(), "Unavailable");
        parts.bus.fail_containing(&[]);
        parts.handle(&cancelled("2026-11-22T09:00:00"), now()).await.unwrap();
        let ids: std::collections::BTreeSet<_> = parts
            .bus
            .published()
            .iter()
            .map(|event| serde_json::from_str::<RebookingEvent>(&event.detail).unwrap())
            .map(|event| (event.booking_id.to_string(), event.rebooking_id))
            .collect();
        assert_eq!(ids.len(), 3);
    }

    #[tokio::test]
    async fn a_reinstatement_brings_back_what_was_whichever_is_written_last() {
        let parts = parts().await;
        parts.handle(&cancelled("2026-11-22T09:00:00"), now()).await.unwrap();
        parts.handle(&reinstated("2026-11-22T09:30:00"), now()).await.unwrap();
        let back = [Confirmed, CheckedIn, Confirmed, Cancelled];
        assert_eq!(statuses(&parts).await, back);
        // A page of the older cancellation that was under way all the while.
        let late = parts.handle(&cancelled("2026-11-22T09:00:00"), now()).await.unwrap();
        assert_eq!((late.changed, late.published), (0, 0));
        assert_eq!(statuses(&parts).await, back);
    }

    #[tokio::test]
    async fn a_cancellation_that_is_said_again_asks_for_the_same_flights() {
        let parts = parts().await;
        for at in ["2026-11-22T09:00:00", "2026-11-22T09:30:00", "2026-11-22T09:40:00"] {
            parts.handle(&cancelled(at), now()).await.unwrap();
        }
        let ids: std::collections::BTreeSet<_> = parts
            .bus
            .published()
            .iter()
            .map(|event| serde_json::from_str::<RebookingEvent>(&event.detail).unwrap())
            .map(|event| event.rebooking_id)
            .collect();
        assert_eq!((parts.bus.published().len(), ids.len()), (9, 3));
    }
}
