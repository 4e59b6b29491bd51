//! What can be read of the REST API.
//!
//! **Invariants.** A request is answered by the route of [`flightpulse_contracts::rest::routes`] that it
//! matches: what is documented is what is heard. A route that names a person answers nobody who
//! has not signed. No answer takes a read for each thing in it.

pub mod answer;
pub mod api;
mod bookings;
mod conditional;
mod documents;
mod failure;
mod flights;
mod notifications;
mod operations;
mod paging;
mod passengers;
mod reconciliations;
pub mod router;
mod time;
