//! Why a client was too slow.

use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// Remembers why the last connection failed. A producer with a wrong password only hears that its
/// record timed out; this is the context to make it with.
#[derive(Clone, Debug, Default)]
pub struct LastReason(Arc<Mutex<Option<String>>>);

impl LastReason {
    /// The error, and the reason where there is one.
    pub fn explain(&self, error: impl Display) -> String {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => format!("{error}; the last connection failed: {reason}"),
            None => error.to_string(),
        }
    }
}

impl ClientContext for LastReason {
    fn error(&self, error: KafkaError, reason: &str) {
        // That all are down has its reason in the last one that failed.
        if error.rdkafka_error_code() != Some(RDKafkaErrorCode::AllBrokersDown) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_owned());
        }
    }
}

impl ConsumerContext for LastReason {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_stays_when_all_brokers_are_down_by_it() {
        let reason = LastReason::default();
        assert_eq!(reason.explain("timed out"), "timed out");
        reason.error(KafkaError::Global(RDKafkaErrorCode::Authentication), "wrong password");
        reason.error(KafkaError::Global(RDKafkaErrorCode::AllBrokersDown), "1/1 brokers are down");
        assert_eq!(
            reason.explain("timed out"),
            "timed out; the last connection failed: wrong password"
        );
    }
}
