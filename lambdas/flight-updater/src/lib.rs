//! Applies a disruption to its flight, facet by facet, and says whether passengers are to be told.

pub mod handler;
pub mod report;
