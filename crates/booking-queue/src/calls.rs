//! Messages into calls, and what a call did not take into another.

use crate::{NotSent, body};
use flightpulse_contracts::booking_events::BookingMessage;
use std::future::Future;
use std::time::Duration;

/// SQS's limit of messages in one SendMessageBatch.
pub(crate) const MAX_MESSAGES_PER_CALL: usize = 10;
/// Bytes of one SendMessageBatch that every endpoint takes. AWS itself takes 1 MB since January 2026.
pub(crate) const MAX_BYTES_PER_CALL: usize = 256 * 1_024;
/// How long it waits before it sends again what was not taken; after the last, the request is given
/// up. A call that fails as a whole has been tried again by the SDK; it is not tried here.
const PAUSES_MS: [u64; 3] = [0, 100, 200];

/// A message that a call did not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotTaken {
    /// Which of the call's messages.
    pub(crate) index: usize,
    /// Why, in words.
    pub(crate) why: String,
}

/// One call.
pub(crate) trait Call: Send + Sync {
    /// Sends what goes into one call, and answers what of it was not taken.
    fn call(
        &self,
        bodies: &[String],
    ) -> impl Future<Output = Result<Vec<NotTaken>, NotSent>> + Send;
}

/// The bodies by calls, in their order.
pub(crate) fn grouped(bodies: &[String]) -> Vec<&[String]> {
    let (mut calls, mut rest) = (Vec::new(), bodies);
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |body: &&String| {
            bytes += body.len();
            bytes <= MAX_BYTES_PER_CALL
        };
        let count = rest.iter().take(MAX_MESSAGES_PER_CALL).take_while(fits).count().max(1);
        let (call, others) = rest.split_at(count);
        calls.push(call);
        rest = others;
    }
    calls
}

/// Sends messages, one call after the other; a request of Adobe's usual size is one call.
pub(crate) async fn deliver(by: &impl Call, messages: &[BookingMessage]) -> Result<(), NotSent> {
    let bodies: Result<Vec<_>, _> = messages.iter().map(body).collect();
    let mut left = bodies.map_err(|error| NotSent(error.to_string()))?;
    let mut why = String::new();
    for pause in PAUSES_MS.map(Duration::from_millis) {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let mut again = Vec::new();
        for call in grouped(&left) {
            for refused in by.call(call).await? {
                why = refused.why;
                let none = || NotSent(format!("it refused what was not sent: {why}"));
                again.push(call.get(refused.index).cloned().ok_or_else(none)?);
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        left = again;
    }
    Err(NotSent(format!("{} messages were not taken, the last because of: {why}", left.len())))
}

#[cfg(test)]
mod tests;
