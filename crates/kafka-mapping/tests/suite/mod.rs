//! What a mapping does, on whichever broker the test binary brings.

mod batches;
mod failures;
mod filters;
mod members;
mod start;
