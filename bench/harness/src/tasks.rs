//! The functions that are measured, and what they are handed.

pub(crate) mod api;
pub(crate) mod kafka_consumer;
pub(crate) mod stream_handler;
