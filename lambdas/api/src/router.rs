//! From a request to its answer, by the route that it matches.

use crate::answer::Answer;
use crate::api::{Api, Reads};
use crate::conditional::{Condition, plain};
use crate::documents::{health, openapi, page};
use flightpulse_contracts::rest::routes::{Read, Route};
use flightpulse_rest_kit::caller::signed_by;
use flightpulse_rest_kit::path::{segments, shown};
use flightpulse_rest_kit::problem::Problem;
use flightpulse_rest_kit::query::Query;
use flightpulse_secrets::SecretReader;
use jiff::Timestamp;
use lambda_http::http::Method;
use lambda_http::http::header::IF_NONE_MATCH;
use lambda_http::{Body, Request, RequestExt, Response};

/// A request, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path as it was sent, without the stage.
    pub path: String,
    /// The pairs of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The value of `If-None-Match`; several lines of it are one list.
    pub if_none_match: Option<Vec<u8>>,
    /// The ARN of whoever signed the request.
    pub identity: Option<String>,
}

impl From<&Request> for Asked {
    fn from(request: &Request) -> Self {
        let query = request.query_string_parameters();
        let lines = request.headers().get_all(IF_NONE_MATCH);
        let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
        Self {
            method: request.method().clone(),
            // The URI's path would carry the stage.
            path: request.raw_http_path().to_owned(),
            query: query.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            if_none_match: (!lines.is_empty()).then(|| lines.join(b",".as_slice())),
            identity: signed_by(request),
        }
    }
}

/// What a request asks of a route.
pub(crate) struct Question<'a> {
    /// The route.
    pub(crate) route: &'static Route,
    /// The id in the path; empty where the route has none.
    pub(crate) id: &'a str,
    /// The query, with nothing in it that the route does not take.
    pub(crate) query: Query,
    /// When it is asked, UTC.
    pub(crate) now: Timestamp,
}

/// Answers a request. `now` is its time.
pub async fn respond<S, K>(api: &Api<S, K>, asked: &Asked, now: Timestamp) -> Response<Body>
where
    S: Reads,
    K: SecretReader,
{
    let mut response = answered(api, asked, now).await.unwrap_or_else(|problem| problem.response());
    if asked.method == Method::HEAD {
        *response.body_mut() = Body::Empty;
    }
    response
}

async fn answered<S, K>(
    api: &Api<S, K>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Response<Body>, Problem>
where
    S: Reads,
    K: SecretReader,
{
    let segments = segments(&asked.path);
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let Some((read, route, ids)) = Read::at(&parts) else {
        return Err(Problem::not_found(format!("There is nothing at {}.", shown(&asked.path))));
    };
    if asked.method != Method::GET && asked.method != Method::HEAD {
        let detail = format!("{} takes GET and HEAD only.", shown(&asked.path));
        return Err(Problem::method_not_allowed("GET, HEAD", detail));
    }
    // API Gateway lets nobody through who has not signed; should that ever be switched off, or be
    // got round, nobody gets in by it.
    if route.signed && asked.identity.is_none() {
        return Err(Problem::forbidden("The request is not signed by anyone."));
    }
    let taken: Vec<_> = route.query_names().collect();
    let pairs = asked.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query = Query::new(pairs, &taken)?;
    let condition = match route.conditional {
        true => Condition::read(asked.if_none_match.as_deref())?,
        false => Condition::None,
    };
    let question = Question { route, id: ids.first().copied().unwrap_or_default(), query, now };
    let answer = found(api, read, &question).await?;
    Ok(if route.conditional { condition.response(answer, route.signed) } else { plain(answer) })
}

async fn found<S, K>(
    api: &Api<S, K>,
    read: Read,
    question: &Question<'_>,
) -> Result<Answer, Problem>
where
    S: Reads,
    K: SecretReader,
{
    match read {
        Read::Flights => api.flights(question).await,
        Read::Flight => api.flight(question).await,
        Read::FlightBookings => api.bookings_of_flight(question).await,
        Read::FlightOperations => api.operations(question).await,
        Read::FlightNotifications => api.notifications_of_flight(question).await,
        Read::Booking => api.booking(question).await,
        Read::BookingNotifications => api.notifications_of_booking(question).await,
        Read::Passenger => api.passenger(question).await,
        Read::PassengerBookings => api.bookings_of_passenger(question).await,
        Read::Reconciliations => api.reconciliations(question).await,
        Read::Reconciliation => api.reconciliation(question).await,
        Read::Health => health(question.now),
        Read::OpenApi => Ok(openapi()),
        Read::Docs => Ok(page()),
    }
}

#[cfg(test)]
mod tests;
