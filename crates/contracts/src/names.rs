//! The names of events on the bus.

use flightpulse_domain::delay::DelayCategory;
use flightpulse_domain::notification::Channel;

/// The source of events that the Kafka consumer publishes.
pub const SOURCE_KAFKA_CONSUMER: &str = "flightpulse.kafka-consumer";
/// The source of events that the notification dispatcher publishes.
pub const SOURCE_DISPATCHER: &str = "flightpulse.notification-dispatcher";

/// The flight is cancelled.
pub const FLIGHT_CANCELLED: &str = "flight.cancelled";
/// The flight leaves from another gate.
pub const FLIGHT_GATE_CHANGE: &str = "flight.gate_change";
/// The flight operates after all.
pub const FLIGHT_REINSTATED: &str = "flight.reinstated";
/// An event about a flight that is not in the table.
pub const FLIGHT_UNKNOWN: &str = "flight.unknown";

/// The name under which a delay of this category is published.
#[must_use]
pub fn flight_delay(category: DelayCategory) -> &'static str {
    match category {
        DelayCategory::Minor => "flight.delay.minor",
        DelayCategory::Major => "flight.delay.major",
        DelayCategory::Severe => "flight.delay.severe",
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
