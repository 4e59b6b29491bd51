//! The names of events on the bus.

use flightpulse_domain::delay::DelayCategory;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::notification::Channel;

/// The source of events that the Kafka consumer publishes.
pub const SOURCE_KAFKA_CONSUMER: &str = "flightpulse.kafka-consumer";
/// The source of events that the notification dispatcher publishes.
pub const SOURCE_DISPATCHER: &str = "flightpulse.notification-dispatcher";

/// The source of events that the booking updater publishes.
pub const SOURCE_BOOKING_UPDATER: &str = "flightpulse.booking-updater";
/// The source of events that the booking worker publishes.
pub const SOURCE_BOOKING_WORKER: &str = "flightpulse.booking-worker";
/// The source of events that the reconciliation publishes.
pub const SOURCE_RECONCILIATION: &str = "flightpulse.reconciliation";
/// The source of events that an operator asks for.
pub const SOURCE_OPERATOR_API: &str = "flightpulse.operator-api";

/// The source of events that tell of changes in the table.
pub const SOURCE_STREAM_HANDLER: &str = "flightpulse.stream-handler";

/// What the names of delays begin with; the category follows.
pub const FLIGHT_DELAY_PREFIX: &str = "flight.delay.";
/// What the names of requests to tell passengers again begin with; the facet follows.
pub const FLIGHT_RESEND_PREFIX: &str = "flight.resend.";
/// A file of an export is to be held against the table.
pub const RECONCILIATION_REQUESTED: &str = "reconciliation.requested";
/// A booking needs another flight.
pub const REBOOKING_NEEDED: &str = "rebooking.needed";

/// The flight is cancelled.
pub const FLIGHT_CANCELLED: &str = "flight.cancelled";
/// The flight leaves from another gate.
pub const FLIGHT_GATE_CHANGE: &str = "flight.gate_change";
/// The flight operates after all.
pub const FLIGHT_REINSTATED: &str = "flight.reinstated";
/// An event about a flight that is not in the table.
pub const FLIGHT_UNKNOWN: &str = "flight.unknown";

/// The status of a flight has changed in the table.
pub const FLIGHT_STATUS_CHANGED: &str = "flight.status_changed";
/// The status of a booking has changed in the table.
pub const BOOKING_STATUS_CHANGED: &str = "booking.status_changed";

/// The name under which a delay of this category is published.
#[must_use]
pub fn flight_delay(category: DelayCategory) -> &'static str {
    match category {
        DelayCategory::Minor => "flight.delay.minor",
        DelayCategory::Major => "flight.delay.major",
        DelayCategory::Severe => "flight.delay.severe",
    }
}

/// The name under which an operator asks to tell passengers again of a facet.
#[must_use]
pub fn flight_resend(facet: Facet) -> &'static str {
    match facet {
        Facet::Schedule => "flight.resend.schedule",
        Facet::Gate => "flight.resend.gate",
        Facet::Status => "flight.resend.status",
    }
}

/// The facet that an event of this name changes or tells of; none when no workflow takes it.
#[must_use]
pub fn facet_of(detail_type: &str) -> Option<Facet> {
    match detail_type {
        FLIGHT_CANCELLED | FLIGHT_REINSTATED => Some(Facet::Status),
        FLIGHT_GATE_CHANGE => Some(Facet::Gate),
        delay if delay.starts_with(FLIGHT_DELAY_PREFIX) => Some(Facet::Schedule),
        other => Facet::ALL.into_iter().find(|facet| other == flight_resend(*facet)),
    }
}

/// The name under which a notification by this channel is published.
#[must_use]
pub fn notification(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "notification.email",
        Channel::Sms => "notification.sms",
    }
}
