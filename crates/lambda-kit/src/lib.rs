//! What every binary needs at start: tracing, AWS configuration, metrics, typed errors.

pub mod aws;
pub mod env;
pub mod failure;
pub mod metrics;
pub mod telemetry;
