//! Flights.

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::problem;
use crate::router::Question;
use crate::time::time;
use flightpulse_contracts::rest::flights::{FlightList, FlightView};
use flightpulse_contracts::rest::routes::parameters::FLIGHT_STATUSES;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::FlightId;
use flightpulse_rest_kit::cursor::Scope;
use flightpulse_rest_kit::path::shown;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_rest_kit::query::Query;
use flightpulse_secrets::SecretReader;
use flightpulse_store::{FlightLister, FlightReader, FlightsOf, OperationsReader};
use serde_json::{Value, from_value};

/// The problem that there is no such flight.
pub(crate) fn no_flight(id: &str) -> Problem {
    Problem::not_found(format!("There is no flight {}.", shown(id)))
}

/// The flight's id. What cannot be an id is the id of nothing.
pub(crate) fn flight_id(text: &str) -> Result<FlightId, Problem> {
    FlightId::new(text).map_err(|_| no_flight(text))
}

impl<S: FlightReader + OperationsReader, K> Api<S, K> {
    /// Two calls at once: the flight, and how many are booked on it by a feed.
    pub(crate) async fn flight(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let id = flight_id(asked.id)?;
        let totals = self.store.totals(std::slice::from_ref(&id));
        let (flight, totals) = futures::join!(self.known_flight(&id), totals);
        let totals = totals.map_err(problem)?;
        Answer::json(&FlightView::new(flight?, totals.get(&id)))
    }
}

impl<S: FlightReader, K> Api<S, K> {
    /// A flight that is in the table.
    pub(crate) async fn known_flight(&self, id: &FlightId) -> Result<Flight, Problem> {
        let found = self.store.flight(id).await.map_err(problem)?;
        found.ok_or_else(|| no_flight(id.as_str()))
    }
}

impl<S: FlightLister + OperationsReader, K: SecretReader> Api<S, K> {
    pub(crate) async fn flights(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let Question { route, query, now, .. } = asked;
        let which = FlightsOf {
            status: status(query)?,
            from: time(query, "departs_from")?,
            before: time(query, "departs_before")?,
        };
        let bound = |time: Option<jiff::Timestamp>| time.map(|t| t.to_string()).unwrap_or_default();
        let scope = Scope::new(route.operation_id)
            .and(which.status.name())
            .and(&bound(which.from))
            .and(&bound(which.before));
        let wanted = self.wanted(scope, query, *now).await?;
        let page = self.store.flights_of(&which, wanted.after.as_deref(), wanted.limit).await;
        let page = page.map_err(problem)?;
        let ids: Vec<_> = page.items.iter().map(|flight| flight.flight_id.clone()).collect();
        let totals = self.store.totals(&ids).await.map_err(problem)?;
        let view = |flight: Flight| {
            let totals = totals.get(&flight.flight_id);
            FlightView::new(flight, totals)
        };
        let flights: Vec<_> = page.items.into_iter().map(view).collect();
        let next = self.next(&wanted, page.next, *now).await?;
        Answer::json(&FlightList { count: flights.len(), flights, next })
    }
}

fn status(query: &Query) -> Result<FlightStatus, Problem> {
    let known = query.get("status").and_then(|text| from_value(Value::from(text)).ok());
    let names = FLIGHT_STATUSES.join(", ");
    known.ok_or_else(|| Problem::invalid(format!("status must be one of {names}.")))
}
