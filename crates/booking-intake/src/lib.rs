//! From events of bookings to written reservations: what every feed of bookings shares.
//!
//! **Invariants.** The events of one reservation are taken in together, in one transaction, whatever
//! they came in; what there is of several reservations is written independently. Every event that
//! comes in comes out: taken in, refused with a reason, or to be tried again. Taken in again it
//! changes nothing that it has changed before.

mod intake;
mod rebooking;
mod settled;

pub use intake::{DECISIONS, Intake, Purpose};
pub use rebooking::{AskFailed, ask_for_rebooking};
pub use settled::{Heard, Settled};
