use super::*;
use serde_json::json;

/// A letter with this body.
pub(crate) fn letter(shelf: Shelf, body: &Value) -> Letter {
    let attributes = BTreeMap::from([
        ("RULE_ARN".to_owned(), "arn:aws:events:x:0:rule/flightpulse-bus/Delays".to_owned()),
        ("ERROR_CODE".to_owned(), "NO_PERMISSIONS".to_owned()),
    ]);
    let attributes = if shelf == Shelf::RuleDeadLetters { attributes } else { BTreeMap::new() };
    let body = body.to_string();
    let (kind, reason) = read(shelf, &body, &attributes);
    Letter {
        id: "1f0c".into(),
        shelf,
        since: Some("2026-11-21T09:48:00Z".parse().unwrap()),
        received: Some(2),
        attributes,
        body,
        kind,
        reason,
    }
}

/// What the consumer writes of a poison record with these bytes.
pub(crate) fn record(bytes: &[u8]) -> Value {
    json!({
        "kind": "kafka_record", "topic": "flight-operations", "partition": 2, "offset": 7,
        "reason": "payload.delay_minutes must be a whole number", "at": "2026-11-21T09:47:59Z",
        "bytes_base64": STANDARD.encode(bytes), "key_base64": STANDARD.encode("SW5678"),
        "correlation_id": "c-1",
    })
}

/// An event of the bus.
pub(crate) fn bus_event(detail_type: &str) -> Value {
    json!({
        "version": "0", "id": "ev-1", "source": "flightpulse.kafka-consumer",
        "account": "000000000000", "time": "2026-11-21T09:00:00Z", "region": "us-east-1",
        "resources": [], "detail-type": detail_type,
        "detail": {
            "schema_version": 1, "event_id": "e1", "correlation_id": "c-1",
            "occurred_at": "2026-11-21T08:59:00Z", "reported_by": "operations_center",
            "flight_id": "SW5678", "event_type": "FLIGHT_DELAY", "delay_minutes": 90,
            "category": "MAJOR", "reason": "WEATHER", "reason_detail": "Snow",
        },
    })
}

/// What the booking worker writes of an event that it cannot read.
pub(crate) fn booking_event(bytes: &[u8]) -> Value {
    json!({
        "kind": "booking_event", "source": "forwarder", "message_id": "m1", "nth": 3,
        "reason": "tenant.booking.pnr is missing", "at": "2026-11-21T09:47:59Z",
        "bytes_base64": STANDARD.encode(bytes),
    })
}

/// What the workflow of reconciliations writes of a run that failed for good.
pub(crate) fn failed_reconciliation(run: Option<&str>) -> Value {
    let mut detail = json!({
        "schema_version": 1, "event_id": "s3-1", "correlation_id": "s3-1",
        "bucket": {"name": "flightpulse-exports"},
        "object": {"key": "exports/d1/exportTime=202611210900/part-00000.gz.parquet"},
    });
    if let Some(run) = run {
        detail["run_id"] = json!(run);
    }
    json!({
        "kind": "workflow", "reason": "part 2: the file ends in the middle of a row group",
        "at": "2026-11-21T09:00:00Z", "execution_id": "arn:x", "event_id": "s3-1",
        "event": {
            "source": "flightpulse.reconciliation", "detail-type": "reconciliation.requested",
            "detail": detail,
        },
    })
}

/// A message that the booking worker did not finish.
pub(crate) fn booking_message() -> Value {
    json!({"source": "forwarder", "received_at": "2026-11-21T09:00:00Z", "events": [{"_id": "x1"}]})
}

/// What Lambda leaves of a batch of Kafka's.
pub(crate) fn batch(function: &str, payload: &Value) -> Value {
    json!({
        "requestContext": {
            "requestId": "r", "functionArn": function, "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0", "timestamp": "2026-11-21T09:00:00Z",
        "KafkaBatchInfo": {"batchSize": 1, "bootstrapServers": "b:9092"},
        "payload": payload.to_string(),
    })
}

fn said(shelf: Shelf, body: &Value) -> String {
    let letter = letter(shelf, body);
    let (event, flight) = letter.about();
    format!("{}: {} / {event:?} {flight:?}", letter.kind.name(), letter.reason)
}

#[test]
fn every_kind_is_read() {
    let poison = br#"{"event_id":"e9","payload":{"flight_id":"SW1","delay_minutes":-5}}"#;
    let workflow = json!({
        "kind": "workflow", "reason": "Defect: no", "at": "2026-11-21T09:00:00Z",
        "execution_id": "arn:x", "event_id": "e1", "event": bus_event("flight.delay.major"),
    });
    let booking = json!({
        "kind": "booking", "booking_id": "B1", "event_id": "e1", "execution_id": "arn:x",
        "reason": "the passenger is gone", "at": "2026-11-21T09:00:00Z",
    });
    let direct = json!({
        "kind": "direct_event", "reason": "no JSON", "at": "2026-11-21T09:00:00Z",
        "bytes_at": "s3://bucket/poison/direct/x",
    });
    let payload = json!({"records": {"t-0": [{}, {}], "t-1": [{}]}});
    let mut stream = batch("arn:f", &json!({"Records": [{}, {}]}));
    stream["DDBStreamBatchInfo"] = json!({"shardId": "s"});
    stream.as_object_mut().unwrap().remove("KafkaBatchInfo");
    insta::assert_snapshot!(
        [
            said(Shelf::DeadLetters, &record(poison)),
            said(Shelf::DeadLetters, &workflow),
            said(Shelf::DeadLetters, &failed_reconciliation(Some("20261121T090000Z-3f2a9c1b"))),
            said(Shelf::DeadLetters, &booking),
            said(Shelf::DeadLetters, &direct),
            said(Shelf::RuleDeadLetters, &bus_event("flight.delay.major")),
            said(Shelf::UnknownFlights, &bus_event("flight.unknown")),
            said(Shelf::DeadLetters, &booking_event(br#"{"_id":"x1","eventType":"t"}"#)),
            said(Shelf::BookingDeadLetters, &booking_message()),
            said(Shelf::Bucket, &batch("arn:f", &payload)),
            said(Shelf::Bucket, &stream),
        ]
        .join("\n")
    );
    let counted = |body: &Value| match letter(Shelf::Bucket, body).kind {
        Kind::Batch { records, of, .. } => (records, of),
        other => panic!("{other:?}"),
    };
    assert_eq!(counted(&batch("arn:f", &payload)), (3, "Kafka"));
    assert_eq!(counted(&stream), (2, "a DynamoDB stream"));
}

#[test]
fn what_is_none_of_them_is_shown_and_not_hidden() {
    for (shelf, body) in [
        (Shelf::DeadLetters, json!({"kind": "something"})),
        (Shelf::DeadLetters, json!("text")),
        (Shelf::RuleDeadLetters, json!({"detail": {}})),
        (Shelf::UnknownFlights, bus_event("flight.cancelled")),
        (Shelf::BookingDeadLetters, json!({"events": 7})),
        (Shelf::Bucket, json!({"payload": 5})),
    ] {
        let letter = letter(shelf, &body);
        assert_eq!(letter.kind, Kind::Unreadable, "{body}");
        assert!(!letter.reason.is_empty());
    }
}

#[test]
fn a_record_comes_back_with_its_bytes_and_its_key() {
    let Kind::Record { key, content, correlation_id, .. } =
        letter(Shelf::DeadLetters, &record(b"\xff\x00")).kind
    else {
        panic!("no record");
    };
    assert_eq!(key.as_deref(), Some(b"SW5678".as_slice()));
    assert_eq!(content, Content::Here(vec![0xff, 0]));
    assert_eq!(correlation_id.as_deref(), Some("c-1"));
}
