//! What the operations centre writes to the Kafka topic, as types to describe it by.
//!
//! A record is read by hand (`flightpulse_domain::inbound`), so that whoever mends a bad one gets a
//! sentence; from here come its JSON Schema and its part of the AsyncAPI document. A corpus of
//! events, accepted and refused, holds both together (`tests/operations.rs` reads it with the real
//! parser, `infra/test/asyncapi.test.ts` with the schema).

use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::inbound::{MAX_REASON_DETAIL, RebookingPriority};

const EVENT_ID: &str = "^[A-Za-z0-9._:-]{1,128}$";
const FLIGHT_ID: &str = "^[A-Za-z0-9._:-]{1,64}$";
const GATE: &str = "^[A-Za-z0-9-](?:[A-Za-z0-9 -]{0,6}[A-Za-z0-9-])?$";
// Where a field may be left out, an empty text says as little as none.
const GATE_OR_NOTHING: &str = "^(?:[A-Za-z0-9-](?:[A-Za-z0-9 -]{0,6}[A-Za-z0-9-])?)?$";
// Not blank, no control characters but line breaks and tabs, no code points that are no characters.
const TEXT: &str = r"^(?=[\s\S]*\S)[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFFFE\uFFFF]*$";
const TEXT_OR_NOTHING: &str = r"^$|^(?=[\s\S]*\S)[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFDD0-\uFDEF\uFFFE\uFFFF]*$";

macro_rules! message {
    ($(#[$doc:meta])* $name:ident, $event_type:literal, $payload:ty) => {
        $(#[$doc])*
        #[derive(Debug, schemars::JsonSchema)]
        pub struct $name {
            /// The event's id, unique for all time.
            #[schemars(extend("pattern" = EVENT_ID))]
            pub event_id: String,
            /// The kind of event.
            #[schemars(extend("const" = $event_type))]
            pub event_type: String,
            /// When it happened, with an offset. It decides which of two events is the newer, so
            /// one that is more than 10 minutes ahead of the reader's clock is refused.
            #[schemars(extend("format" = "date-time"))]
            pub timestamp: String,
            /// Who says so.
            #[schemars(length(min = 1, max = 100), extend("pattern" = TEXT))]
            pub source: String,
            /// What it says.
            pub payload: $payload,
        }
    };
}

message!(
    /// A flight leaves later than planned.
    FlightDelayMessage, "FLIGHT_DELAY", FlightDelayPayload
);
message!(
    /// A flight does not operate.
    FlightCancelledMessage, "FLIGHT_CANCELLED", FlightCancelledPayload
);
message!(
    /// A flight leaves from another gate.
    GateChangeMessage, "GATE_CHANGE", GateChangePayload
);
message!(
    /// A flight that was cancelled operates after all.
    FlightReinstatedMessage, "FLIGHT_REINSTATED", FlightReinstatedPayload
);

/// A record of the topic `flight-operations`. Unknown fields are ignored; a field that may be left
/// out may be null.
#[derive(Debug, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum OperationsMessage {
    /// A flight leaves later than planned.
    Delay(FlightDelayMessage),
    /// A flight does not operate.
    Cancelled(FlightCancelledMessage),
    /// A flight leaves from another gate.
    Gate(GateChangeMessage),
    /// A flight that was cancelled operates after all.
    Reinstated(FlightReinstatedMessage),
}

/// What a delay says.
#[derive(Debug, schemars::JsonSchema)]
pub struct FlightDelayPayload {
    /// The flight.
    #[schemars(extend("pattern" = FLIGHT_ID))]
    pub flight_id: String,
    /// Minutes later than planned, without a fraction; 0 means back on schedule.
    #[schemars(range(min = 0, max = MAX_DELAY_MINUTES))]
    pub delay_minutes: u32,
    /// Why.
    pub reason: Reason,
    /// Why, in the sender's words. Never shown to a model or a passenger.
    #[schemars(length(max = MAX_REASON_DETAIL), extend("pattern" = TEXT_OR_NOTHING))]
    pub reason_detail: Option<String>,
    /// The departure that the sender computed, with an offset. Where it says another minute than
    /// `delay_minutes`, it is not used.
    #[schemars(extend("format" = "date-time"))]
    pub new_departure: Option<String>,
    /// The arrival that the sender computed, with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub new_arrival: Option<String>,
}

/// What a cancellation says.
#[derive(Debug, schemars::JsonSchema)]
pub struct FlightCancelledPayload {
    /// The flight.
    #[schemars(extend("pattern" = FLIGHT_ID))]
    pub flight_id: String,
    /// Why.
    pub reason: Reason,
    /// Why, in the sender's words. Never shown to a model or a passenger.
    #[schemars(length(max = MAX_REASON_DETAIL), extend("pattern" = TEXT_OR_NOTHING))]
    pub reason_detail: Option<String>,
    /// How urgently its passengers need another; NORMAL where nothing is said.
    pub rebooking_priority: Option<RebookingPriority>,
}

/// What a gate change says.
#[derive(Debug, schemars::JsonSchema)]
pub struct GateChangePayload {
    /// The flight.
    #[schemars(extend("pattern" = FLIGHT_ID))]
    pub flight_id: String,
    /// The gate that it was to leave from, when the sender knows it.
    #[schemars(extend("pattern" = GATE_OR_NOTHING))]
    pub old_gate: Option<String>,
    /// The gate that it leaves from: 1 to 8 letters, digits, spaces or hyphens.
    #[schemars(extend("pattern" = GATE))]
    pub new_gate: String,
    /// Whether the new gate is in another terminal; false where nothing is said.
    pub terminal_change: Option<bool>,
}

/// What a reinstatement says. Without times the schedule stays as it was known.
#[derive(Debug, schemars::JsonSchema)]
pub struct FlightReinstatedPayload {
    /// The flight.
    #[schemars(extend("pattern" = FLIGHT_ID))]
    pub flight_id: String,
    /// The departure, with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub new_departure: Option<String>,
    /// The arrival, with an offset.
    #[schemars(extend("format" = "date-time"))]
    pub new_arrival: Option<String>,
}
