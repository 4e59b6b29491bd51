//! Metrics as embedded metric format lines: CloudWatch makes metrics of them, at no call.
//!
//! Format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use serde_json::{Map, Value, json};
use std::io::Write;
use std::sync::LazyLock;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "FlightPulse";

/// A metric, by its name in CloudWatch. All are counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Delays read from Kafka and published.
    DelayEventsProcessed,
    /// Cancellations read from Kafka and published.
    CancellationEventsProcessed,
    /// Gate changes read from Kafka and published.
    GateChangeEventsProcessed,
    /// Reinstatements read from Kafka and published.
    ReinstatementEventsProcessed,
    /// Records that went to the dead letters.
    RecordsDeadLettered,
    /// Records answered as failed, to be delivered again. An alarm watches it: the invocation
    /// itself succeeds.
    RecordsFailed,
    /// Changes of status read from the table's stream and published.
    StatusChangesPublished,
    /// Invocations that met a record of the stream that nobody can read: the same record is met
    /// again until it goes to the bucket.
    StreamRecordsUnreadable,
    /// Notifications published.
    NotificationsSent,
    /// Pages of recipients not sent because an operator holds all notifications. An alarm watches
    /// it: the switch may have been forgotten.
    NotificationsHeld,
    /// Bookings whose status followed their flight's.
    BookingsUpdated,
    /// Passengers whom no channel reaches.
    PassengersUnreachable,
    /// Bookings that went to the dead letters.
    BookingsDeadLettered,
    /// Texts that the model wrote and that passed the fact check.
    LLMInvocationsSuccess,
    /// Texts for which the template had to serve.
    LLMInvocationsFailed,
    /// x
    AepEventsProcessed,
    /// x
    AepEventsFailed,
    /// x
    AepEventsIgnored,
    /// x
    FlightopsRecordsCreated,
    /// x
    FlightopsRecordsUpdated,
}
/// x
pub fn emit_latencies(_function: &str, _at_ms: i64, _values: &[i64]) {}

/// Whether this runs in Lambda, where standard output becomes log lines. Elsewhere, in a test of a
/// handler say, nobody takes them.
static IN_LAMBDA: LazyLock<bool> =
    LazyLock::new(|| std::env::var_os("AWS_LAMBDA_FUNCTION_NAME").is_some());

/// Writes one line with the counts that are not zero. `at_ms`: Unix time in milliseconds.
pub fn emit(function: &str, at_ms: i64, counts: &[(Metric, usize)]) {
    if !*IN_LAMBDA {
        return;
    }
    let Some(line) = line(function, at_ms, counts) else {
        return;
    };
    // Standard output is where Lambda takes log lines from. A line that cannot be written is
    // lost, and there is nowhere else to say so.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn line(function: &str, at_ms: i64, counts: &[(Metric, usize)]) -> Option<Value> {
    let counts: Vec<_> = counts.iter().filter(|(_, count)| *count > 0).collect();
    if counts.is_empty() {
        return None;
    }
    let metrics: Vec<_> = counts
        .iter()
        .map(|(metric, _)| json!({"Name": format!("{metric:?}"), "Unit": "Count"}))
        .collect();
    let mut line = Map::new();
    line.insert(
        "_aws".into(),
        json!({
            "Timestamp": at_ms,
            "CloudWatchMetrics": [
                {"Namespace": NAMESPACE, "Dimensions": [["Function"]], "Metrics": metrics}
            ],
        }),
    );
    line.insert("Function".into(), json!(function));
    for (metric, count) in counts {
        line.insert(format!("{metric:?}"), json!(count));
    }
    Some(Value::Object(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_embedded_metric_format() {
        let counts = [(Metric::NotificationsSent, 3), (Metric::PassengersUnreachable, 0)];
        assert_eq!(
            line("Dispatcher", 1_700_000_000_000, &counts),
            Some(json!({
                "_aws": {
                    "Timestamp": 1_700_000_000_000_i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "FlightPulse",
                        "Dimensions": [["Function"]],
                        "Metrics": [{"Name": "NotificationsSent", "Unit": "Count"}],
                    }],
                },
                "Function": "Dispatcher",
                "NotificationsSent": 3,
            }))
        );
    }

    #[test]
    fn nothing_counted_is_no_line() {
        assert_eq!(line("F", 0, &[(Metric::NotificationsSent, 0)]), None);
    }
}
