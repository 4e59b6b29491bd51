//! The parameters that routes share.

use super::{Parameter, Place};
use crate::rest::{DEFAULT_LIMIT, MAX_LIMIT, examples};
use flightpulse_domain::ids::{BookingId, FlightId, PassengerId};
use flightpulse_domain::reconciliation::RunId;
use serde_json::{Value, json};

/// The statuses that flights can be listed by, in the words of the API.
pub const FLIGHT_STATUSES: [&str; 7] =
    ["SCHEDULED", "BOARDING", "DELAYED", "CANCELLED", "DEPARTED", "DIVERTED", "ARRIVED"];

/// The longest cursor that is looked at, in characters.
pub const MAX_CURSOR: usize = 512;
/// The longest `If-None-Match` that is looked at, in bytes.
pub const MAX_IF_NONE_MATCH: usize = 4_096;

fn id(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

/// The flight in a path.
pub const FLIGHT_ID: Parameter = Parameter {
    name: "flight_id",
    place: Place::Path,
    required: true,
    about: "The flight.",
    schema: || id(FlightId::PATTERN),
    example: Some("SW5678"),
};

/// The passenger in a path.
pub const PASSENGER_ID: Parameter = Parameter {
    name: "passenger_id",
    place: Place::Path,
    required: true,
    about: "The passenger.",
    schema: || id(PassengerId::PATTERN),
    example: Some("P001"),
};

/// The booking in a path.
pub const BOOKING_ID: Parameter = Parameter {
    name: "booking_id",
    place: Place::Path,
    required: true,
    about: "The booking.",
    schema: || id(BookingId::PATTERN),
    example: Some("B001"),
};

/// The reconciliation in a path.
pub const RECONCILIATION_ID: Parameter = Parameter {
    name: "reconciliation_id",
    place: Place::Path,
    required: true,
    about: "The reconciliation.",
    schema: || id(RunId::PATTERN),
    example: None,
};

/// The status that flights are listed by.
pub const STATUS: Parameter = Parameter {
    name: "status",
    place: Place::Query,
    required: true,
    about: "The status of the flights.",
    schema: || json!({"type": "string", "enum": FLIGHT_STATUSES}),
    example: Some("SCHEDULED"),
};

/// The start of a window of departures.
pub const DEPARTS_FROM: Parameter = Parameter {
    name: "departs_from",
    place: Place::Query,
    required: false,
    about: "Only flights whose scheduled departure is at this time or later: RFC 3339, with `+` written as `%2B`. To the second.",
    schema: || json!({"type": "string", "format": "date-time"}),
    example: Some("2026-11-22T00:00:00Z"),
};

/// The end of a window of departures.
pub const DEPARTS_BEFORE: Parameter = Parameter {
    name: "departs_before",
    place: Place::Query,
    required: false,
    about: "Only flights whose scheduled departure is before this time: RFC 3339, with `+` written as `%2B`. To the second. A window that ends before it begins has no flights in it.",
    schema: || json!({"type": "string", "format": "date-time"}),
    example: Some("2036-01-01T00:00:00Z"),
};

/// The most things in one answer.
pub const LIMIT: Parameter = Parameter {
    name: "limit",
    place: Place::Query,
    required: false,
    about: "The most that is answered at once. More than 100 is refused.",
    schema: || json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
    example: Some("50"),
};

/// Where a list goes on.
pub const LIST_CURSOR: Parameter = Parameter {
    name: "cursor",
    place: Place::Query,
    required: false,
    about: "Where to go on: the `next` of an earlier answer to the same query (`limit` may differ). It is signed: one that was changed, or is of another query, is refused. A cursor is good for as long as the key it was signed with, which may be changed at any time; then begin anew.",
    schema: || json!({"type": "string", "format": "flightpulse-cursor", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 46, "maxLength": MAX_CURSOR}),
    example: None,
};

/// Where the list of actions goes on.
pub const ACTION_CURSOR: Parameter = Parameter {
    name: "cursor",
    place: Place::Query,
    required: false,
    about: "Where to go on: the `next` of an earlier answer.",
    schema: || json!({"type": "string", "pattern": "^[0-9A-Za-z.-]{1,64}$"}),
    example: Some("20261121T100000.000000Z-5f0c2a91"),
};

/// What the client has already.
pub const IF_NONE_MATCH: Parameter = Parameter {
    name: "If-None-Match",
    place: Place::Header,
    required: false,
    about: "ETags of earlier answers, or `*`: when the answer would be one of them, it is a 304 without a body. `W/` is ignored.",
    schema: || {
        json!({
            "type": "string", "maxLength": MAX_IF_NONE_MATCH,
            "pattern": r#"^(\*|(,[ \t]*)*(W/)?"[!#-~]*"([ \t]*,([ \t]*(W/)?"[!#-~]*")?)*)$"#
        })
    },
    example: None,
};

/// The most characters of a challenge.
pub const MAX_CHALLENGE: usize = 200;

/// What Adobe I/O Events wants to have back.
pub const CHALLENGE: Parameter = Parameter {
    name: "challenge",
    place: Place::Query,
    required: true,
    about: "What the answer must have.",
    schema: || json!({"type": "string", "pattern": format!("^[ -~]{{1,{MAX_CHALLENGE}}}$")}),
    example: Some(examples::CHALLENGE),
};

// A header of a signature: no request needs this one or that, so none is required.
const SIGNATURE: Parameter = Parameter {
    name: "",
    place: Place::Header,
    required: false,
    about: "",
    schema: || json!({"type": "string"}),
    example: None,
};

/// Our own signature.
pub const FLIGHTPULSE_SIGNATURE: Parameter = Parameter {
    name: "x-flightpulse-signature",
    about: "`t=<unix seconds>,v1=<hex HMAC-SHA256 of t, a dot and the body>`.",
    ..SIGNATURE
};

/// Adobe's first signature.
pub const ADOBE_SIGNATURE_1: Parameter = Parameter {
    name: "x-adobe-digital-signature-1",
    about: "Base64 of RSA-SHA256 (PKCS#1 v1.5) over the body.",
    ..SIGNATURE
};

/// Adobe's second signature.
pub const ADOBE_SIGNATURE_2: Parameter = Parameter {
    name: "x-adobe-digital-signature-2",
    about: "The same by another key; one of the two is enough.",
    ..SIGNATURE
};

/// Where the first key is.
pub const ADOBE_KEY_PATH_1: Parameter = Parameter {
    name: "x-adobe-public-key1-path",
    about: "The path of the first signature's key on `static.adobeioevents.com`.",
    ..SIGNATURE
};

/// Where the second key is.
pub const ADOBE_KEY_PATH_2: Parameter = Parameter {
    name: "x-adobe-public-key2-path",
    about: "The path of the second signature's key.",
    ..SIGNATURE
};

/// Adobe's older signature.
pub const ADOBE_LEGACY_SIGNATURE: Parameter = Parameter {
    name: "x-adobe-signature",
    about: "Base64 of HMAC-SHA256 over the body, under the client secret.",
    ..SIGNATURE
};
