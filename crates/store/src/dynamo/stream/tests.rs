use super::*;
use crate::conformance;
use crate::dynamo::item::{self, Item};
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::flight::FlightStatus;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

fn read(record: &Value) -> Result<StreamRecord, Unreadable> {
    super::read(&RawValue::from_string(record.to_string()).unwrap())
}

fn image(item: Item) -> Value {
    serde_json::from_str(&found::text_of(item)).unwrap()
}

fn flight_image(status: FlightStatus) -> Value {
    let mut flight = conformance::flight("SW1");
    flight.status = status;
    image(item::flight(&flight).unwrap())
}

fn booking_image(status: BookingStatus) -> Value {
    let mut booking = conformance::booking("B1", "P1", "SW1");
    booking.booking_status = status;
    let [own, ..] = item::booking(&booking).unwrap();
    image(own)
}

fn record(pk: &str, sk: &str, old: Value, new: Value) -> Value {
    json!({
        "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "MODIFY",
        "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_341_600.25,
            "Keys": {"PK": {"S": pk}, "SK": {"S": sk}},
            "OldImage": old, "NewImage": new,
            "SequenceNumber": "4421584500000000017450439092", "SizeBytes": 59,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/FlightPulseTable/stream/x",
    })
}

fn flight_record() -> Value {
    let (old, new) = (flight_image(FlightStatus::Scheduled), flight_image(FlightStatus::Cancelled));
    record("FLIGHT#SW1", "METADATA", old, new)
}

fn booking_record() -> Value {
    let old = booking_image(BookingStatus::Confirmed);
    record("BOOKING#B1", "METADATA", old, booking_image(BookingStatus::NeedsRebooking))
}

#[test]
fn a_flight_is_read_before_and_after_the_write() {
    let read = read(&flight_record()).unwrap();
    assert_eq!(read.sequence_number.as_str(), "4421584500000000017450439092");
    let Change::Flight(write) = read.change else { panic!("{read:?}") };
    assert_eq!(write.event_id.as_str(), "c4ca4238a0b923820dcc509a6f75849b");
    assert_eq!(write.at.to_string(), "2026-11-22T10:00:00.25Z");
    assert_eq!(write.old.unwrap(), conformance::flight("SW1"));
    assert_eq!(write.new.unwrap().status, FlightStatus::Cancelled);
}

#[test]
fn a_booking_is_read_before_and_after_the_write() {
    let Change::Booking(write) = read(&booking_record()).unwrap().change else { panic!() };
    assert_eq!(write.old.unwrap().booking_status, BookingStatus::Confirmed);
    assert_eq!(write.new.unwrap().booking_status, BookingStatus::NeedsRebooking);
}

#[rstest]
#[case("INSERT", "OldImage")]
#[case("REMOVE", "NewImage")]
fn an_item_that_is_made_or_deleted_has_one_image(#[case] name: &str, #[case] without: &str) {
    let mut one = flight_record();
    one["eventName"] = json!(name);
    one["dynamodb"].as_object_mut().unwrap().remove(without);
    let Change::Flight(write) = read(&one).unwrap().change else { panic!() };
    assert_eq!((write.old.is_none(), write.new.is_none()), (name == "INSERT", name == "REMOVE"));
}

#[rstest]
#[case("PASSENGER#P1", "METADATA")]
#[case("FLIGHT#SW1", "BOOKING#B1")]
#[case("PASSENGER#P1", "BOOKING#B1")]
#[case("EVENT#e1", "CLAIM#SW1")]
#[case("NOTIFICATION#n1", "CLAIM")]
#[case("SWITCH#notifications", "METADATA")]
#[case("OPERATOR_ACTIONS", "ACTION#1")]
fn other_items_are_left_alone_whatever_is_in_them(#[case] pk: &str, #[case] sk: &str) {
    let odd = record(pk, sk, json!({"anything": 1}), json!(null));
    assert_eq!(read(&odd).unwrap().change, Change::Other);
}

#[rstest]
#[case("/eventName", json!("TRUNCATE"), "its eventName is none of INSERT, MODIFY, REMOVE")]
#[case("/eventID", json!(7), "it has no eventID")]
#[case("/eventID", json!("a b"), "it has no eventID")]
#[case("/dynamodb/Keys", json!({"Id": {"N": "101"}}), "it has no Keys with a text PK and SK")]
#[case("/dynamodb/Keys", json!(null), "it has no Keys with a text PK and SK")]
#[case("/dynamodb/OldImage", json!(null), "its OldImage is no flight: ")]
#[case("/dynamodb/NewImage/status", json!("CANCELLED"), "its NewImage is no flight: ")]
#[case("/dynamodb/NewImage/status", json!({"N": "7"}), "its NewImage is no flight: ")]
#[case("/dynamodb/NewImage/status", json!({"S": "EXPLODED"}), "its NewImage is no flight: ")]
#[case("/dynamodb/NewImage/flight_id", json!({"S": "SW2"}), "its NewImage is of another item")]
#[case("/dynamodb/ApproximateCreationDateTime", json!("noon"), "it has no ApproximateCreation")]
#[case("/dynamodb/ApproximateCreationDateTime", json!(-1), "it has no ApproximateCreation")]
#[case("/dynamodb/ApproximateCreationDateTime", json!(1e300), "it has no ApproximateCreation")]
fn what_cannot_be_read_says_why_and_can_be_answered_for(
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] why: &str,
) {
    let mut odd = flight_record();
    *odd.pointer_mut(pointer).unwrap() = value;
    let unreadable = read(&odd).unwrap_err();
    assert!(unreadable.why.starts_with(why), "{unreadable}");
    assert_eq!(unreadable.sequence_number.unwrap().as_str(), "4421584500000000017450439092");
}

#[rstest]
#[case(json!(null))]
#[case(json!(17))]
#[case(json!(""))]
#[case(json!("12a"))]
#[case(json!("1".repeat(41)))]
fn a_record_that_cannot_be_answered_for_is_unreadable(#[case] number: Value) {
    let mut odd = flight_record();
    odd["dynamodb"]["SequenceNumber"] = number;
    let unreadable = read(&odd).unwrap_err();
    assert_eq!(unreadable.sequence_number, None);
    assert!(unreadable.to_string().contains("FLIGHT#SW1 / METADATA"), "{unreadable}");
}

#[test]
fn what_is_said_of_an_unreadable_booking_names_no_person() {
    let mut odd = booking_record();
    odd["dynamodb"]["NewImage"]["special_requests"] = json!({"S": "María needs a wheelchair"});
    odd["dynamodb"]["NewImage"]["booking_status"] = json!({"S": "María"});
    let said = read(&odd).unwrap_err().to_string();
    let expected = "the stream's record of BOOKING#B1 / METADATA cannot be read: \
                    its NewImage is no booking";
    assert_eq!(said, expected);
}

#[rstest]
#[case("9", "10")]
#[case("099", "100")]
#[case("4421584500000000017450439092", "44215845000000000017450439091")]
#[case("8999999999999999999999999999999999999999", "9000000000000000000000000000000000000000")]
fn numbers_of_any_length_are_compared_as_numbers(#[case] lower: &str, #[case] higher: &str) {
    let (lower, higher) = (SequenceNumber(lower.to_owned()), SequenceNumber(higher.to_owned()));
    assert!(lower < higher);
}

#[test]
fn two_texts_of_one_number_are_two_numbers_in_one_order() {
    let (one, other) = (SequenceNumber("01".to_owned()), SequenceNumber("1".to_owned()));
    assert_ne!(one, other);
    assert_eq!(one.cmp(&other), other.cmp(&one).reverse());
}

proptest! {
    #[test]
    fn sequence_numbers_order_as_numbers_do(a: u128, b: u128, zeros in 0usize..=1) {
        let text = |number: u128| SequenceNumber(format!("{}{number}", "0".repeat(zeros)));
        prop_assert_eq!(text(a).cmp(&text(b)), a.cmp(&b));
    }
}
