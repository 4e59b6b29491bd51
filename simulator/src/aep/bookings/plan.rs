//! What makes a plan: the same options make the same bookings, whoever asks for them.

use super::{Bookings, Run};
use crate::cli::PlanOptions;
use crate::place::state_directory;
use crate::seed;
use crate::stop::Stop;
use anyhow::Context;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The file with what was sent last, in the local cloud's state.
const FILE: &str = "aep-sent.json";

/// The plan of what was sent last, for the export that is to bring the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::aep) struct Sent {
    run: String,
    seed: u32,
    bookings: u32,
    flights: u32,
    date: Date,
    as_of: Timestamp,
    /// Of a hundred events, so many were lost.
    pub(in crate::aep) lost: u32,
}

impl Bookings {
    /// The bookings that are asked for, all of them by the stream.
    pub(in crate::aep) fn of(options: &PlanOptions) -> anyhow::Result<Self> {
        let today = seed::today();
        let run = options.run.clone().unwrap_or_else(Run::fresh);
        let date = options.date.map_or_else(|| today.checked_add(1.day()), Ok)?;
        let midnight = || anyhow::Ok(today.to_zoned(TimeZone::UTC)?.timestamp());
        let as_of = options.as_of.map_or_else(midnight, Ok)?;
        let PlanOptions { seed, bookings, flights, .. } = *options;
        Ok(Self::plan(run, seed, bookings, flights, date, as_of)?)
    }
}

impl Sent {
    /// What is sent of these bookings.
    pub(in crate::aep) fn of(bookings: &Bookings) -> Self {
        Self {
            run: bookings.run.id().to_owned(),
            seed: bookings.seed,
            bookings: bookings.count,
            flights: bookings.flights.len() as u32,
            date: bookings.date,
            as_of: bookings.as_of,
            lost: bookings.lost.unwrap_or(0),
        }
    }

    /// The bookings, all of them.
    pub(in crate::aep) fn bookings(&self) -> Result<Bookings, Stop> {
        let run = self.run.parse().map_err(Stop::CannotRun)?;
        Bookings::plan(run, self.seed, self.bookings, self.flights, self.date, self.as_of)
    }

    /// Keeps it for whoever exports.
    pub(in crate::aep) fn keep(&self) -> anyhow::Result<()> {
        let file = file();
        let text = serde_json::to_string(self)?;
        std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))
    }

    /// What was sent last.
    pub(in crate::aep) fn last() -> Result<Self, Stop> {
        let file = file();
        let none = |why: String| {
            let place = file.display();
            Stop::CannotRun(format!("nothing was sent from here ({place}: {why}); run `aep send`"))
        };
        let text = std::fs::read_to_string(&file).map_err(|error| none(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| none(error.to_string()))
    }
}

fn file() -> PathBuf {
    state_directory().join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> PlanOptions {
        PlanOptions {
            bookings: 20,
            flights: 4,
            date: None,
            seed: 7,
            run: Some("AB2CD".parse().unwrap()),
            as_of: None,
        }
    }

    #[test]
    fn an_export_has_the_bookings_that_were_sent() {
        let sent = Bookings::of(&options()).unwrap().by(super::super::Way::Stream, Some(50), 0);
        let kept = serde_json::to_string(&Sent::of(&sent)).unwrap();
        let read: Sent = serde_json::from_str(&kept).unwrap();
        let again = read.bookings().unwrap().by(super::super::Way::Stream, Some(read.lost), 0);
        let said = |bookings: &Bookings| {
            (0..bookings.count).map(|n| bookings.booking(n).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(said(&sent), said(&again));
    }

    #[test]
    fn the_same_options_make_the_same_bookings_all_day() {
        let (one, other) = (Bookings::of(&options()).unwrap(), Bookings::of(&options()).unwrap());
        assert_eq!((one.as_of, one.date), (other.as_of, other.date));
        assert!(one.as_of <= Timestamp::now());
    }
}
