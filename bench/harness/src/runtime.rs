//! The Lambda Runtime API: hands invocations to one function and takes its answers.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use crate::http::{Answer, Asked, serve};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Response, StatusCode};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// How long an answer may take: as long as Lambda lets a function run.
const DEADLINE: Duration = Duration::from_secs(900);

/// What a function said of an invocation, and when it came.
type Said = (Instant, Result<Bytes, String>);

struct Waiting {
    id: String,
    payload: Bytes,
}

#[derive(Default)]
struct Asking {
    answers: HashMap<String, oneshot::Sender<Said>>,
    invocations: u64,
}

/// The API for one function.
pub(crate) struct Runtime {
    pub(crate) address: SocketAddr,
    asking: Arc<Mutex<Asking>>,
    queue: mpsc::UnboundedSender<Waiting>,
}

impl Runtime {
    pub(crate) async fn start() -> std::io::Result<Self> {
        let (queue, next) = mpsc::unbounded_channel();
        let next = Arc::new(tokio::sync::Mutex::new(next));
        let asking = Arc::new(Mutex::new(Asking::default()));
        let known = asking.clone();
        let address = serve(move |asked| {
            let (next, known) = (next.clone(), known.clone());
            async move { respond(asked, &next, &known).await }
        })
        .await?;
        Ok(Self { address, asking, queue })
    }

    /// Has the function handle a payload; its answer, and the time from handing it over.
    pub(crate) async fn invoke(&self, payload: Bytes) -> anyhow::Result<(Bytes, Duration)> {
        let (answer, answered) = oneshot::channel();
        let id = {
            let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            asking.invocations += 1;
            let id = format!("00000000-0000-4000-8000-{:012}", asking.invocations);
            asking.answers.insert(id.clone(), answer);
            id
        };
        let from = Instant::now();
        self.queue.send(Waiting { id, payload })?;
        let (at, said) = tokio::time::timeout(DEADLINE, answered).await??;
        Ok((said.map_err(anyhow::Error::msg)?, at - from))
    }
}

async fn respond(
    asked: Asked,
    next: &tokio::sync::Mutex<mpsc::UnboundedReceiver<Waiting>>,
    asking: &Mutex<Asking>,
) -> Answer {
    let at = Instant::now();
    let parts: Vec<_> = asked.path.rsplit('/').collect();
    let (id, said) = match parts[..] {
        ["next", ..] => return handed_over(next.lock().await.recv().await),
        ["response", id, ..] => (id, Ok(asked.body)),
        ["error", id, ..] => (id, Err(String::from_utf8_lossy(&asked.body).into_owned())),
        _ => return status(StatusCode::NOT_FOUND),
    };
    let mut asking = asking.lock().unwrap_or_else(PoisonError::into_inner);
    // Of what fails before any invocation nobody waits for an answer.
    match asking.answers.remove(id) {
        Some(answer) => drop(answer.send((at, said))),
        None => eprintln!("the function says: {said:?}"),
    }
    status(StatusCode::ACCEPTED)
}

fn handed_over(waiting: Option<Waiting>) -> Answer {
    let Some(Waiting { id, payload }) = waiting else { return status(StatusCode::GONE) };
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:FlightPulse-Bench";
    let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";
    Response::builder()
        .header("Lambda-Runtime-Aws-Request-Id", id)
        .header("Lambda-Runtime-Deadline-Ms", "4102444800000")
        .header("Lambda-Runtime-Invoked-Function-Arn", arn)
        .header("Lambda-Runtime-Trace-Id", trace)
        .header("Content-Type", "application/json")
        .body(Full::new(payload))
        .unwrap_or_default()
}

fn status(code: StatusCode) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = code;
    answer
}
