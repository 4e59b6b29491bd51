//! Bookings follow their flight when it is cancelled or reinstated, a page at a time.

pub mod handler;
