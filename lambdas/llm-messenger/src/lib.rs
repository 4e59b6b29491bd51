//! One checked text per cohort.

pub mod handler;
