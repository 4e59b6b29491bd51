//! From a request to its answer.

use crate::actions::Operators;
use crate::commands::{Correct, Resend, Signed, read};
use flightpulse_bus::EventPublisher;
use flightpulse_rest_kit::problem::{Problem, json_response};
use flightpulse_store::{ActionLog, FlightReader, SwitchWriter};
use jiff::Timestamp;
use lambda_http::http::Method;
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;

/// The most actions in one answer.
const MAX_LIMIT: usize = 100;
const DEFAULT_LIMIT: usize = 50;

/// A request, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The path, without the stage.
    pub path: String,
    /// `limit` of the query.
    pub limit: Option<String>,
    /// `cursor` of the query.
    pub cursor: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// The ARN of whoever signed the request.
    pub identity: Option<String>,
}

impl From<&Request> for Asked {
    fn from(request: &Request) -> Self {
        let query = request.query_string_parameters();
        let parameter = |name: &str| query.first(name).map(str::to_owned);
        let identity = match request.request_context() {
            RequestContext::ApiGatewayV1(context) => context.identity.user_arn,
            #[allow(unreachable_patterns)]
            _ => None,
        };
        Self {
            method: request.method().clone(),
            path: request.raw_http_path().to_owned(),
            limit: parameter("limit"),
            cursor: parameter("cursor"),
            body: request.body().to_vec(),
            identity,
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
    let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let ok = |body: &serde_json::Value| Ok(json_response(200, "application/json", body));
    match (&asked.method, parts.as_slice()) {
        (&Method::GET, ["admin", "notifications"]) => ok(&json!(operators.hold().await?)),
        (&Method::POST, ["admin", "notifications", turn @ ("hold" | "release")]) => {
            let signed: Signed = read(&asked.body)?;
            ok(&json!(operators.turn(*turn == "hold", &signed, identity, now).await?))
        }
        (&Method::POST, ["admin", "flights", id, "resend"]) => {
            let resend: Resend = read(&asked.body)?;
            let accepted = operators.resend(id, &resend, identity, now).await?;
            Ok(json_response(202, "application/json", &accepted))
        }
        (&Method::POST, ["admin", "flights", id, "correction"]) => {
            let correct: Correct = read(&asked.body)?;
            let accepted = operators.correct(id, correct, identity, now).await?;
            Ok(json_response(202, "application/json", &accepted))
        }
        (&Method::GET, ["admin", "actions"]) => {
            let page = operators.actions(cursor(asked)?, limit(asked)?).await?;
            let count = page.actions.len();
            ok(&json!({"actions": page.actions, "count": count, "next": page.next}))
        }
        _ => Err(Problem::not_found(format!("There is no {} {}.", asked.method, asked.path))),
    }
}

fn limit(asked: &Asked) -> Result<usize, Problem> {
    let Some(text) = &asked.limit else {
        return Ok(DEFAULT_LIMIT);
    };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| Problem::invalid(format!("limit must be from 1 to {MAX_LIMIT}.")))
}

// A cursor is the id of the last action seen; whatever else it might name is not there to be found.
fn cursor(asked: &Asked) -> Result<Option<&str>, Problem> {
    let is_id = |text: &&str| {
        !text.is_empty()
            && text.len() <= 64
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    };
    match asked.cursor.as_deref() {
        None => Ok(None),
        Some(text) => Some(text)
            .filter(is_id)
            .map(Some)
            .ok_or_else(|| Problem::invalid("cursor must be the `next` of an earlier answer.")),
    }
}

#[cfg(test)]
mod tests;
