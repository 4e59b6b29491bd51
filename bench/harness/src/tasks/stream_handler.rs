//! `stream-handler`: a batch of the table's stream in, ten events a call out, in the stream's order.

use crate::items;
use crate::task::{Compared, Task};
use bytes::Bytes;
use serde_json::{Value, json};

/// Flights that the records of a batch are about.
const FLIGHTS: usize = 20;

pub(crate) const TASK: Task = Task {
    name: "stream-handler",
    unit: "records",
    // Our mapping hands over 100 at most; a mapping may 10,000, within 6 MB.
    sizes: &[1, 10, 100, 1_000],
    payload: |count| batch(records(0, count)),
    compared: &[
        Compared {
            what: "100 records, 70 of them changes of status",
            payload: |_| batch(records(0, 100)),
            needed: &[("PutEvents", 7)],
        },
        Compared {
            what: "records without a change of status",
            payload: |_| batch(records(7, 3)),
            needed: &[],
        },
        Compared {
            what: "one that nobody can read, behind others",
            payload: |_| batch([records(0, 12), vec![unreadable(12)], records(13, 4)].concat()),
            needed: &[("PutEvents", 1)],
        },
        Compared {
            what: "one that nobody can read, before others",
            payload: |_| batch([vec![unreadable(0)], records(1, 4)].concat()),
            needed: &[],
        },
        Compared {
            what: "one that nobody can read, alone",
            payload: |_| batch(vec![unreadable(0)]),
            needed: &[],
        },
        Compared {
            what: "no event of a stream",
            payload: |_| Bytes::from_static(b"{}"),
            needed: &[],
        },
    ],
    has_own_work: false,
    comparable: |answer| answer,
    in_order: true,
};

fn batch(records: Vec<Value>) -> Bytes {
    Bytes::from(json!({"Records": records}).to_string())
}

/// So many records, from this one on. Of ten three are changes of a flight's status, four of a booking's; the
/// others are writes of a flight, or of a booking, that change something else.
fn records(from: usize, count: usize) -> Vec<Value> {
    (from..from + count).map(|nth| record(nth, images(nth))).collect()
}

/// An item before and after the write.
fn images(nth: usize) -> (Value, Value) {
    let (minute, flight) = (nth % FLIGHTS, format!("SW{}", 1_001 + nth % FLIGHTS));
    let (id, event) = (format!("B{nth}"), format!("3f0f5a34-7a52-4b6e-9a55-{nth:012}"));
    let planned = items::flight(&flight, minute);
    let booked = items::booking(&id, &flight);
    match nth % 10 {
        0 => (planned, items::late(&flight, minute, &event)),
        1 => (planned, items::cancelled(&flight, minute, &event)),
        // By another system: no event of ours set it.
        2 => (planned.clone(), items::with(planned, json!({"status": {"S": "BOARDING"}}))),
        3..6 => (booked, items::stranded(&id, &flight, &event)),
        6 => {
            let checked_in =
                json!({"booking_status": {"S": "CHECKED_IN"}, "checked_in": {"BOOL": true}});
            (booked.clone(), items::with(booked, checked_in))
        }
        7 => {
            let late = items::late(&flight, minute, &event);
            (
                late.clone(),
                items::with(
                    late,
                    json!({"gate": {"S": "D15"}, "gate_version": items::version("g")}),
                ),
            )
        }
        8 => {
            let told = items::late(&flight, minute, &event);
            (items::with(told.clone(), json!({"schedule_news": {"M": {}}})), told)
        }
        _ => (booked.clone(), items::with(booked, json!({"seat": {"S": "14C"}}))),
    }
}

/// A record as Lambda hands it over.
fn record(nth: usize, (old, new): (Value, Value)) -> Value {
    let stream = "arn:aws:dynamodb:us-east-1:123456789012:table/FlightPulseTable/stream/2035-11-01T00:00:00.000";
    json!({
        "eventID": format!("{nth:032x}"), "eventName": "MODIFY", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 2_079_252_000 + nth, "SequenceNumber": format!("44215845000000000174{nth:08}"),
            "Keys": {"PK": new["PK"], "SK": new["SK"]}, "SizeBytes": old.to_string().len() + new.to_string().len(),
            "StreamViewType": "NEW_AND_OLD_IMAGES", "OldImage": old, "NewImage": new,
        },
        "eventSourceARN": stream,
    })
}

fn unreadable(nth: usize) -> Value {
    let flight = items::flight("SW1001", 0);
    let nothing = json!({"PK": flight["PK"], "SK": flight["SK"]});
    record(nth, (flight, nothing))
}
