//! Lists and lookups in memory.

use super::MemoryStore;
use crate::keys::sent_order;
use crate::{
    BookedBy, BookingLookup, FlightLister, FlightsOf, NotificationClaim, NotificationReader, Page,
    PassengerReader, SentNotification, StoreError, ToldOf,
};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{BookingId, PassengerId};
use flightpulse_domain::passenger::Passenger;
use jiff::Timestamp;

pub(super) fn sent(claim: &NotificationClaim, now: Timestamp) -> SentNotification {
    let claim = claim.clone();
    SentNotification {
        notification_id: claim.notification_id,
        event_id: claim.event_id,
        flight_id: claim.flight_id,
        booking_id: claim.booking_id,
        channel: claim.channel,
        sent_at: now,
        passenger_id: Some(claim.passenger_id),
        kind: Some(claim.kind),
        nature: Some(claim.nature),
        language: Some(claim.language),
        author: Some(claim.author),
        resend_id: claim.resend_id,
        headline: Some(claim.headline),
    }
}

/// Up to `limit` of what is after a position, of things in order, each with its position.
fn page<T>(
    things: impl Iterator<Item = (String, T)>,
    is_after: impl Fn(&str) -> bool,
    limit: usize,
) -> Page<T> {
    let mut things: Vec<_> = things.filter(|(position, _)| is_after(position)).collect();
    let more = things.len() > limit;
    things.truncate(limit);
    let next = things.last().filter(|_| more).map(|(position, _)| position.clone());
    Page { items: things.into_iter().map(|(_, thing)| thing).collect(), next }
}

impl FlightLister for MemoryStore {
    async fn flights_of(
        &self,
        which: &FlightsOf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Flight>, StoreError> {
        let records = self.records()?;
        let (from, until, _) = which.seconds();
        let second = |flight: &Flight| {
            let departure = flight.scheduled_departure;
            Timestamp::from_second(departure.as_second()).unwrap_or(departure)
        };
        let mut flights: Vec<_> = records
            .flights
            .values()
            .filter(|flight| flight.status == which.status)
            .filter(|flight| from.is_none_or(|from| second(flight) >= from))
            .filter(|flight| until.is_none_or(|until| second(flight) <= until))
            .map(|flight| {
                let position = format!("{}#{}", flight.scheduled_departure, flight.flight_id);
                (position, flight.clone())
            })
            .collect();
        flights.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(page(flights.into_iter(), |p| after.is_none_or(|after| p > after), limit))
    }
}

impl BookingLookup for MemoryStore {
    async fn booking(&self, id: &BookingId) -> Result<Option<Booking>, StoreError> {
        Ok(self.records()?.bookings.get(id).cloned())
    }

    async fn booking_ids(
        &self,
        of: &BookedBy,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<BookingId>, StoreError> {
        let records = self.records()?;
        let ids = records
            .bookings
            .values()
            .filter(|booking| of.has(booking))
            .map(|booking| (booking.booking_id.to_string(), booking.booking_id.clone()));
        Ok(page(ids, |p| after.is_none_or(|after| p > after), limit))
    }

    async fn bookings(&self, ids: &[BookingId]) -> Result<Vec<Booking>, StoreError> {
        let records = self.records()?;
        Ok(ids.iter().filter_map(|id| records.bookings.get(id).cloned()).collect())
    }
}

impl PassengerReader for MemoryStore {
    async fn passenger(&self, id: &PassengerId) -> Result<Option<Passenger>, StoreError> {
        Ok(self.records()?.passengers.get(id).cloned())
    }
}

impl NotificationReader for MemoryStore {
    async fn notifications_of(
        &self,
        of: &ToldOf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<SentNotification>, StoreError> {
        let records = self.records()?;
        let is_of = |sent: &&SentNotification| match of {
            ToldOf::Flight(id) => sent.flight_id == *id,
            ToldOf::Booking(id) => sent.booking_id == *id,
        };
        let mut sent: Vec<_> = records
            .claims
            .values()
            .filter_map(|claim| claim.sent.as_ref())
            .filter(is_of)
            .map(|sent| (sent_order(sent.sent_at, &sent.notification_id), sent.clone()))
            .collect();
        sent.sort_by(|a, b| b.0.cmp(&a.0));
        Ok(page(sent.into_iter(), |p| after.is_none_or(|after| p < after), limit))
    }
}
