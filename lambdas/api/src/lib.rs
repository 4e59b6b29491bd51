//! The REST API.

pub mod flights;
pub mod router;
