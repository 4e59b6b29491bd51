//! From a request to its answer.

use crate::actions::Operators;
use crate::commands::read;
use crate::views::{hold_view, list};
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::rest::operators::{Correct, Resend, Signed};
use flightpulse_rest_kit::caller::signed_by;
use flightpulse_rest_kit::path::segments;
use flightpulse_rest_kit::problem::{Problem, json_response};
use flightpulse_rest_kit::query::Query;
use flightpulse_store::{ActionLog, FlightReader, SwitchWriter};
use jiff::Timestamp;
use lambda_http::http::Method;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;

/// A request, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path, without the stage.
    pub path: String,
    /// The pairs of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The ARN of whoever signed the request.
    pub identity: Option<String>,
}

impl From<&Request> for Asked {
    fn from(request: &Request) -> Self {
        let query = request.query_string_parameters();
        Self {
            method: request.method().clone(),
            path: request.raw_http_path().to_owned(),
            query: query.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body().to_vec(),
            identity: signed_by(request),
        }
    }
}

/// Answers a request. `now` is its time.
pub async fn answer<S, B>(
    operators: &Operators<S, B>,
    asked: &Asked,
    now: Timestamp,
) -> Response<Body>
where
    S: FlightReader + SwitchWriter + ActionLog,
    B: EventPublisher,
{
    route(operators, asked, now).await.unwrap_or_else(|problem| problem.response())
}

async fn route<S, B>(
    operators: &Operators<S, B>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Response<Body>, Problem>
where
    S: FlightReader + SwitchWriter + ActionLog,
    B: EventPublisher,
{
    // API Gateway lets nobody through who has not signed; should that ever be switched off, nobody
    // gets in by it.
    let identity = asked.identity.as_deref().filter(|arn| !arn.is_empty());
    let identity =
        identity.ok_or_else(|| Problem::forbidden("The request is not signed by anyone."))?;
    let segments = segments(&asked.path);
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let query = |taken: &[&str]| {
        let pairs = asked.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Query::new(pairs, taken)
    };
    let ok = |body: &serde_json::Value| Ok(json_response(200, "application/json", body));
    match (&asked.method, parts.as_slice()) {
        (&Method::GET, ["admin", "notifications"]) => {
            query(&[])?;
            ok(&json!(hold_view(operators.hold().await?)))
        }
        (&Method::POST, ["admin", "notifications", turn @ ("hold" | "release")]) => {
            query(&[])?;
            let signed: Signed = read(&asked.body)?;
            let hold = operators.turn(*turn == "hold", &signed, identity, now).await?;
            ok(&json!(hold_view(hold)))
        }
        (&Method::POST, ["admin", "flights", id, "resend"]) => {
            query(&[])?;
            let resend: Resend = read(&asked.body)?;
            let accepted = operators.resend(id, &resend, identity, now).await?;
            Ok(json_response(202, "application/json", &accepted))
        }
        (&Method::POST, ["admin", "flights", id, "correction"]) => {
            query(&[])?;
            let correct: Correct = read(&asked.body)?;
            let accepted = operators.correct(id, correct, identity, now).await?;
            Ok(json_response(202, "application/json", &accepted))
        }
        (&Method::GET, ["admin", "actions"]) => {
            let query = query(&["limit", "cursor"])?;
            let page = operators.actions(cursor(&query)?, query.limit()?).await?;
            ok(&json!(list(page)))
        }
        _ => Err(Problem::not_found(format!("There is no {} {}.", asked.method, asked.path))),
    }
}

// A cursor is the id of the last action seen; whatever else it might name is not there to be found.
fn cursor(query: &Query) -> Result<Option<&str>, Problem> {
    let is_id = |text: &&str| {
        !text.is_empty()
            && text.len() <= 64
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    };
    match query.get("cursor") {
        None => Ok(None),
        Some(text) => Some(text)
            .filter(is_id)
            .map(Some)
            .ok_or_else(|| Problem::invalid("cursor must be the `next` of an earlier answer.")),
    }
}

#[cfg(test)]
mod tests;
