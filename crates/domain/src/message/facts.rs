//! The facts that a message must state, in the words in which its reader reads them.

use crate::airport;
use crate::delay::{DelayCategory, Reason};
use crate::notice::{Notice, Subject};
use crate::passenger::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// A notice's facts, in the reader's language and on the airports' clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The flight's number.
    pub flight: String,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// The delay's category.
    pub category: DelayCategory,
    /// Minutes later than planned.
    pub delay_minutes: u32,
    /// Why.
    pub reason: Reason,
    /// The departure, on the clock of the airport of departure.
    pub new_departure_time: String,
    /// The day of departure there.
    pub new_departure_date: String,
    /// Whether that is another day than planned, so that a time alone would mislead.
    pub new_departure_is_on_another_day: bool,
    /// The arrival, on the clock of the airport of arrival.
    pub new_arrival_time: String,
    /// Whether this takes back something worse that was said before.
    pub correction: bool,
    /// The language in which the facts are written.
    #[serde(skip)]
    pub language: Language,
}

impl Facts {
    /// The facts of a notice as a reader of this language reads them.
    #[must_use]
    pub fn of(notice: &Notice, language: Language) -> Self {
        let Subject::Delay { category, delay_minutes, reason, new_departure, new_arrival } =
            notice.subject;
        let delay = SignedDuration::from_mins(i64::from(delay_minutes));
        let departs = Local::at(new_departure, &notice.origin);
        let planned = new_departure.saturating_sub(delay).unwrap_or(new_departure);
        let planned = Local::at(planned, &notice.origin);
        let arrives = Local::at(new_arrival, &notice.destination);
        Self {
            flight: notice.flight_id.number().to_owned(),
            origin: notice.origin.clone(),
            destination: notice.destination.clone(),
            category,
            delay_minutes,
            reason,
            new_departure_time: departs.time(language),
            new_departure_date: departs.date(language),
            new_departure_is_on_another_day: departs.zoned.date() != planned.zoned.date(),
            new_arrival_time: arrives.time(language),
            correction: notice.correction,
            language,
        }
    }
}

// A time on an airport's clock. Where the airport is not known the time is UTC and says so:
// a wrong local time would make people miss their flight.
struct Local {
    zoned: jiff::Zoned,
    is_utc: bool,
}

impl Local {
    fn at(time: Timestamp, iata: &str) -> Self {
        let zone = airport::time_zone(iata);
        let is_utc = zone.is_none();
        Self { zoned: time.to_zoned(zone.unwrap_or(TimeZone::UTC)), is_utc }
    }

    fn time(&self, language: Language) -> String {
        let (hour, minute) = (self.zoned.hour(), self.zoned.minute());
        let time = match language {
            Language::En => {
                let half = if hour < 12 { "AM" } else { "PM" };
                format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
            }
            Language::Es | Language::Fr | Language::De => format!("{hour:02}:{minute:02}"),
        };
        if self.is_utc { format!("{time} UTC") } else { time }
    }

    fn date(&self, language: Language) -> String {
        let date = self.zoned.date();
        let (weekday, day, month) = (weekday(date, language), date.day(), month(date, language));
        match language {
            Language::En => format!("{weekday}, {month} {day}"),
            Language::Es => format!("{weekday} {day} de {month}"),
            Language::Fr => format!("{weekday} {day} {month}"),
            Language::De => format!("{weekday}, {day}. {month}"),
        }
    }
}

fn weekday(date: Date, language: Language) -> &'static str {
    const NAMES: [[&str; 7]; 4] = [
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ];
    let at = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    NAMES[language as usize].get(at).copied().unwrap_or_default()
}

#[rustfmt::skip]
fn month(date: Date, language: Language) -> &'static str {
    const NAMES: [[&str; 12]; 4] = [
        ["January", "February", "March", "April", "May", "June",
         "July", "August", "September", "October", "November", "December"],
        ["enero", "febrero", "marzo", "abril", "mayo", "junio",
         "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
        ["janvier", "février", "mars", "avril", "mai", "juin",
         "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        ["Januar", "Februar", "März", "April", "Mai", "Juni",
         "Juli", "August", "September", "Oktober", "November", "Dezember"],
    ];
    let at = usize::try_from(date.month() - 1).unwrap_or_default();
    NAMES[language as usize].get(at).copied().unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::facet::{Facet, FacetVersion};
    use crate::ids::{EventId, FlightId};
    use rstest::rstest;

    /// SW5678 from Denver to Phoenix, 90 minutes late.
    pub(crate) fn notice() -> Notice {
        Notice {
            flight_id: FlightId::new("SW5678").unwrap(),
            origin: "DEN".into(),
            destination: "PHX".into(),
            facet: Facet::Schedule,
            version: FacetVersion::new(
                "2026-11-22T09:00:00Z".parse().unwrap(),
                EventId::new("e1").unwrap(),
            ),
            correction: false,
            subject: Subject::Delay {
                category: DelayCategory::Major,
                delay_minutes: 90,
                reason: Reason::Mechanical,
                new_departure: "2026-11-22T22:40:00Z".parse().unwrap(),
                new_arrival: "2026-11-23T00:35:00Z".parse().unwrap(),
            },
        }
    }

    #[rstest]
    #[case(Language::En, "3:40 PM", "Sunday, November 22", "5:35 PM")]
    #[case(Language::Es, "15:40", "domingo 22 de noviembre", "17:35")]
    #[case(Language::Fr, "15:40", "dimanche 22 novembre", "17:35")]
    #[case(Language::De, "15:40", "Sonntag, 22. November", "17:35")]
    fn facts_are_in_the_readers_words_on_the_airports_clock(
        #[case] language: Language,
        #[case] departs: &str,
        #[case] date: &str,
        #[case] arrives: &str,
    ) {
        let facts = Facts::of(&notice(), language);
        assert_eq!(facts.new_departure_time, departs);
        assert_eq!(facts.new_departure_date, date);
        assert_eq!(facts.new_arrival_time, arrives);
    }

    #[rstest]
    #[case("2026-11-22T07:05:00Z", "12:05 AM")]
    #[case("2026-11-22T19:00:00Z", "12:00 PM")]
    #[case("2026-11-22T08:09:00Z", "1:09 AM")]
    fn the_twelve_hour_clock_knows_noon_and_midnight(#[case] utc: &str, #[case] text: &str) {
        assert_eq!(Local::at(utc.parse().unwrap(), "DEN").time(Language::En), text);
    }

    #[test]
    fn an_unknown_airports_time_is_utc_and_says_so() {
        let time = "2026-11-22T22:40:00Z".parse().unwrap();
        assert_eq!(Local::at(time, "???").time(Language::Es), "22:40 UTC");
    }
}
