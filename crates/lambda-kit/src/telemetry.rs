//! Log lines as JSON on standard output, with one level for all from `RUST_LOG`.

use tracing_subscriber::EnvFilter;

/// Starts logging; to be called once, first thing in `main`.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        // Lambda stamps each line with its own time.
        .without_time()
        .with_target(false)
        .init();
}
