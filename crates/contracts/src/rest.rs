//! The REST API's contract: what is at which path, what it takes, what it answers.
//!
//! **Invariants.** [`routes`] is the one list of routes: the functions behind the API find their
//! work by it, and the OpenAPI document (`docs/openapi.json`) and its page (`docs/api.html`) are
//! made from it. What an answer looks like is said by the types here and nowhere else.

pub mod bookings;
pub mod examples;
pub mod flights;
pub mod health;
pub mod notifications;
pub mod openapi;
pub mod operations;
pub mod operators;
pub mod page;
pub mod passengers;
pub mod problems;
pub mod reconciliations;
pub mod routes;
pub mod webhooks;

/// The version of the REST API. Within a version a field, a parameter or a route may be added, and
/// a client ignores fields that it does not know.
pub const API_VERSION: &str = "1.0.0";

/// The most things in one answer, and the largest `limit`.
pub const MAX_LIMIT: usize = 100;
/// How many things an answer has at most when `limit` is not given.
pub const DEFAULT_LIMIT: usize = 50;
