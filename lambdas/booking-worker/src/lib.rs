//! Booking events from the queue to reservations, records and totals.
//!
//! Every event ends in one of four places: in its reservation; with those that are about something
//! else; in the dead letters, with a reason; or back in the queue, with the other events of its
//! message, to be delivered again. Delivered again it changes nothing that it has changed before.

pub mod handler;
mod heard;
mod outcome;
pub mod source;
