//! Items of our table, as its store writes them.

use serde_json::{Value, json};

/// Which day flights leave, in this module.
const DAY: &str = "2035-11-22";
/// Flights fly for so many minutes.
const FLIES: usize = 115;
/// What is late, is late by so many minutes.
const LATE: usize = 90;

/// A time of the day that flights leave, UTC, by its minute: 1,439 is the last.
pub(crate) fn time(minute: usize) -> String {
    format!("{DAY}T{:02}:{:02}:00Z", minute / 60 % 24, minute % 60)
}

/// The version that an event gives to what it changes.
pub(crate) fn version(event_id: &str) -> Value {
    json!({"S": format!("2035-11-21T10:00:00.000000Z#{event_id}")})
}

/// The same item with other attributes.
pub(crate) fn with(mut item: Value, changed: Value) -> Value {
    if let (Value::Object(item), Value::Object(changed)) = (&mut item, changed) {
        item.extend(changed);
    }
    item
}

/// A flight as it is planned, that leaves at this minute of its day.
pub(crate) fn flight(id: &str, minute: usize) -> Value {
    let departure = time(minute);
    json!({
        "PK": {"S": format!("FLIGHT#{id}")}, "SK": {"S": "METADATA"}, "flight_id": {"S": id}, "status": {"S": "SCHEDULED"},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "gate": {"S": "B7"},
        "scheduled_departure": {"S": &departure}, "scheduled_arrival": {"S": time(minute + FLIES)},
        "delay_minutes": {"N": "0"}, "booked_passengers": {"N": "180"}, "revision": {"N": "4"},
        "GSI1PK": {"S": "SCHEDULED"}, "GSI1SK": {"S": &departure},
    })
}

/// The same flight, late by an event, of which its passengers have been told.
pub(crate) fn late(id: &str, minute: usize, event_id: &str) -> Value {
    let told = json!({"M": {
        "version": version(event_id), "revision": {"N": "5"}, "departure": {"S": time(minute + LATE)},
    }});
    with(
        flight(id, minute),
        json!({
            "status": {"S": "DELAYED"}, "GSI1PK": {"S": "DELAYED"}, "delay_minutes": {"N": LATE.to_string()},
            "delay_reason": {"S": "WEATHER"}, "actual_departure": {"S": time(minute + LATE)},
            "actual_arrival": {"S": time(minute + LATE + FLIES)}, "aircraft": {"S": "Boeing 737 MAX 8"},
            "capacity": {"N": "175"}, "schedule_version": version(event_id), "schedule_news": {"M": {"told": told}},
            "revision": {"N": "6"},
        }),
    )
}

/// The same flight, cancelled by an event, of which its passengers are being told.
pub(crate) fn cancelled(id: &str, minute: usize, event_id: &str) -> Value {
    let telling = json!({"M": {
        "version": version(event_id), "revision": {"N": "5"}, "cancelled": {"BOOL": true},
    }});
    let why = json!({"M": {"reason": {"S": "CREW"}, "rebooking_priority": {"S": "HIGH"}}});
    with(
        flight(id, minute),
        json!({
            "status": {"S": "CANCELLED"}, "GSI1PK": {"S": "CANCELLED"}, "cancellation": why,
            "status_version": version(event_id), "status_news": {"M": {"telling": telling}}, "revision": {"N": "5"},
        }),
    )
}

/// What a flight has of reservations that came by a feed.
pub(crate) fn totals(flight_id: &str) -> Value {
    json!({
        "PK": {"S": format!("FLIGHT#{flight_id}")}, "SK": {"S": "OPERATIONS"}, "reservations": {"N": "5"},
        "passengers#economy": {"N": "7"}, "passengers#business": {"N": "2"}, "revenue#USD": {"N": "214500"},
        "ancillary_revenue#USD": {"N": "9000"}, "ancillaries#bag": {"N": "3"},
    })
}

/// A booking.
pub(crate) fn booking(id: &str, flight_id: &str) -> Value {
    json!({
        "PK": {"S": format!("BOOKING#{id}")}, "SK": {"S": "METADATA"}, "booking_id": {"S": id},
        "passenger_id": {"S": format!("P-{id}")}, "flight_id": {"S": flight_id}, "confirmation_number": {"S": "K7QX2M"},
        "seat": {"S": "12A"}, "fare_class": {"S": "Business Select"}, "booking_status": {"S": "CONFIRMED"},
        "checked_in": {"BOOL": false}, "bags_checked": {"N": "1"}, "special_requests": {"L": [{"S": "WCHR"}]},
        "passenger_count": {"N": "1"}, "created_at": {"S": "2035-10-18T16:05:00Z"},
    })
}

/// The same booking, whose flight was cancelled by an event.
pub(crate) fn stranded(id: &str, flight_id: &str, event_id: &str) -> Value {
    with(
        booking(id, flight_id),
        json!({
            "booking_status": {"S": "NEEDS_REBOOKING"}, "GSI2PK": {"S": "NEEDS_REBOOKING"},
            "GSI2SK": {"S": "2035-10-18T16:05:00Z"}, "flight_status_version": version(event_id),
            "rebooking_version": version(event_id),
        }),
    )
}

/// A notification of a flight that was sent: the `nth` of its day.
pub(crate) fn notification(flight_id: &str, nth: usize) -> Value {
    let id = format!("3f0c5f5e-8a53-5d0f-9b8e-{nth:012}");
    let sent_at = format!("2035-11-21T10:{:02}:{:02}.512000Z", nth / 60 % 60, nth % 60);
    let (order, booking) = (format!("{sent_at}#{id}"), format!("B{nth}"));
    json!({
        "PK": {"S": format!("NOTIFICATION#{id}")}, "SK": {"S": "CLAIM"}, "state": {"S": "SENT"},
        "owner": {"S": "arn:aws:states:us-east-1:123456789012:execution:FlightPulseDelay:bench"},
        "event_id": {"S": "evt-20351121-0001"}, "flight_id": {"S": flight_id}, "booking_id": {"S": &booking},
        "channel": {"S": "email"}, "updated_at": {"S": &sent_at}, "claimed_until": {"N": "2079252304"},
        "expires_at": {"N": "2082272704"}, "GSI1PK": {"S": format!("FLIGHT#{flight_id}")}, "GSI1SK": {"S": &order},
        "GSI2PK": {"S": format!("BOOKING#{booking}")}, "GSI2SK": {"S": &order}, "sent_at": {"S": &sent_at},
        "passenger_id": {"S": format!("P-{booking}")}, "kind": {"S": "DELAY"}, "nature": {"S": "NEWS"},
        "language": {"S": "es"}, "author": {"S": "MODEL"}, "headline": {"S": "Tu vuelo sale más tarde: 15:40"},
    })
}
