//! Events of bookings from Adobe's Query Service, asked at intervals, to the queue of booking events.
//!
//! **Invariant.** The watermark moves past a slice of time only once all events of the slice are in the
//! queue, or in the dead letters: an invocation that is ended at any moment loses nothing. What is queued
//! twice counts once.

pub mod puller;
pub mod settings;
