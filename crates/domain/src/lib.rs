//! The rules of the operation: flights, passengers, bookings, disruptions and what is said of them.
//!
//! **Invariants.** This crate does no I/O, reads no clock and draws no random number: the time
//! and every id are passed in. It knows no AWS type. The same input gives the same answer, so
//! every rule can be tested with a table of cases.

pub mod airport;
pub mod booking;
pub mod cohort;
pub mod delay;
pub mod disruption;
pub mod facet;
mod fields;
pub mod flight;
pub mod history;
pub mod ids;
pub mod inbound;
pub mod message;
pub mod money;
pub mod news;
pub mod notice;
pub mod notification;
pub mod passenger;
pub mod reconciliation;
pub mod reservation;
pub mod status_change;
pub mod xdm;
