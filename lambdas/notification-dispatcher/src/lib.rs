//! A page of recipients, each told once per channel.

pub mod handler;
pub mod plan;
