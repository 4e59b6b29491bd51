//! The rules of the repository, as tests. This crate has no code of its own.
