use super::*;
use flightpulse_bus::memory::MemoryBus;
use rstest::rstest;

/// As Lambda hands it over.
fn handed(event: &Value) -> StreamEvent {
    StreamEvent::read(&event.to_string())
}

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn handler() -> StreamHandler<MemoryBus> {
    StreamHandler { bus: MemoryBus::default() }
}

fn flight(id: &str, status: &str, more: Value) -> Value {
    let mut item = json!({
        "PK": {"S": format!("FLIGHT#{id}")}, "SK": {"S": "METADATA"}, "flight_id": {"S": id},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"},
        "scheduled_departure": {"S": "2026-11-22T21:10:00Z"},
        "scheduled_arrival": {"S": "2026-11-22T23:05:00Z"},
        "status": {"S": status}, "gate": {"S": "B7"}, "delay_minutes": {"N": "0"},
        "booked_passengers": {"N": "3"}, "revision": {"N": "1"},
    });
    for (name, value) in more.as_object().unwrap() {
        item[name] = value.clone();
    }
    item
}

fn booking(id: &str, status: &str, more: Value) -> Value {
    let mut item = json!({
        "PK": {"S": format!("BOOKING#{id}")}, "SK": {"S": "METADATA"}, "booking_id": {"S": id},
        "passenger_id": {"S": "P1"}, "flight_id": {"S": "SW1"},
        "confirmation_number": {"S": "ABC123"}, "booking_status": {"S": status},
        "checked_in": {"BOOL": false}, "created_at": {"S": "2026-11-01T08:00:00Z"},
        "special_requests": {"L": [{"S": "WCHR"}]}, "seat": {"S": "12A"},
    });
    for (name, value) in more.as_object().unwrap() {
        item[name] = value.clone();
    }
    item
}

fn record(number: &str, old: Value, new: Value) -> Value {
    json!({
        "eventID": format!("id-{number}"), "eventName": "MODIFY", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_341_600, "SequenceNumber": number,
            "Keys": {"PK": new["PK"], "SK": new["SK"]}, "OldImage": old, "NewImage": new,
            "SizeBytes": 59, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    })
}

fn changed(number: u32) -> Value {
    let none = json!({});
    let new = flight("SW1", "BOARDING", none.clone());
    record(&number.to_string(), flight("SW1", "SCHEDULED", none), new)
}

fn unchanged(number: u32) -> Value {
    let none = json!({});
    let new = flight("SW1", "SCHEDULED", json!({"gate": {"S": "D15"}}));
    record(&number.to_string(), flight("SW1", "SCHEDULED", none), new)
}

fn poison(number: u32) -> Value {
    let mut odd = changed(number);
    odd["dynamodb"]["NewImage"] = json!({"PK": {"S": "FLIGHT#SW1"}, "SK": {"S": "METADATA"}});
    odd
}

fn without_number() -> Value {
    let mut odd = changed(0);
    odd["dynamodb"].as_object_mut().unwrap().remove("SequenceNumber");
    odd
}

fn batch(records: impl IntoIterator<Item = Value>) -> Value {
    json!({"Records": records.into_iter().collect::<Vec<_>>()})
}

fn failed(number: Option<u32>) -> Value {
    let one = |number: u32| json!({"itemIdentifier": number.to_string()});
    json!({"batchItemFailures": number.into_iter().map(one).collect::<Vec<_>>()})
}

fn published(handler: &StreamHandler<MemoryBus>) -> Vec<(&'static str, Value)> {
    let detail = |text: &str| serde_json::from_str(text).unwrap();
    let events = handler.bus.published();
    events.iter().map(|event| (event.detail_type, detail(&event.detail))).collect()
}

fn ids(handler: &StreamHandler<MemoryBus>) -> Vec<String> {
    let id = |detail: &Value| detail["event_id"].as_str().unwrap().to_owned();
    published(handler).iter().map(|(_, detail)| id(detail)).collect()
}

#[tokio::test]
async fn a_cancellation_and_its_booking_are_told_with_what_was_and_what_is() {
    let handler = handler();
    let version = json!({"S": "2026-11-22T09:59:00.000000Z#evt-7"});
    let cancelled = flight("SW1", "CANCELLED", json!({"status_version": version}));
    let needs = json!({
        "flight_status_version": version, "rebooking_version": version,
        "GSI2PK": {"S": "NEEDS_REBOOKING"}, "GSI2SK": {"S": "2026-11-01T08:00:00Z"},
    });
    let event = batch([
        record("1", flight("SW1", "SCHEDULED", json!({})), cancelled),
        record("2", booking("B1", "CONFIRMED", json!({})), booking("B1", "NEEDS_REBOOKING", needs)),
    ]);
    assert_eq!(handler.handle(handed(&event), now()).await.unwrap(), failed(None));
    assert!(handler.bus.published().iter().all(|one| one.source == "flightpulse.stream-handler"));
    insta::assert_json_snapshot!(published(&handler));
}

#[tokio::test]
async fn what_changes_no_status_is_done_without_an_event() {
    let handler = handler();
    let mut inserted = changed(2);
    inserted["eventName"] = json!("INSERT");
    inserted["dynamodb"].as_object_mut().unwrap().remove("OldImage");
    let passenger = json!({"PK": {"S": "PASSENGER#P1"}, "SK": {"S": "METADATA"}});
    let event = batch([unchanged(1), inserted, record("3", passenger.clone(), passenger)]);
    assert_eq!(handler.handle(handed(&event), now()).await.unwrap(), failed(None));
    assert_eq!(handler.handle(handed(&batch([])), now()).await.unwrap(), failed(None));
    assert_eq!(published(&handler), []);
}

#[tokio::test]
async fn a_repeat_of_a_record_is_a_repeat_of_its_event() {
    let handler = handler();
    for _ in 0..2 {
        handler.handle(handed(&batch([changed(1)])), now()).await.unwrap();
    }
    let events = handler.bus.published();
    assert_eq!((events.len(), &events[0]), (2, &events[1]));
}

#[rstest]
#[case::in_the_middle(&["id-12\""], Some(12), 9)]
#[case::two_of_them(&["id-13\"", "id-12\""], Some(12), 8)]
#[case::the_first(&["id-1\""], Some(1), 9)]
#[case::all(&["id-"], Some(1), 0)]
#[tokio::test]
async fn what_the_bus_does_not_take_comes_again_from_the_lowest_number(
    #[case] failing: &[&str],
    #[case] lowest: Option<u32>,
    #[case] of_its_call: usize,
) {
    let handler = handler();
    handler.bus.fail_containing(failing);
    let answer = handler.handle(handed(&batch((1..=35).map(changed))), now()).await.unwrap();
    assert_eq!(answer, failed(lowest));
    // The calls before it, and what the bus took of its own call; nothing of the calls after it.
    let calls_before = (lowest.unwrap() as usize - 1) / 10;
    assert_eq!(ids(&handler).len(), calls_before * 10 + of_its_call);
}

#[tokio::test]
async fn records_before_an_unreadable_one_are_published_and_it_is_answered() {
    let handler = handler();
    let event = batch([changed(1), unchanged(2), poison(3), changed(4)]);
    assert_eq!(handler.handle(handed(&event), now()).await.unwrap(), failed(Some(3)));
    assert_eq!(ids(&handler), ["id-1"]);
}

#[tokio::test]
async fn a_failure_before_an_unreadable_record_is_the_lower_number() {
    let handler = handler();
    handler.bus.fail_containing(&["id-1\""]);
    let answer = handler.handle(handed(&batch([changed(1), poison(2)])), now()).await.unwrap();
    assert_eq!(answer, failed(Some(1)));
}

#[tokio::test]
async fn an_unreadable_record_at_the_head_of_others_fails_the_invocation_before_anything_is_sent() {
    let handler = handler();
    let failure = handler.handle(handed(&batch([poison(1), changed(2)])), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
    assert!(failure.to_string().contains("FLIGHT#SW1 / METADATA"), "{failure}");
    assert_eq!(published(&handler), []);
}

#[tokio::test]
async fn an_unreadable_record_alone_is_answered_as_failed() {
    let answer = handler().handle(handed(&batch([poison(7)])), now()).await.unwrap();
    assert_eq!(answer, failed(Some(7)));
}

#[rstest]
#[case::alone(vec![without_number()])]
#[case::behind_others(vec![changed(1), without_number()])]
#[tokio::test]
async fn a_record_without_a_number_cannot_be_answered_for(#[case] records: Vec<Value>) {
    let handler = handler();
    let failure = handler.handle(handed(&batch(records)), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
    assert_eq!(published(&handler), []);
}

#[rstest]
#[case(json!({"records": {}}))]
#[case(json!([]))]
#[case(json!({"Records": "x"}))]
#[tokio::test]
async fn an_event_of_another_shape_is_refused(#[case] event: Value) {
    let failure = handler().handle(handed(&event), now()).await.unwrap_err();
    assert_eq!(failure.error_type(), "InvalidInput");
}

// Delivers a batch as the mapping is documented to: cut at the number answered, in halves after
// a failed invocation, a record that fails alone given up. Gives the numbers given up.
async fn deliver(handler: &StreamHandler<MemoryBus>, records: Vec<Value>) -> Vec<Value> {
    let (mut batches, mut given_up) = (vec![records], Vec::new());
    while let Some(mut one) = batches.pop() {
        match handler.handle(handed(&batch(one.clone())), now()).await {
            Ok(answer) => {
                let number = &answer["batchItemFailures"][0]["itemIdentifier"];
                let is_it = |record: &Value| record["dynamodb"]["SequenceNumber"] == *number;
                match one.iter().position(is_it) {
                    None => assert!(number.is_null()),
                    Some(0) if one.len() == 1 => given_up.append(&mut one),
                    Some(0) => panic!("all of it would come again until all of it is given up"),
                    Some(at) => batches.push(one.split_off(at)),
                }
            }
            Err(_) if one.len() == 1 => given_up.append(&mut one),
            Err(_) => {
                let second = one.split_off(one.len() / 2);
                batches.extend([second, one]);
            }
        }
    }
    given_up
}

#[rstest]
#[case::first(&[0])]
#[case::last(&[39])]
#[case::in_the_middle(&[17])]
#[case::several(&[0, 1, 20, 21, 39])]
#[case::all_but_one(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13])]
#[tokio::test]
async fn only_what_is_unreadable_is_given_up_and_all_others_are_published_once(
    #[case] unreadable: &[u32],
    #[values(poison, |_| without_number())] odd: fn(u32) -> Value,
) {
    let handler = handler();
    let record = |n: u32| if unreadable.contains(&n) { odd(n) } else { changed(n) };
    let given_up = deliver(&handler, (0..40).map(record).collect()).await;
    assert_eq!(given_up, unreadable.iter().map(|n| odd(*n)).collect::<Vec<_>>());
    let readable = (0..40).filter(|n| !unreadable.contains(n)).map(|n| format!("id-{n}"));
    assert_eq!(ids(&handler), readable.collect::<Vec<_>>());
}
