//! The REST API.

pub mod flights;
pub mod problem;
pub mod router;
