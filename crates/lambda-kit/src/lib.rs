//! What every Lambda binary needs at start: tracing, AWS configuration, metrics, typed errors.
