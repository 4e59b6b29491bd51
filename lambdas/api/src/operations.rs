//! What a flight has of reservations.

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::problem;
use crate::flights::{flight_id, no_flight};
use crate::router::Question;
use flightpulse_contracts::rest::operations::OperationsView;
use flightpulse_rest_kit::cursor::Scope;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_secrets::SecretReader;
use flightpulse_store::{FlightReader, OperationsReader};

impl<S, K> Api<S, K>
where
    S: FlightReader + OperationsReader,
    K: SecretReader,
{
    /// Three calls at once: the flight, its totals, a page of records. Reservations may be known
    /// before their flight is, so either is enough.
    pub(crate) async fn operations(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let id = flight_id(asked.id)?;
        let scope = Scope::new(asked.route.operation_id).and(asked.id);
        let wanted = self.wanted(scope, &asked.query, asked.now).await?;
        let (flight, totals, page) = futures::join!(
            self.store.flight(&id),
            self.store.totals(std::slice::from_ref(&id)),
            self.store.records_of(&id, wanted.after.as_deref(), wanted.limit),
        );
        let flight = flight.map_err(problem)?;
        let totals = totals.map_err(problem)?.remove(&id);
        if flight.is_none() && totals.is_none() {
            return Err(no_flight(id.as_str()));
        }
        let page = page.map_err(problem)?;
        let next = self.next(&wanted, page.next, asked.now).await?;
        let view = OperationsView::new(id, flight.as_ref(), totals.as_ref(), page.items, next);
        Answer::json(&view)
    }
}
