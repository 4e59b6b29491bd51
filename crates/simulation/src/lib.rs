//! Whole histories of the pipeline in one process.
//!
//! The tests of this crate run the real handlers over in-memory adapters. A seeded [`Chaos`] stands
//! before every call of a port: it lets others go first, makes the call fail before or after its
//! effect, or ends the invocation there; a [`Scheduler`] picks, by the same seed, which task goes
//! on. A history is its seed: what fails is played again by it. [`history`] says what happens, [`model`]
//! what must come out, from the events alone; the simulator plays the same on a deployed stack.

pub mod chaos;
pub mod history;
pub mod model;
pub mod scheduler;

pub use chaos::{Chaos, Crashed};
pub use scheduler::{Scheduler, Spawner, Stuck};
