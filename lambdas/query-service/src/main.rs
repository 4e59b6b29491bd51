//! `FlightPulse-QueryService`: wiring only.

fn main() {}
