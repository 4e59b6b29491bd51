//! A stub of the AWS endpoints that the functions call: it answers at once, or after a constant time,
//! and counts what it is asked.

use crate::http::{Asked, serve};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Requests of one operation, and their bytes without headers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Traffic {
    pub(crate) requests: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
}

#[derive(Default)]
struct Seen {
    traffic: BTreeMap<String, Traffic>,
    /// The bodies of requests, while they are kept.
    bodies: Option<Vec<(String, Bytes)>>,
}

/// The stub. Its clones are one.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Stub {
    /// Starts one that takes so long for every answer.
    pub(crate) async fn start(latency: Duration) -> std::io::Result<Self> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let noted = seen.clone();
        let address = serve(move |asked| {
            let noted = noted.clone();
            async move {
                if !latency.is_zero() {
                    tokio::time::sleep(latency).await;
                }
                let (operation, answer) = answer(&asked);
                note(&mut lock(&noted), operation, asked.body, answer.len());
                let kind = "application/x-amz-json-1.1";
                let answer =
                    Response::builder().header("content-type", kind).body(Full::new(answer));
                answer.unwrap_or_default()
            }
        })
        .await?;
        Ok(Self { address, seen })
    }

    /// What was asked since the last time.
    pub(crate) fn take_traffic(&self) -> BTreeMap<String, Traffic> {
        std::mem::take(&mut lock(&self.seen).traffic)
    }

    /// Keeps the bodies of requests from now on.
    pub(crate) fn keep_bodies(&self) {
        lock(&self.seen).bodies = Some(Vec::new());
    }

    /// What was kept, and nothing more is.
    pub(crate) fn take_bodies(&self) -> Vec<(String, Bytes)> {
        lock(&self.seen).bodies.take().unwrap_or_default()
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(seen: &mut Seen, operation: String, body: Bytes, answered: usize) {
    let traffic = seen.traffic.entry(operation.clone()).or_default();
    traffic.requests += 1;
    traffic.sent += body.len() as u64;
    traffic.received += answered as u64;
    if let Some(bodies) = &mut seen.bodies {
        bodies.push((operation, body));
    }
}

/// The operation, and what AWS would answer.
fn answer(asked: &Asked) -> (String, Bytes) {
    let operation = asked.target.as_deref().and_then(|target| target.rsplit('.').next());
    let Some(operation) = operation else {
        return (format!("{} {}", asked.method, asked.path), Bytes::new());
    };
    let body = serde_json::from_slice(&asked.body).unwrap_or_default();
    let answer = match operation {
        "BatchGetItem" => batch(&body),
        "PutEvents" => published(&body),
        _ => json!({}),
    };
    (operation.to_owned(), Bytes::from(answer.to_string()))
}

/// Every flight that is asked for is there.
fn batch(body: &Value) -> Value {
    let tables = body["RequestItems"].as_object().into_iter().flatten();
    let responses = tables.map(|(table, asked)| {
        let keys = asked["Keys"].as_array().into_iter().flatten();
        let items: Vec<_> = keys.map(flight).collect();
        (table.clone(), Value::Array(items))
    });
    let responses: serde_json::Map<_, _> = responses.collect();
    json!({"Responses": responses, "UnprocessedKeys": {}})
}

fn flight(key: &Value) -> Value {
    let pk = key["PK"]["S"].as_str().unwrap_or_default();
    let id = pk.strip_prefix("FLIGHT#").unwrap_or(pk);
    json!({
        "PK": {"S": pk}, "SK": {"S": "METADATA"}, "flight_id": {"S": id}, "status": {"S": "SCHEDULED"},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "gate": {"S": "B7"},
        "scheduled_departure": {"S": "2035-11-22T21:10:00Z"}, "scheduled_arrival": {"S": "2035-11-22T23:05:00Z"},
        "delay_minutes": {"N": "0"}, "booked_passengers": {"N": "180"}, "revision": {"N": "4"},
        "GSI1PK": {"S": "SCHEDULED"}, "GSI1SK": {"S": "2035-11-22T21:10:00Z"},
    })
}

fn published(body: &Value) -> Value {
    let entries = body["Entries"].as_array().map_or(0, Vec::len);
    let id = json!({"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"});
    json!({"FailedEntryCount": 0, "Entries": vec![id; entries]})
}
