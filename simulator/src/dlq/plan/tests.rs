use super::super::letter::tests::{
    batch, booking_event, booking_message, bus_event, failed_reconciliation, letter, record,
};
use super::*;
use crate::cli::Shelf;
use rstest::rstest;

const GOOD: &[u8] = br#"{"event_id":"e9","event_type":"FLIGHT_DELAY","timestamp":"2026-11-21T09:40:00Z",
    "source":"operations_center","payload":{"flight_id":"SW5678","delay_minutes":5,"reason":"CREW"}}"#;
const POISON: &[u8] = br#"{"event_id":"e9","event_type":"FLIGHT_DELAY"}"#;

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn planned(letter: &Letter, how: &How) -> Result<Again, Stays> {
    let bytes = match letter.kind.content() {
        Some(Content::Here(bytes)) => Some(bytes.as_slice()),
        _ => None,
    };
    again(letter, Bytes(bytes), how, now())
}

fn mended(bytes: &[u8]) -> How {
    How { mended: Some(bytes.to_vec()), force: false }
}

const FORCE: How = How { mended: None, force: true };

#[test]
fn a_record_that_is_good_now_goes_to_the_topic_as_it_was() {
    let letter = letter(Shelf::DeadLetters, &record(GOOD));
    let expected = Again::Record {
        key: Some("SW5678".into()),
        correlation_id: "c-1".into(),
        value: GOOD.to_vec(),
    };
    assert_eq!(planned(&letter, &How::default()), Ok(expected));
}

#[test]
fn poison_stays_until_it_is_mended() {
    let letter = letter(Shelf::DeadLetters, &record(POISON));
    let Stays(why) = planned(&letter, &How::default()).unwrap_err();
    assert!(why.contains("timestamp is missing") && why.contains("--with-file"), "{why}");
    let Stays(why) = planned(&letter, &mended(b"{")).unwrap_err();
    assert!(why.starts_with("the file would be refused too"), "{why}");
    let Ok(Again::Record { value, .. }) = planned(&letter, &mended(GOOD)) else { panic!() };
    assert_eq!(value, GOOD);
    let Ok(Again::Record { value, key, .. }) = planned(&letter, &FORCE) else { panic!() };
    assert_eq!((value.as_slice(), key.as_deref()), (POISON, Some("SW5678")));
}

#[test]
fn a_mended_event_of_another_flight_goes_where_that_flights_events_are() {
    let letter = letter(Shelf::DeadLetters, &record(POISON));
    let other = String::from_utf8_lossy(GOOD).replace("SW5678", "SW1234");
    let Ok(Again::Record { key, .. }) = planned(&letter, &mended(other.as_bytes())) else {
        panic!()
    };
    assert_eq!(key.as_deref(), Some("SW1234"));
}

#[test]
fn a_record_without_a_key_gets_its_flights() {
    let mut body = record(GOOD);
    body.as_object_mut().unwrap().remove("key_base64");
    let Ok(Again::Record { key, .. }) =
        planned(&letter(Shelf::DeadLetters, &body), &How::default())
    else {
        panic!()
    };
    assert_eq!(key.as_deref(), Some("SW5678"));
}

#[test]
fn a_record_without_a_correlation_id_has_its_events() {
    let mut body = record(GOOD);
    body.as_object_mut().unwrap().remove("correlation_id");
    let found = |how: &How, body: &Value| match planned(&letter(Shelf::DeadLetters, body), how) {
        Ok(Again::Record { correlation_id, .. }) => correlation_id,
        other => panic!("{other:?}"),
    };
    assert_eq!(found(&How::default(), &body), "e9");
    body["bytes_base64"] = record(POISON)["bytes_base64"].clone();
    assert_eq!(found(&FORCE, &body), "1f0c");
}

#[test]
fn a_tombstone_needs_bytes() {
    let mut body = record(GOOD);
    body.as_object_mut().unwrap().remove("bytes_base64");
    let letter = letter(Shelf::DeadLetters, &body);
    assert!(planned(&letter, &FORCE).unwrap_err().0.contains("--with-file"));
    assert!(planned(&letter, &mended(GOOD)).is_ok());
}

#[test]
fn a_record_of_another_topic_stays() {
    let mut body = record(GOOD);
    body["topic"] = json!("mytopic");
    let letter = letter(Shelf::DeadLetters, &body);
    assert!(planned(&letter, &How::default()).unwrap_err().0.contains("mytopic"));
    assert!(planned(&letter, &FORCE).is_ok());
}

#[test]
fn a_workflows_event_goes_to_the_bus_under_its_own_ids() {
    let body =
        json!({"kind": "workflow", "reason": "Defect", "event": bus_event("flight.delay.major")});
    let letter = letter(Shelf::DeadLetters, &body);
    let Ok(Again::Event { source, detail_type, detail }) = planned(&letter, &How::default()) else {
        panic!()
    };
    assert_eq!(
        (source.as_str(), detail_type.as_str()),
        ("flightpulse.kafka-consumer", "flight.delay.major")
    );
    let detail: Value = serde_json::from_str(&detail).unwrap();
    assert_eq!(detail, bus_event("flight.delay.major")["detail"]);
}

#[rstest]
#[case(Some("20261121T090000Z-3f2a9c1b"))]
#[case(None)]
fn a_reconciliation_that_failed_is_asked_for_again_as_the_same_run(#[case] run: Option<&str>) {
    let body = failed_reconciliation(run);
    let letter = letter(Shelf::DeadLetters, &body);
    let expected = Again::Event {
        source: "flightpulse.reconciliation".into(),
        detail_type: "reconciliation.requested".into(),
        detail: body["event"]["detail"].to_string(),
    };
    assert_eq!(planned(&letter, &How::default()), Ok(expected));
    let Stays(why) = planned(&letter, &mended(b"{}")).unwrap_err();
    assert!(why.starts_with("--with-file is for records"), "{why}");
}

#[test]
fn an_event_by_hand_keeps_the_id_and_time_of_its_envelope() {
    let mut event = bus_event("flight.delay.major");
    event["detail"] = json!({"flight_id": "SW5678", "delay_minutes": 90});
    let letter = letter(Shelf::RuleDeadLetters, &event);
    let Ok(Again::Event { detail, .. }) = planned(&letter, &How::default()) else { panic!() };
    let detail: Value = serde_json::from_str(&detail).unwrap();
    assert_eq!(
        (&detail["event_id"], &detail["occurred_at"]),
        (&json!("ev-1"), &json!("2026-11-21T09:00:00Z"))
    );
}

#[rstest]
#[case("/source", json!("aws.s3"), "no rule takes")]
#[case("/source", json!(7), "no source")]
#[case("/detail", json!("text"), "no detail")]
fn an_event_that_no_rule_would_take_stays(
    #[case] at: &str,
    #[case] value: Value,
    #[case] says: &str,
) {
    let mut event = bus_event("flight.delay.major");
    *event.pointer_mut(at).unwrap() = value;
    let letter = letter(Shelf::RuleDeadLetters, &event);
    assert!(planned(&letter, &How::default()).unwrap_err().0.contains(says));
}

#[test]
fn an_event_of_an_unknown_flight_becomes_what_the_operations_centre_sent() {
    let letter = letter(Shelf::UnknownFlights, &bus_event("flight.unknown"));
    let waits = waits_for(&letter, &How::default()).unwrap().unwrap();
    assert_eq!(waits.as_str(), "SW5678");
    assert_eq!(waits_for(&letter, &FORCE), Ok(None));
    let Ok(Again::Record { key, correlation_id, value }) = planned(&letter, &How::default()) else {
        panic!()
    };
    assert_eq!((key.as_deref(), correlation_id.as_str()), (Some("SW5678"), "c-1"));
    let value: Value = serde_json::from_slice(&value).unwrap();
    assert_eq!(
        value,
        json!({
            "event_id": "e1", "event_type": "FLIGHT_DELAY", "timestamp": "2026-11-21T08:59:00Z",
            "source": "operations_center",
            "payload": {"flight_id": "SW5678", "delay_minutes": 90, "reason": "WEATHER", "reason_detail": "Snow"},
        })
    );
}

/// What the consumer publishes of every kind of event comes back as that event.
#[rstest]
#[case(json!({"flight_id": "SW1", "delay_minutes": 90, "reason": "ATC", "new_departure": "2026-11-22T22:40:00Z"}), "FLIGHT_DELAY")]
#[case(json!({"flight_id": "SW1", "reason": "ATC", "rebooking_priority": "HIGH"}), "FLIGHT_CANCELLED")]
#[case(json!({"flight_id": "SW1", "old_gate": "A5", "new_gate": "D15", "terminal_change": true}), "GATE_CHANGE")]
#[case(json!({"flight_id": "SW1", "new_arrival": "2026-11-22T22:40:00Z"}), "FLIGHT_REINSTATED")]
fn nothing_of_an_event_is_lost_on_its_way_back(#[case] payload: Value, #[case] event_type: &str) {
    use flightpulse_contracts::flight_events::FlightEvent;
    use flightpulse_domain::ids::CorrelationId;
    let sent = json!({"event_id": "e1", "event_type": event_type, "source": "ops",
        "timestamp": "2026-11-21T08:59:00Z", "payload": payload});
    let read = |value: &[u8]| OperationsEvent::read(Some(value), now()).unwrap();
    let sent = read(sent.to_string().as_bytes());
    let detail = FlightEvent::new(sent.clone(), CorrelationId::new("c").unwrap(), None);
    let mut event = bus_event(detail.detail_type());
    event["detail"] = serde_json::to_value(&detail).unwrap();
    let letter = letter(Shelf::UnknownFlights, &event);
    let Ok(Again::Record { value, .. }) = planned(&letter, &How::default()) else { panic!() };
    assert_eq!(read(&value), sent);
}

#[test]
fn a_batch_goes_to_its_function_if_that_is_ours() {
    let ours = "arn:aws:lambda:us-east-1:000000000000:function:FlightPulse-KafkaConsumer";
    let payload = json!({"records": {}});
    let planned = |function: &str| {
        let letter = letter(Shelf::Bucket, &batch(function, &payload));
        planned(&letter, &How::default())
    };
    let again = Again::Batch { function: ours.into(), payload: payload.to_string() };
    assert_eq!(planned(ours), Ok(again));
    assert!(planned("FlightPulse-StreamHandler").is_ok());
    let Stays(why) = planned("arn:aws:lambda:us-east-1:1:function:Payroll").unwrap_err();
    assert!(why.contains("no function of FlightPulse"), "{why}");
}

#[test]
fn a_booking_and_what_cannot_be_read_say_what_to_do() {
    let booking = json!({"kind": "booking", "booking_id": "B1", "event_id": "e1",
        "execution_id": "x", "reason": "gone", "at": "2026-11-21T09:00:00Z"});
    let Stays(why) = planned(&letter(Shelf::DeadLetters, &booking), &FORCE).unwrap_err();
    assert!(why.contains("ops resend") && why.contains("dlq drop 1f0c"), "{why}");
    let odd = letter(Shelf::DeadLetters, &json!({}));
    assert!(planned(&odd, &FORCE).is_err());
}

#[test]
fn a_file_is_for_records_only() {
    let letter = letter(Shelf::RuleDeadLetters, &bus_event("flight.delay.major"));
    let Stays(why) = planned(&letter, &mended(GOOD)).unwrap_err();
    assert!(why.contains("--with-file is for records"), "{why}");
}

#[test]
fn bytes_that_lie_in_the_bucket_are_fetched_unless_others_are_given() {
    let direct = json!({"kind": "direct_event", "reason": "no", "at": "2026-11-21T09:00:00Z",
        "bytes_at": "s3://b/k"});
    let letter = letter(Shelf::DeadLetters, &direct);
    assert_eq!(bytes_at(&letter, &How::default()), Some("s3://b/k"));
    assert_eq!(bytes_at(&letter, &mended(GOOD)), None);
    assert_eq!(
        again(&letter, Bytes(Some(GOOD)), &How::default(), now()),
        Ok(Again::Direct { body: GOOD.to_vec() })
    );
}

const CANCELLED: &[u8] = br#"{"_id": "x1", "eventType": "commerce.backofficeOrderCancelled",
    "timestamp": "2026-11-21T09:00:00Z", "_tlpairways": {"booking": {"pnr": "ABC123"}}}"#;

#[rstest]
#[case(br#"{"eventType": "commerce.purchases"}"#, "tenant")]
#[case(br#"{"eventType": "web.pageViews"}"#, "about no booking")]
#[case(b"{", "no JSON")]
fn a_booking_event_stays_until_it_is_mended(#[case] bytes: &[u8], #[case] says: &str) {
    let letter = letter(Shelf::DeadLetters, &booking_event(bytes));
    let Stays(why) = planned(&letter, &How::default()).unwrap_err();
    assert!(why.starts_with("it would be refused again") && why.contains(says), "{why}");
    let Stays(why) = planned(&letter, &mended(bytes)).unwrap_err();
    assert!(why.starts_with("the file would be refused too"), "{why}");
    let Ok(Again::Booking { message }) = planned(&letter, &mended(CANCELLED)) else { panic!() };
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(message["events"][0]["_id"], "x1");
    // Received anew: how long it lay here is nobody's latency.
    assert_eq!(
        (&message["source"], &message["received_at"]),
        (&json!("forwarder"), &json!("2026-11-21T10:00:00Z"))
    );
}

#[test]
fn a_record_of_a_topic_of_bookings_is_mended_into_the_queue_of_bookings() {
    let mut body = record(b"no json");
    body["topic"] = json!("bookings");
    let letter = letter(Shelf::DeadLetters, &body);
    let Ok(Again::Booking { message }) = planned(&letter, &mended(CANCELLED)) else { panic!() };
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(
        (&message["source"], &message["events"][0]["_id"]),
        (&json!("bookings"), &json!("x1"))
    );
    let Stays(why) = planned(&letter, &mended(b"{")).unwrap_err();
    assert!(why.starts_with("the file would be refused too"), "{why}");
}

#[rstest]
#[case(|event| json!([event, event]), 2)]
#[case(|event| json!({"events": [event, event, event]}), 3)]
#[case(|event| json!({"event_id": "x2", "event": event}), 1)]
fn a_record_is_mended_in_every_form_that_its_consumer_takes(
    #[case] form: fn(Value) -> Value,
    #[case] count: usize,
) {
    let mut body = record(b"no json");
    body["topic"] = json!("bookings");
    let letter = letter(Shelf::DeadLetters, &body);
    let file = form(serde_json::from_slice(CANCELLED).unwrap()).to_string();
    let Ok(Again::Booking { message }) = planned(&letter, &mended(file.as_bytes())) else {
        panic!()
    };
    let message: Value = serde_json::from_str(&message).unwrap();
    let ids: Vec<_> = message["events"].as_array().unwrap().iter().map(|e| &e["_id"]).collect();
    assert_eq!((ids, &message["feed"]), (vec![&json!("x1"); count], &json!("aep-event-hubs")));
}

#[rstest]
#[case("[]", "it has no event")]
#[case(r#"{"events": []}"#, "it has no event")]
#[case("7", "neither an event, nor an array")]
// One that would be refused keeps all of them.
#[case(r#"[{"eventType": "web.pageViews"}]"#, "about no booking")]
fn a_record_stays_with_a_file_of_no_bookings(#[case] file: &str, #[case] says: &str) {
    let mut body = record(b"no json");
    body["topic"] = json!("bookings");
    let letter = letter(Shelf::DeadLetters, &body);
    let Stays(why) = planned(&letter, &mended(file.as_bytes())).unwrap_err();
    assert!(why.starts_with("the file would be refused too") && why.contains(says), "{why}");
}

#[test]
fn a_record_stays_with_more_events_than_a_message_has() {
    let mut body = record(b"no json");
    body["topic"] = json!("bookings");
    let letter = letter(Shelf::DeadLetters, &body);
    let event: Value = serde_json::from_slice(CANCELLED).unwrap();
    let file = json!(vec![event; 26]).to_string();
    let Stays(why) = planned(&letter, &mended(file.as_bytes())).unwrap_err();
    assert!(why.contains("need 2 messages") && why.contains("at most 25 events"), "{why}");
}

#[test]
fn a_booking_event_that_can_be_read_goes_to_the_queue_and_force_sends_any() {
    let good = letter(Shelf::DeadLetters, &booking_event(CANCELLED));
    assert!(matches!(planned(&good, &How::default()), Ok(Again::Booking { .. })));
    let odd = letter(Shelf::DeadLetters, &booking_event(b"[]"));
    assert!(planned(&odd, &How::default()).is_err());
    assert!(matches!(planned(&odd, &FORCE), Ok(Again::Booking { .. })));
}

#[rstest]
#[case(None, "aep-streaming")]
#[case(Some("aep-event-hubs"), "aep-event-hubs")]
fn a_booking_event_keeps_its_feed(#[case] feed: Option<&str>, #[case] expected: &str) {
    let mut body = booking_event(CANCELLED);
    if let Some(feed) = feed {
        body["feed"] = json!(feed);
    }
    let letter = letter(Shelf::DeadLetters, &body);
    let Ok(Again::Booking { message }) = planned(&letter, &How::default()) else { panic!() };
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(message["feed"], expected);
}

#[test]
fn a_message_of_bookings_goes_to_its_queue_as_it_was() {
    let letter = letter(Shelf::BookingDeadLetters, &booking_message());
    let message = booking_message().to_string();
    assert_eq!(planned(&letter, &How::default()), Ok(Again::Booking { message }));
    assert!(planned(&letter, &mended(CANCELLED)).is_err());
}
