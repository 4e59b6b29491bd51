//! What travels between the parts: event names and details, task inputs and answers.
//!
//! **Invariants.** No other place writes an event's name. Ids travel, personal data do not: they
//! are in the table and, for the one message, in the `notification.*` events.

pub mod booking_events;
pub mod flight_events;
pub mod names;
pub mod notification_events;
pub mod operations_events;
pub mod producing;
pub mod rebooking_events;
pub mod reconciliation_events;
pub mod rest;
pub mod status_events;
pub mod tasks;

/// The version of every event's detail. A field may be added within a version; a field that is
/// renamed, removed or given another meaning makes a new one.
pub const SCHEMA_VERSION: u32 = 1;

/// The Kafka topic that the operations centre writes to.
pub const OPERATIONS_TOPIC: &str = "flight-operations";
