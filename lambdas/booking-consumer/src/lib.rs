//! Events of bookings from a Kafka topic, Azure Event Hubs most likely, to the queue of booking
//! events.
//!
//! Every record ends in one of three places: its events in the queue, all of it in the dead letters, or
//! back in the answer as failed, to be delivered again.

pub mod handler;
