//! Log lines as JSON on standard output, with one level for all from `RUST_LOG`.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

/// Starts logging; to be called once, first thing in `main`.
pub fn init() {
    // Not `EnvFilter`, which brings an engine of regular expressions into every function.
    let filter = std::env::var("RUST_LOG").ok().and_then(|levels| levels.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // Lambda stamps each line with its own time.
    let lines = fmt::layer().json().flatten_event(true).without_time().with_target(false);
    registry().with(lines).with(filter).init();
}
