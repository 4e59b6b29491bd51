#![doc = include_str!("../README.md")]

pub mod answer;
pub mod aws;
pub mod batch;
pub mod broker;
pub mod client;
pub mod destination;
pub mod event;
pub mod files;
pub mod filter;
pub mod invoker;
pub mod offsets;
pub mod poller;
pub mod position;
pub mod retry;
pub mod scheduler;
pub mod security;
pub mod status;

#[cfg(test)]
mod fixtures;
