//! What went wrong on our side, as a problem that gives nothing away.

use flightpulse_rest_kit::problem::Problem;
use flightpulse_store::StoreError;

/// The problem for a failed read, which is logged here. Of an item that cannot be read only the key
/// is logged: the cause may quote a field, and items have personal data.
pub(crate) fn problem(error: StoreError) -> Problem {
    match &error {
        StoreError::Corrupt { key, .. } => tracing::error!(key, "an item cannot be read"),
        error => tracing::error!(%error, "the request could not be answered"),
    }
    if error.is_transient() { Problem::unavailable() } else { Problem::internal() }
}
