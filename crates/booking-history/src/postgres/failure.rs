//! What went wrong, sorted by what can be done about it.

use crate::HistoryError;
use std::error::Error;
use tokio_postgres::error::SqlState;

/// Sorts a failed call.
pub(super) fn failed(error: tokio_postgres::Error) -> HistoryError {
    let text = named(&error);
    let refused = match error.code() {
        Some(code) => is_for_good(code),
        None => concerns_tls(&error),
    };
    if refused { HistoryError::Refused(text) } else { HistoryError::Unavailable(text) }
}

/// The error with all that is behind it. `tokio-postgres` says what it was doing; what was wrong with
/// that is in its sources. There is no password in it.
pub(super) fn named(error: &tokio_postgres::Error) -> String {
    let all =
        std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

// Of the classes of <https://www.postgresql.org/docs/current/errcodes-appendix.html> those that the
// same question meets again: no leave, no such database or table, a question that is not understood.
fn is_for_good(code: &SqlState) -> bool {
    ["28", "3D", "3F", "42", "0A"].iter().any(|class| code.code().starts_with(class))
}

// A host without TLS, one whose certificate is not trusted, or is another's; and a way of signing in
// that is not known. A connection that breaks during the handshake is none of these.
fn concerns_tls(error: &tokio_postgres::Error) -> bool {
    let mut all =
        std::iter::successors(Some(error as &(dyn Error + 'static)), |error| (*error).source());
    let text = error.to_string();
    let of_setup = ["TLS", "authentication"].iter().any(|word| text.contains(word));
    let broken = |error: &(dyn Error + 'static)| {
        let io = error.downcast_ref::<std::io::Error>();
        io.is_some_and(|io| {
            io.kind() != std::io::ErrorKind::InvalidData && io.kind() != std::io::ErrorKind::Other
        })
    };
    of_setup && !all.any(broken)
}
