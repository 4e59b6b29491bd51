//! Metrics as embedded metric format lines: CloudWatch makes metrics of them, at no call.
//!
//! Format: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use serde_json::{Map, Value, json};
use std::io::Write;
use std::sync::LazyLock;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "FlightPulse";

/// A count. Its name in CloudWatch is [`Metric::name`].
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
    /// Events among those published of which nobody need be told: they are done, and no workflow starts.
    EventsDoneQuietly,
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
    /// Booking events that a feed took: they are in the queue.
    AepEventsReceived,
    /// Booking events that were taken in, those included that were known before.
    AepEventsProcessed,
    /// Booking events that went to the dead letters. An alarm watches their share.
    AepEventsFailed,
    /// Booking events that are about something else.
    AepEventsIgnored,
    /// Readings of Query Service that ended before all was read, for want of time. An alarm watches it.
    AepReadingsUnfinished,
    /// Requests to the webhook that were refused: unsigned, forged, too large or no events.
    AepRequestsRefused,
    /// Flight-operations records that were made.
    FlightopsRecordsCreated,
    /// Flight-operations records that a later event changed.
    FlightopsRecordsUpdated,
    /// Rows of exports that were read.
    ReconciliationRows,
    /// Rows of exports that could not be understood, or not be written.
    ReconciliationRejected,
    /// Reservations that an export had and the table had not.
    ReconciliationRecovered,
    /// Reservations that were missing or other than an export says. An alarm watches it: the live
    /// feed loses bookings.
    ReconciliationDiscrepancies,
}

impl Metric {
    /// Its name in CloudWatch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DelayEventsProcessed => "DelayEventsProcessed",
            Self::CancellationEventsProcessed => "CancellationEventsProcessed",
            Self::GateChangeEventsProcessed => "GateChangeEventsProcessed",
            Self::ReinstatementEventsProcessed => "ReinstatementEventsProcessed",
            Self::EventsDoneQuietly => "EventsDoneQuietly",
            Self::RecordsDeadLettered => "RecordsDeadLettered",
            Self::RecordsFailed => "RecordsFailed",
            Self::StatusChangesPublished => "StatusChangesPublished",
            Self::StreamRecordsUnreadable => "StreamRecordsUnreadable",
            Self::NotificationsSent => "NotificationsSent",
            Self::NotificationsHeld => "NotificationsHeld",
            Self::BookingsUpdated => "BookingsUpdated",
            Self::PassengersUnreachable => "PassengersUnreachable",
            Self::BookingsDeadLettered => "BookingsDeadLettered",
            Self::LLMInvocationsSuccess => "LLMInvocationsSuccess",
            Self::LLMInvocationsFailed => "LLMInvocationsFailed",
            Self::AepEventsReceived => "aep.events.received",
            Self::AepEventsProcessed => "aep.events.processed",
            Self::AepEventsFailed => "aep.events.failed",
            Self::AepEventsIgnored => "aep.events.ignored",
            Self::AepReadingsUnfinished => "aep.readings.unfinished",
            Self::AepRequestsRefused => "aep.requests.refused",
            Self::FlightopsRecordsCreated => "flightops.records.created",
            Self::FlightopsRecordsUpdated => "flightops.records.updated",
            Self::ReconciliationRows => "reconciliation.rows",
            Self::ReconciliationRejected => "reconciliation.rejected",
            Self::ReconciliationRecovered => "reconciliation.recovered",
            Self::ReconciliationDiscrepancies => "reconciliation.discrepancies",
        }
    }
}

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

/// The time from when the webhook took a booking event to when its reservation was written, in milliseconds. An
/// alarm watches its 95th percentile.
pub const AEP_PROCESSING_LATENCY: &str = "aep.processing.latency";

/// Writes the latencies of booking events, in milliseconds, as a histogram: a line for each hundred,
/// which is what a line may have of one metric. `at_ms`: Unix time in milliseconds.
pub fn emit_latencies(function: &str, at_ms: i64, latencies_ms: &[u64]) {
    if !*IN_LAMBDA {
        return;
    }
    for line in latency_lines(function, at_ms, latencies_ms) {
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

/// The most values of one metric in a line.
const MAX_VALUES: usize = 100;

fn latency_lines(function: &str, at_ms: i64, values: &[u64]) -> Vec<Value> {
    let lines = values.chunks(MAX_VALUES);
    let metric = |values: &[u64]| vec![(AEP_PROCESSING_LATENCY, "Milliseconds", json!(values))];
    lines.map(|values| embedded(function, at_ms, metric(values))).collect()
}

fn line(function: &str, at_ms: i64, counts: &[(Metric, usize)]) -> Option<Value> {
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let metrics: Vec<_> =
        counts.map(|(metric, count)| (metric.name(), "Count", json!(count))).collect();
    (!metrics.is_empty()).then(|| embedded(function, at_ms, metrics))
}

fn embedded(function: &str, at_ms: i64, metrics: Vec<(&'static str, &str, Value)>) -> Value {
    let named = metrics.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit}));
    let mut line = Map::new();
    line.insert(
        "_aws".into(),
        json!({
            "Timestamp": at_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["Function"]],
                "Metrics": named.collect::<Vec<_>>(),
            }],
        }),
    );
    line.insert("Function".into(), json!(function));
    for (name, _, value) in metrics {
        line.insert(name.to_owned(), value);
    }
    Value::Object(line)
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

    #[test]
    fn a_metric_of_bookings_has_its_own_name() {
        let line = line("F", 0, &[(Metric::AepEventsReceived, 2)]).unwrap_or_default();
        assert_eq!(line["aep.events.received"], 2);
        let metrics = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"];
        assert_eq!(metrics, &json!([{"Name": "aep.events.received", "Unit": "Count"}]));
    }

    #[test]
    fn latencies_are_a_line_a_hundred() {
        let values: Vec<u64> = (0..250).collect();
        let lines = latency_lines("Worker", 7, &values);
        let sizes =
            lines.iter().map(|line| line["aep.processing.latency"].as_array().map(Vec::len));
        assert_eq!(sizes.collect::<Vec<_>>(), [Some(100), Some(100), Some(50)]);
        assert_eq!(lines[2]["aep.processing.latency"][49], 249);
        let metrics = &lines[2]["_aws"]["CloudWatchMetrics"][0]["Metrics"];
        assert_eq!(metrics, &json!([{"Name": "aep.processing.latency", "Unit": "Milliseconds"}]));
        assert!(latency_lines("Worker", 7, &[]).is_empty());
    }
}
