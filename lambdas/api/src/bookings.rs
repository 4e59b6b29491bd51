//! Bookings: one, those of a flight, those of a passenger.

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::problem;
use crate::flights::flight_id;
use crate::passengers::passenger_id;
use crate::router::Question;
use flightpulse_contracts::rest::bookings::{BookingList, BookingView};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::ids::BookingId;
use flightpulse_rest_kit::cursor::Scope;
use flightpulse_rest_kit::path::shown;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_secrets::SecretReader;
use flightpulse_store::{BookedBy, BookingLookup, FlightReader, PassengerReader};

fn no_booking(id: &str) -> Problem {
    Problem::not_found(format!("There is no booking {}.", shown(id)))
}

/// The booking's id. What cannot be an id is the id of nothing.
pub(crate) fn booking_id(text: &str) -> Result<BookingId, Problem> {
    BookingId::new(text).map_err(|_| no_booking(text))
}

impl<S: BookingLookup, K> Api<S, K> {
    pub(crate) async fn booking(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let booking = self.known_booking(&booking_id(asked.id)?).await?;
        Answer::json(&BookingView::from(booking))
    }

    /// A booking that is in the table.
    pub(crate) async fn known_booking(&self, id: &BookingId) -> Result<Booking, Problem> {
        let found = self.store.booking(id).await.map_err(problem)?;
        found.ok_or_else(|| no_booking(id.as_str()))
    }
}

impl<S, K> Api<S, K>
where
    S: BookingLookup + FlightReader + PassengerReader,
    K: SecretReader,
{
    pub(crate) async fn bookings_of_flight(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let id = flight_id(asked.id)?;
        self.bookings(asked, &BookedBy::Flight(id.clone()), self.known_flight(&id)).await
    }

    pub(crate) async fn bookings_of_passenger(
        &self,
        asked: &Question<'_>,
    ) -> Result<Answer, Problem> {
        let id = passenger_id(asked.id)?;
        self.bookings(asked, &BookedBy::Passenger(id.clone()), self.known_passenger(&id)).await
    }

    /// Three calls: whether their owner is known and which they are at once, then all of them.
    async fn bookings<O>(
        &self,
        asked: &Question<'_>,
        of: &BookedBy,
        owner: impl Future<Output = Result<O, Problem>>,
    ) -> Result<Answer, Problem> {
        let scope = Scope::new(asked.route.operation_id).and(asked.id);
        let wanted = self.wanted(scope, &asked.query, asked.now).await?;
        let ids = self.store.booking_ids(of, wanted.after.as_deref(), wanted.limit);
        let (owner, ids) = futures::join!(owner, ids);
        owner?;
        let ids = ids.map_err(problem)?;
        let found = self.store.bookings(&ids.items).await.map_err(problem)?;
        let bookings: Vec<_> =
            found.into_iter().filter(|one| of.has(one)).map(BookingView::from).collect();
        let next = self.next(&wanted, ids.next, asked.now).await?;
        Answer::json(&BookingList { count: bookings.len(), bookings, next })
    }
}
