//! Reconciliation of the table with exports of Adobe Experience Platform: what an export is made of,
//! in which slices it is read, and what is said of a run.
//!
//! **Invariants.** An export is a history of events: what it does not name it says nothing of. A run
//! changes a reservation only by what the fold of [`crate::reservation`] makes of the events, so
//! that the newer statement stands, and a run that is made twice, or twice at once, changes nothing
//! more.

mod discrepancy;
mod export;
mod ids;
mod manifest;
mod run;
mod slices;

pub use discrepancy::{Discrepancy, Found, Sum};
pub use export::{ExportFile, ExportKind, Format, Unsupported};
pub use ids::{Attempt, NoAttempt, NoRunId, RunId};
pub use manifest::{Delivered, Manifest};
pub use run::{Counts, PartReport, Run, RunStatus};
pub use slices::{
    MAX_BYTES_OF_A_SLICE, MAX_ROWS_OF_A_SLICE, MAX_SLICES, MAX_UNSPLIT_BYTES, RowGroup, Slice,
    TooLarge, byte_ranges, row_groups,
};

#[cfg(test)]
mod tests;
