//! Holds files of exports against the table: plans a file, reconciles its parts, concludes the run.
//!
//! Every row ends in one of three places: in its reservation, with those that are about something
//! else, or under `rejected/`, with where it is and why. What a run changes of a reservation is kept
//! in the transaction that changes it, so that a run which is cut short has told all that it did.

mod conclude;
pub mod handler;
mod part;
mod plan;
mod rejected;
mod report;
mod rows;
