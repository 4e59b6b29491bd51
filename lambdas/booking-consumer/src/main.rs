//! `FlightPulse-BookingConsumer`: wiring only.

fn main() {}
