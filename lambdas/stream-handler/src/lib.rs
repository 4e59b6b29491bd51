//! Changes in the table to events on the bus.
//!
//! Every record of the stream ends in one of four places: on the bus; with those that tell of no
//! change of status; back in the answer as failed, to be delivered again; or, when nobody can read
//! it, alone in the bucket of what was given up.

pub mod handler;
