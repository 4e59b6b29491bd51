//! A moment as a reader reads it: on the airport's clock, in the reader's format.

use crate::airport;
use crate::passenger::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A moment on an airport's clock. Where the airport is not known the time is UTC and says so:
/// a wrong local time would make people miss their flight.
pub(super) struct Clock {
    zoned: Zoned,
    is_utc: bool,
}

impl Clock {
    pub(super) fn at(time: Timestamp, iata: &str) -> Self {
        let zone = airport::time_zone(iata);
        let is_utc = zone.is_none();
        Self { zoned: time.to_zoned(zone.unwrap_or(TimeZone::UTC)), is_utc }
    }

    pub(super) fn time(&self, language: Language) -> String {
        let (hour, minute) = (self.zoned.hour(), self.zoned.minute());
        let time = match language {
            Language::En => {
                let half = if hour < 12 { "AM" } else { "PM" };
                format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
            }
            Language::Es | Language::Fr | Language::De => format!("{hour:02}:{minute:02}"),
        };
        match (self.is_utc, language) {
            (true, _) => format!("{time} UTC"),
            (false, Language::De) => format!("{time} Uhr"),
            (false, _) => time,
        }
    }

    pub(super) fn date(&self, language: Language) -> String {
        let date = self.zoned.date();
        let (weekday, day, month) = (weekday(date, language), date.day(), month(date, language));
        match language {
            Language::En => format!("{weekday}, {month} {day}"),
            Language::Es => format!("{weekday} {day} de {month}"),
            Language::Fr if day == 1 => format!("{weekday} 1er {month}"),
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
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-22T07:05:00Z", "12:05 AM")]
    #[case("2026-11-22T19:00:00Z", "12:00 PM")]
    #[case("2026-11-22T08:09:00Z", "1:09 AM")]
    fn the_twelve_hour_clock_knows_noon_and_midnight(#[case] utc: &str, #[case] text: &str) {
        assert_eq!(Clock::at(utc.parse().unwrap(), "DEN").time(Language::En), text);
    }

    #[rstest]
    #[case(Language::Es, "22:40 UTC")]
    #[case(Language::De, "22:40 UTC")]
    fn an_unknown_airports_time_is_utc_and_says_so(#[case] language: Language, #[case] said: &str) {
        let time = "2026-11-22T22:40:00Z".parse().unwrap();
        assert_eq!(Clock::at(time, "???").time(language), said);
    }

    #[test]
    fn the_first_of_a_month_has_its_french_ending() {
        let time = "2026-12-01T12:00:00Z".parse().unwrap();
        assert_eq!(Clock::at(time, "CDG").date(Language::Fr), "mardi 1er décembre");
    }
}
