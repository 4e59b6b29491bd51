//! From a request to its answer.

use crate::webhook::Webhook;
use flightpulse_booking_queue::BookingQueue;
use flightpulse_contracts::rest::routes::parameters::MAX_CHALLENGE;
use flightpulse_contracts::rest::routes::{Route, Verb, WEBHOOKS};
use flightpulse_contracts::rest::webhooks::Challenge;
use flightpulse_key_host::KeyHost;
use flightpulse_rest_kit::path::{segments, shown};
use flightpulse_rest_kit::problem::{Problem, json_response};
use flightpulse_rest_kit::query::Query;
use flightpulse_secrets::SecretReader;
use jiff::Timestamp;
use lambda_http::http::{HeaderMap, Method};
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
    /// The headers.
    pub headers: HeaderMap,
    /// The bytes of the body as they were sent: what API Gateway put into base64 is taken out of it.
    pub body: Vec<u8>,
}

impl From<&Request> for Asked {
    fn from(request: &Request) -> Self {
        let query = request.query_string_parameters();
        Self {
            method: request.method().clone(),
            path: request.raw_http_path().to_owned(),
            query: query.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers: request.headers().clone(),
            body: request.body().to_vec(),
        }
    }
}

/// Answers a request. `now` is its time.
pub async fn respond<Q, S, H>(
    webhook: &Webhook<Q, S, H>,
    asked: &Asked,
    now: Timestamp,
) -> Response<Body>
where
    Q: BookingQueue,
    S: SecretReader,
    H: KeyHost,
{
    answered(webhook, asked, now).await.unwrap_or_else(|problem| problem.response())
}

async fn answered<Q, S, H>(
    webhook: &Webhook<Q, S, H>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Response<Body>, Problem>
where
    Q: BookingQueue,
    S: SecretReader,
    H: KeyHost,
{
    let route = route(asked)?;
    let taken: Vec<_> = route.query_names().collect();
    let pairs = asked.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let query = Query::new(pairs, &taken)?;
    Ok(match route.verb {
        Verb::Get => json_response(route.status, "application/json", &challenge(&query)?),
        Verb::Post => {
            json_response(route.status, "application/json", &webhook.take(asked, now).await?)
        }
    })
}

fn route(asked: &Asked) -> Result<&'static Route, Problem> {
    let segments = segments(&asked.path);
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut here = WEBHOOKS.iter().filter(|route| route.captures(&parts).is_some()).peekable();
    if here.peek().is_none() {
        return Err(Problem::not_found(format!("There is nothing at {}.", shown(&asked.path))));
    }
    here.find(|route| takes(route, &asked.method)).ok_or_else(|| {
        let detail = format!("{} takes GET and POST only.", shown(&asked.path));
        Problem::method_not_allowed("GET, POST", detail)
    })
}

fn takes(route: &Route, method: &Method) -> bool {
    match route.verb {
        Verb::Get => method == Method::GET,
        Verb::Post => method == Method::POST,
    }
}

// What cannot be a challenge is not sent back: the answer would be whatever anyone likes.
fn challenge(query: &Query) -> Result<Challenge, Problem> {
    let printable = |text: &&str| {
        (1..=MAX_CHALLENGE).contains(&text.len())
            && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    };
    let challenge = query.get("challenge").filter(printable).ok_or_else(|| {
        Problem::invalid(format!(
            "challenge must be 1 to {MAX_CHALLENGE} printable ASCII characters."
        ))
    })?;
    Ok(Challenge { challenge: challenge.to_owned() })
}

#[cfg(test)]
mod tests;
