//! Kafka records in, routed events out.
//!
//! Every record ends in one of three places: on the bus, in the dead letters, or back in the
//! answer as failed, to be delivered again.

pub mod handler;
mod quiet;
pub mod source;
