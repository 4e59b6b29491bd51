//! A page of a flight's bookings, as recipients and cohorts.

pub mod handler;
