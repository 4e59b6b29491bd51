//! The functions that are measured, and what they are handed.

pub(crate) mod kafka_consumer;
