//! From a request to its answer.

use crate::flights::FlightView;
use flightpulse_domain::ids::FlightId;
use flightpulse_rest_kit::problem::{Problem, json_response};
use flightpulse_store::{FlightReader, StoreError};
use jiff::Timestamp;
use lambda_http::http::Method;
use lambda_http::{Body, Response};
use serde_json::json;

/// Answers a request. `path` is without the stage; `now` is the request's time.
pub async fn answer<S: FlightReader>(
    store: &S,
    method: &Method,
    path: &str,
    now: Timestamp,
) -> Response<Body> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let found = match parts.as_slice() {
        ["health"] => only_get(method, path).map(|()| health(now)),
        ["flights", id] => match only_get(method, path) {
            Ok(()) => flight(store, id).await,
            Err(problem) => Err(problem),
        },
        _ => Err(Problem::not_found(format!("There is nothing at {}.", shown(path)))),
    };
    found.unwrap_or_else(|problem| problem.response())
}

fn only_get(method: &Method, path: &str) -> Result<(), Problem> {
    if *method == Method::GET || *method == Method::HEAD {
        return Ok(());
    }
    Err(Problem::method_not_allowed(format!("{} takes GET and HEAD only.", shown(path))))
}

fn health(now: Timestamp) -> Response<Body> {
    let body = json!({"status": "healthy", "timestamp": now, "service": "flightpulse-api"});
    json_response(200, "application/json", &body)
}

async fn flight<S: FlightReader>(store: &S, id: &str) -> Result<Response<Body>, Problem> {
    // What cannot be an id is the id of nothing.
    let unknown = || Problem::not_found(format!("There is no flight {}.", shown(id)));
    let id = FlightId::new(id).map_err(|_| unknown())?;
    let flight = store.flight(&id).await.map_err(problem)?.ok_or_else(unknown)?;
    Ok(json_response(200, "application/json", &FlightView::from(&flight)))
}

fn problem(error: StoreError) -> Problem {
    tracing::error!(%error, "the request could not be answered");
    if error.is_transient() { Problem::unavailable() } else { Problem::internal() }
}

// Enough of what the client sent to recognise it by.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_store::RecordWriter;
    use flightpulse_store::conformance;
    use flightpulse_store::memory::MemoryStore;
    use rstest::rstest;
    use serde_json::Value;

    async fn ask(store: &MemoryStore, method: Method, path: &str) -> (u16, String, Value) {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let response = answer(store, &method, path, now).await;
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        let body = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), content_type, body)
    }

    #[tokio::test]
    async fn health_says_that_it_is_healthy() {
        let (status, _, body) = ask(&MemoryStore::default(), Method::GET, "/health").await;
        assert_eq!(status, 200);
        insta::assert_json_snapshot!(body);
    }

    #[tokio::test]
    async fn a_flight_is_answered_without_what_is_ours_alone() {
        let store = MemoryStore::default();
        store.put_flight(&conformance::flight("SW5678")).await.unwrap();
        let (status, content_type, body) = ask(&store, Method::GET, "/flights/SW5678").await;
        assert_eq!((status, content_type.as_str()), (200, "application/json"));
        insta::assert_json_snapshot!(body);
    }

    #[rstest]
    #[case(Method::GET, "/flights/SW0000", 404, "There is no flight SW0000.")]
    #[case(Method::GET, "/flights/SW%200", 404, "There is no flight SW%200.")]
    #[case(Method::GET, "/flights", 404, "There is nothing at /flights.")]
    #[case(Method::GET, "/", 404, "There is nothing at /.")]
    #[case(Method::POST, "/flights/SW0000", 405, "/flights/SW0000 takes GET and HEAD only.")]
    #[tokio::test]
    async fn what_is_not_there_is_a_problem_that_says_so(
        #[case] method: Method,
        #[case] path: &str,
        #[case] status: u16,
        #[case] detail: &str,
    ) {
        let (got, content_type, body) = ask(&MemoryStore::default(), method, path).await;
        assert_eq!((got, content_type.as_str()), (status, "application/problem+json"));
        assert_eq!(body["detail"], detail);
        assert_eq!(body["status"], status);
    }

    #[tokio::test]
    async fn a_table_that_is_away_is_a_503_that_gives_nothing_away() {
        let store = MemoryStore::default();
        store.fail_with(Some("secret internals"));
        let (status, _, body) = ask(&store, Method::GET, "/flights/SW5678").await;
        assert_eq!(status, 503);
        assert!(!body.to_string().contains("secret"), "{body}");
    }
}
