//! Passengers.

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::problem;
use crate::router::Question;
use flightpulse_contracts::rest::passengers::PassengerView;
use flightpulse_domain::ids::PassengerId;
use flightpulse_domain::passenger::Passenger;
use flightpulse_rest_kit::path::shown;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_store::PassengerReader;

fn no_passenger(id: &str) -> Problem {
    Problem::not_found(format!("There is no passenger {}.", shown(id)))
}

/// The passenger's id. What cannot be an id is the id of nobody.
pub(crate) fn passenger_id(text: &str) -> Result<PassengerId, Problem> {
    PassengerId::new(text).map_err(|_| no_passenger(text))
}

impl<S: PassengerReader, K> Api<S, K> {
    pub(crate) async fn passenger(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let passenger = self.known_passenger(&passenger_id(asked.id)?).await?;
        Answer::json(&PassengerView::from(passenger))
    }

    /// A passenger who is in the table.
    pub(crate) async fn known_passenger(&self, id: &PassengerId) -> Result<Passenger, Problem> {
        let found = self.store.passenger(id).await.map_err(problem)?;
        found.ok_or_else(|| no_passenger(id.as_str()))
    }
}
