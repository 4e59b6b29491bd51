//! Records to Kafka, from inside its network: for whoever cannot reach the brokers.

pub mod handler;
pub mod settings;
