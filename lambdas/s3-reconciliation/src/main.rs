//! `FlightPulse-S3Reconciliation`: wiring only.

fn main() {}
