//! What makes a plan of bookings.

use crate::aep::{MOST_FLIGHTS, Run};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

/// What makes a plan of bookings: the same of it makes the same bookings, sent or exported.
#[derive(Debug, Clone, Args)]
pub(crate) struct PlanOptions {
    /// So many bookings
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) bookings: u32,
    /// Over so many flights
    #[arg(long, default_value_t = 10, value_name = "F", value_parser = clap::value_parser!(u32).range(1..=MOST_FLIGHTS))]
    pub(crate) flights: u32,
    /// The day that flights leave on; the ways back are three days later [default: tomorrow, UTC]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    /// Decides what the bookings are
    #[arg(long, default_value_t = 1, value_name = "SEED")]
    pub(crate) seed: u32,
    /// What begins the record locators, so that runs are told apart [default: a fresh one]
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<Run>,
    /// By when all has happened that happens to them [default: the beginning of this day, UTC]
    #[arg(long, value_name = "RFC 3339")]
    pub(crate) as_of: Option<Timestamp>,
}
