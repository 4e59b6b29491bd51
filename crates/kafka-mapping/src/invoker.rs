//! The port to the function, and its adapters: Lambda's Invoke API, and one in memory for tests.

use futures::future::BoxFuture;
use thiserror::Error;

mod lambda;
mod memory;

pub use lambda::LambdaInvoker;
pub use memory::MemoryInvoker;

/// What came back from a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// 200 for an invoke that reached the function, failed or not.
    pub status_code: i32,
    /// `Handled` or `Unhandled` where the function failed.
    pub function_error: Option<String>,
    /// The version that ran.
    pub executed_version: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// The answer, or the error's body.
    pub payload: Vec<u8>,
}

impl Invocation {
    /// An answer of the function.
    pub fn answer(payload: impl Into<Vec<u8>>) -> Self {
        Self { status_code: 200, payload: payload.into(), ..Self::default() }
    }

    /// A failure of the function.
    pub fn unhandled(payload: impl Into<Vec<u8>>) -> Self {
        Self { function_error: Some("Unhandled".to_owned()), ..Self::answer(payload) }
    }
}

/// Why no answer came back.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvokeError {
    /// The function did not run: endpoint away, throttled, not deployed yet, refused.
    #[error("function not reached: {0}")]
    NotReached(String),
    /// The function may have run: the connection broke or the answer did not come in time.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// Calls a function and waits for its answer.
pub trait Invoker: Send + Sync + 'static {
    /// Invokes with one event.
    fn invoke(&self, payload: Vec<u8>) -> BoxFuture<'_, Result<Invocation, InvokeError>>;
}
