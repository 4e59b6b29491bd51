//! `ops`: what operators ask of the admin API, with a signature that says who they are.

mod request;
mod show;
mod sign;

use crate::cli::OpsOptions;
use crate::clients::said;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use anyhow::Context;
use aws_sdk_sqs::config::ProvideCredentials;
use request::Request;
use serde_json::Value;
use sign::Signer;
use std::time::{Duration, SystemTime};

const TIMEOUT: Duration = Duration::from_secs(30);

/// What the API answered.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    status: u16,
    body: String,
}

/// What becomes of an answer.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    /// It was done, or told.
    Done(Value),
    /// The API refuses, for this reason.
    Refused(String),
    /// The API could not answer, for this reason.
    Failed(String),
}

/// Asks and shows the answer; says whether the API did it.
pub(crate) async fn run(aws: bool, options: &OpsOptions) -> anyhow::Result<bool> {
    let request = Request::of(&options.request);
    let place = Place::find(aws).await?;
    let answer = ask(&place, &request).await?;
    let outcome = answer.outcome();
    if options.json && !matches!(outcome, Outcome::Failed(_)) {
        terminal::line(&answer.body);
    }
    match outcome {
        Outcome::Done(body) => {
            if !options.json {
                show::lines(&options.request, &body).iter().for_each(terminal::line);
            }
            Ok(true)
        }
        Outcome::Refused(why) => {
            eprintln!("flightpulse-simulator: the API refuses ({}): {why}", answer.status);
            Ok(false)
        }
        Outcome::Failed(why) => {
            let status = answer.status;
            Err(Stop::CannotRun(format!("the API answered {status}: {why}")).into())
        }
    }
}

/// What a signed GET answers; null where there is nothing at its path.
pub(crate) async fn get(place: &Place, path: &str) -> anyhow::Result<Value> {
    let request = Request { method: "GET", path: path.to_owned(), body: String::new() };
    let answer = ask(place, &request).await?;
    match (answer.status, answer.outcome()) {
        (_, Outcome::Done(body)) => Ok(body),
        (404, _) => Ok(Value::Null),
        (status, Outcome::Refused(why) | Outcome::Failed(why)) => {
            Err(Stop::CannotRun(format!("GET {path} answered {status}: {why}")).into())
        }
    }
}

async fn ask(place: &Place, request: &Request) -> anyhow::Result<Answer> {
    let signer = signer(place).await?;
    let url = format!("{}{}", place.api()?, request.path);
    let headers = signer.headers(request.method, &url, &request.body, SystemTime::now())?;
    let method = reqwest::Method::from_bytes(request.method.as_bytes())?;
    let mut http = reqwest::Client::new().request(method, &url).timeout(TIMEOUT);
    for (name, value) in headers {
        http = http.header(name, value);
    }
    let answer = http.body(request.body.clone()).send().await;
    let answer = answer.with_context(|| format!("the API does not answer: {url}"))?;
    let status = answer.status().as_u16();
    let body = answer.text().await.with_context(|| format!("the answer of {url} broke off"))?;
    Ok(Answer { status, body })
}

async fn signer(place: &Place) -> anyhow::Result<Signer> {
    let missing = |what: &str| {
        Stop::CannotRun(format!(
            "requests of operators are signed, and there {what}; see the AWS configuration"
        ))
    };
    let region = place.sdk.region().ok_or_else(|| missing("is no region"))?;
    let provider = place.sdk.credentials_provider().ok_or_else(|| missing("are no credentials"))?;
    let credentials = provider.provide_credentials().await;
    let credentials =
        credentials.map_err(|error| missing(&format!("are no credentials ({error})")))?;
    Ok(Signer::new(credentials, region.to_string()))
}

impl Answer {
    fn outcome(&self) -> Outcome {
        let body: Option<Value> = serde_json::from_str(&self.body).ok();
        match (self.status, body) {
            (200..300, Some(body)) => Outcome::Done(body),
            (400..500, _) => Outcome::Refused(said(&self.body)),
            _ => Outcome::Failed(said(&self.body)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(409, r#"{"title":"Conflict","detail":"It has left."}"#, Outcome::Refused("It has left.".into()))]
    #[case(403, r#"{"message":"Missing Authentication Token"}"#, Outcome::Refused("Missing Authentication Token".into()))]
    #[case(403, r#"{"Message":"User: x is not authorized"}"#, Outcome::Refused("User: x is not authorized".into()))]
    #[case(404, "", Outcome::Refused("it says no more".into()))]
    #[case(503, r#"{"detail":"Try again."}"#, Outcome::Failed("Try again.".into()))]
    #[case(502, "<html>", Outcome::Failed("<html>".into()))]
    #[case(200, "<html>", Outcome::Failed("<html>".into()))]
    #[case(302, "", Outcome::Failed("it says no more".into()))]
    fn an_answer_is_done_refused_or_failed(
        #[case] status: u16,
        #[case] body: &str,
        #[case] outcome: Outcome,
    ) {
        assert_eq!(Answer { status, body: body.to_owned() }.outcome(), outcome);
    }

    #[test]
    fn a_success_is_its_body() {
        let answer = Answer { status: 202, body: r#"{"action_id":"a"}"#.into() };
        assert_eq!(answer.outcome(), Outcome::Done(serde_json::json!({"action_id": "a"})));
    }
}
