//! `api`: requests as a REST API of API Gateway hands them over; a flight, or a page of flights, comes back.

mod request;

use crate::task::{Compared, Task};
use bytes::Bytes;
use request::{Get, comparable};
use serde_json::Value;

pub(crate) const TASK: Task = Task {
    name: "api",
    unit: "flights",
    // 100 are a page at most.
    sizes: &[1, 10, 100],
    payload: |flights| match flights {
        1 => flight("SW1001").event(),
        many => page(&many.to_string()).event(),
    },
    compared: &[
        compared("a flight", |_| flight("SW1002").event(), FLIGHT),
        compared("a flight that the client has already", known, FLIGHT),
        compared("an ETag that is none", |_| flight("SW1002").if_none_match("abc").event(), &[]),
        compared("an unknown flight", |_| flight("SW0000").event(), FLIGHT),
        compared("what can be no flight", |_| flight("SW%2012").event(), &[]),
        compared("a parameter that there is not", |_| flight("SW1").and("x", "1").event(), &[]),
        compared("the first page", |_| page("100").event(), FIRST_PAGE),
        compared("the next page", next_page, PAGE),
        compared("the last page", next_page, PAGE),
        compared("flights of a window", window, PAGE),
        compared("a window with nothing in it", |_| empty_window().event(), &[]),
        compared("a time that is none", |_| page("5").and("departs_from", "noon").event(), &[]),
        compared("a limit that is too large", |_| page("101").event(), &[]),
        compared("a limit that is given twice", |_| page("5").and("limit", "6").event(), &[]),
        compared("no status", |_| Get::all("/flights").event(), &[]),
        compared("a cursor of others", |_| page("5").and("cursor", OF_OTHERS).event(), &[]),
        compared("a cursor that is none", |_| page("5").and("cursor", "x").event(), &[]),
        compared("what passengers were told", |_| told().signed().event(), TOLD),
        compared("the same, unsigned", |_| told().event(), &[]),
        compared("a booking", |_| booking("B1").signed().event(), &[("GetItem", 1)]),
        compared("an unknown booking", |_| booking("B0000").signed().event(), &[("GetItem", 1)]),
        compared("nothing that there is", |_| Get::all("/gates").event(), &[]),
    ],
    has_own_work: false,
    comparable,
    in_order: false,
};

type Calls = &'static [(&'static str, u64)];

/// A flight, and what it has of reservations.
const FLIGHT: Calls = &[("BatchGetItem", 1), ("GetItem", 1)];
/// Flights, and what they have of reservations.
const PAGE: Calls = &[("BatchGetItem", 1), ("Query", 1)];
/// The same, and the key of cursors, which is kept from then on.
const FIRST_PAGE: Calls = &[("BatchGetItem", 1), ("GetSecretValue", 1), ("Query", 1)];
/// Notifications, and whether there is their flight.
const TOLD: Calls = &[("GetItem", 1), ("Query", 1)];

/// A cursor of the right form, under another key.
const OF_OTHERS: &str = "AT-1R_hT064I0gQG2eFQLUo1jfpJuQrIKwZ5QfkOH8JjQjAwMQ";

const fn compared(what: &'static str, payload: fn(&Value) -> Bytes, needed: Calls) -> Compared {
    Compared { what, payload, needed }
}

fn flight(id: &str) -> Get {
    Get::one("/flights/{flight_id}", id)
}

fn booking(id: &str) -> Get {
    Get::one("/bookings/{booking_id}", id)
}

fn told() -> Get {
    Get::one("/flights/{flight_id}/notifications", "SW1002").and("limit", "20")
}

fn page(limit: &str) -> Get {
    Get::all("/flights").and("status", "DELAYED").and("limit", limit)
}

/// The flight of the answer before, by its ETag.
fn known(before: &Value) -> Bytes {
    let etag = before["headers"]["etag"].as_str().unwrap_or_default();
    flight("SW1002").if_none_match(&format!("\"other\", W/{etag}")).event()
}

/// The page behind that of the answer before.
fn next_page(before: &Value) -> Bytes {
    page("100").and("cursor", before["body"]["next"].as_str().unwrap_or_default()).event()
}

fn window(_: &Value) -> Bytes {
    let flights = Get::all("/flights").and("status", "DELAYED").and("limit", "50");
    let flights = flights.and("departs_from", "2035-11-22T03:00:00+01:00");
    flights.and("departs_before", "2035-11-22T02:30:00.5Z").event()
}

fn empty_window() -> Get {
    let noon = "2035-11-22T12:00:00Z";
    page("5").and("departs_from", noon).and("departs_before", noon)
}
