//! A function in memory, for tests: it keeps what it was sent and answers as told.

use futures::future::BoxFuture;
use tokio::sync::watch;

use super::{Invocation, InvokeError, Invoker};
use crate::event::KafkaEvent;

type Answer = BoxFuture<'static, Result<Invocation, InvokeError>>;

/// Calls a closure with the parsed event; the events received can be waited on.
pub struct MemoryInvoker {
    function: Box<dyn Fn(usize, KafkaEvent) -> Answer + Send + Sync>,
    received: watch::Sender<Vec<KafkaEvent>>,
}

impl MemoryInvoker {
    /// A function that is given the number of the call (from 0) and the event.
    pub fn new<F, A>(function: F) -> Self
    where
        F: Fn(usize, KafkaEvent) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Invocation, InvokeError>> + Send + 'static,
    {
        Self {
            function: Box::new(move |call, event| Box::pin(function(call, event))),
            received: watch::Sender::new(Vec::new()),
        }
    }

    /// A function that succeeds with everything.
    pub fn succeeding() -> Self {
        Self::new(|_, _| async { Ok(Invocation::answer("null")) })
    }

    /// The events received so far, and a way to wait for more.
    pub fn received(&self) -> watch::Receiver<Vec<KafkaEvent>> {
        self.received.subscribe()
    }
}

impl Invoker for MemoryInvoker {
    fn invoke(&self, payload: Vec<u8>) -> BoxFuture<'_, Result<Invocation, InvokeError>> {
        let event: KafkaEvent = match serde_json::from_slice(&payload) {
            Ok(event) => event,
            Err(error) => {
                return Box::pin(async move { Err(InvokeError::NoAnswer(error.to_string())) });
            }
        };
        let mut call = 0;
        self.received.send_modify(|events| {
            call = events.len();
            events.push(event.clone());
        });
        (self.function)(call, event)
    }
}
