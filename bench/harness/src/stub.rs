//! A stub of the AWS endpoints that the functions call: it answers at once, or after a constant time,
//! and counts what it is asked.

mod answers;
mod kept;
mod s3;
mod table;

pub(crate) use s3::Files;
pub(crate) use table::{Contents, Table};

use crate::http::{Answer, Asked, serve};
use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Body;
use kept::Kept;
use serde::Serialize;
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
    kept: Kept,
}

/// The stub. Its clones are one.
#[derive(Clone)]
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    /// What is in S3.
    pub(crate) files: Files,
    /// What was written into the table and is read again.
    pub(crate) table: Table,
    seen: Arc<Mutex<Seen>>,
}

impl Stub {
    /// Starts one that takes so long for every answer.
    pub(crate) async fn start(latency: Duration) -> std::io::Result<Self> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let noted = seen.clone();
        let (files, table) = (Files::default(), Table::default());
        let (stored, known) = (files.clone(), table.clone());
        let address = serve(move |asked| {
            let (noted, stored, known) = (noted.clone(), stored.clone(), known.clone());
            async move {
                if !latency.is_zero() {
                    tokio::time::sleep(latency).await;
                }
                let (operation, answer) = answer(&asked, &mut lock(&noted).kept, &stored, &known);
                let answered = answer.body().size_hint().exact().unwrap_or_default();
                note(&mut lock(&noted), operation, asked.body, answered);
                answer
            }
        })
        .await?;
        Ok(Self { address, files, table, seen })
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

fn lock<T>(seen: &Mutex<T>) -> MutexGuard<'_, T> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(seen: &mut Seen, operation: String, body: Bytes, answered: u64) {
    let traffic = seen.traffic.entry(operation.clone()).or_default();
    traffic.requests += 1;
    traffic.sent += body.len() as u64;
    traffic.received += answered;
    if let Some(bodies) = &mut seen.bodies {
        bodies.push((operation, body));
    }
}

/// The operation, and what AWS would answer.
fn answer(asked: &Asked, kept: &mut Kept, files: &Files, table: &Table) -> (String, Answer) {
    let operation = asked.target.as_deref().and_then(|target| target.rsplit('.').next());
    let Some(operation) = operation else {
        return match files.answer(asked) {
            Some((operation, answer)) => (operation.to_owned(), answer),
            None => (format!("{} {}", asked.method, asked.path), json(Bytes::new())),
        };
    };
    if let Some(answer) = table.answer(operation, &asked.body) {
        return (operation.to_owned(), json(Bytes::from(answer)));
    }
    let answer = kept.answer(operation, &asked.body, || {
        let body = serde_json::from_slice(&asked.body).unwrap_or_default();
        Bytes::from(answers::to(operation, &body).to_string())
    });
    (operation.to_owned(), json(answer))
}

fn json(body: Bytes) -> Answer {
    let kind = "application/x-amz-json-1.1";
    Response::builder().header("content-type", kind).body(Full::new(body)).unwrap_or_default()
}
