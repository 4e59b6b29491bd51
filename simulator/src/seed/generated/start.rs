//! Where writing begins: with the first record, or where it stopped.

use super::progress::grouped;
use crate::cli::GeneratedOptions;
use crate::stop::Stop;
use flightpulse_store::Seeding;
use jiff::Timestamp;
use jiff::civil::Date;

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// Write from there on.
    At { seeding: Seeding, message: Option<String> },
    /// Nothing.
    Done { message: String },
}

/// Decides by what is asked and what the table says of earlier runs.
pub(super) fn decide(
    asked: &GeneratedOptions,
    date: Option<Date>,
    noted: &[Seeding],
    today: Date,
) -> Result<Start, Stop> {
    let (Some(flights), Some(passengers)) = (asked.flights, asked.passengers) else {
        return Err(Stop::Usage("--flights and --passengers are needed".into()));
    };
    let seed = asked.seed.unwrap_or(1);
    let is_ours =
        |one: &&Seeding| (one.seed, one.flights, one.passengers) == (seed, flights, passengers);
    // The same command the day after goes on with what it began.
    let unfinished = || noted.iter().filter(is_ours).rfind(|one| !one.is_done());
    let date = match date {
        Some(date) => date,
        None if asked.restart => today,
        None => unfinished().map_or(today, |one| one.date),
    };
    let mut message = None;
    if let Some(other) = noted.iter().find(|one| one.date == date && !is_ours(one)) {
        // Flights are numbered from the first on, whatever the network.
        let theirs = format!(
            "a network of that day is in the table already ({} flights, {} passengers, seed {})",
            other.flights, other.passengers, other.seed
        );
        if !asked.restart {
            return Err(Stop::CannotRun(format!(
                "{theirs}, and its flights have the same ids; take another --date (or --restart, \
                 which writes over its flights and leaves its bookings)"
            )));
        }
        message = Some(format!("{theirs}; its flights are written over, its bookings stay"));
    }
    let new = Seeding { seed, flights, passengers, date, written: 0, at: Timestamp::UNIX_EPOCH };
    let known = noted.iter().find(|one| is_ours(one) && one.date == date && !asked.restart);
    Ok(match known {
        Some(known) if known.is_done() => Start::Done {
            message: format!(
                "it is all there, written by {:.0}: {} flights, {} passengers, seed {seed}, day 0 \
                 {date}; --restart writes it again",
                known.at,
                grouped(u64::from(flights)),
                grouped(u64::from(passengers)),
            ),
        },
        Some(known) => Start::At {
            message: Some(format!(
                "going on after record {} of {}",
                grouped(u64::from(known.written)),
                grouped(u64::from(known.records()))
            )),
            seeding: known.clone(),
        },
        None => Start::At { seeding: new, message },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn noted(passengers: u32, date: &str, written: u32) -> Seeding {
        let at = "2026-11-21T10:00:00Z".parse().unwrap();
        Seeding { seed: 1, flights: 20, passengers, date: day(date), written, at }
    }

    fn asked(passengers: u32, restart: bool) -> GeneratedOptions {
        GeneratedOptions {
            flights: Some(20),
            passengers: Some(passengers),
            restart,
            ..GeneratedOptions::default()
        }
    }

    fn start(
        asked: &GeneratedOptions,
        date: Option<&str>,
        noted: &[Seeding],
    ) -> Result<(Date, u32), String> {
        match decide(asked, date.map(day), noted, day("2026-11-22")) {
            Ok(Start::At { seeding, .. }) => Ok((seeding.date, seeding.written)),
            Ok(Start::Done { message }) => Err(message),
            Err(stop) => Err(stop.to_string()),
        }
    }

    #[test]
    fn an_empty_table_is_begun_with_today() {
        assert_eq!(start(&asked(100, false), None, &[]), Ok((day("2026-11-22"), 0)));
        let dated = start(&asked(100, false), Some("2026-12-01"), &[]);
        assert_eq!(dated, Ok((day("2026-12-01"), 0)));
    }

    #[test]
    fn the_same_command_goes_on_even_the_day_after() {
        let noted = [noted(100, "2026-11-21", 70)];
        assert_eq!(start(&asked(100, false), None, &noted), Ok((day("2026-11-21"), 70)));
        assert_eq!(start(&asked(100, true), None, &noted), Ok((day("2026-11-22"), 0)));
        let dated = start(&asked(100, true), Some("2026-11-21"), &noted);
        assert_eq!(dated, Ok((day("2026-11-21"), 0)));
    }

    #[test]
    fn what_is_done_is_not_done_again_unless_it_is_asked_for() {
        let noted = [noted(100, "2026-11-22", 120)];
        let said = start(&asked(100, false), None, &noted).unwrap_err();
        assert!(said.starts_with("it is all there"), "{said}");
        assert_eq!(start(&asked(100, true), None, &noted), Ok((day("2026-11-22"), 0)));
        // Another day's is another network.
        let other = start(&asked(100, false), Some("2026-11-23"), &noted);
        assert_eq!(other, Ok((day("2026-11-23"), 0)));
    }

    #[test]
    fn another_network_of_the_day_is_not_written_over_by_chance() {
        let noted = [noted(50, "2026-11-22", 70)];
        let said = start(&asked(100, false), None, &noted).unwrap_err();
        assert!(
            said.contains("20 flights, 50 passengers, seed 1") && said.contains("--date"),
            "{said}"
        );
        assert_eq!(start(&asked(100, true), None, &noted), Ok((day("2026-11-22"), 0)));
    }
}
