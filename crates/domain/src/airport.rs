//! Airports' time zones, so that a passenger reads the time on the airport's clock.
//!
//! The table is embedded (IATA code → IANA zone, from airportsdata 20260905, MIT licence, see
//! `data/README.md`), and so is the time zone database: nothing is read from the machine.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

static ZONES: &str = include_str!("../data/airport-time-zones.csv");
static TZDB: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The time zone of the airport with this IATA code; none when the code is not known.
#[must_use]
pub fn time_zone(iata: &str) -> Option<TimeZone> {
    TZDB.get(zone_name(iata)?).ok()
}

/// Whether the text is the IATA code of an airport.
#[must_use]
pub fn is_known(iata: &str) -> bool {
    zone_name(iata).is_some()
}

// The lines are sorted by code (a test holds it), so a binary search needs no parsed copy.
fn zone_name(iata: &str) -> Option<&'static str> {
    static LINES: LazyLock<Vec<(&'static str, &'static str)>> =
        LazyLock::new(|| ZONES.lines().filter_map(|line| line.split_once(',')).collect());
    let at = LINES.binary_search_by_key(&iata, |(code, _)| code).ok()?;
    LINES.get(at).map(|(_, zone)| *zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("DEN", "America/Denver")]
    #[case("PHX", "America/Phoenix")]
    #[case("LHR", "Europe/London")]
    #[case("KTM", "Asia/Kathmandu")]
    fn an_airport_has_its_zone(#[case] iata: &str, #[case] zone: &str) {
        assert_eq!(time_zone(iata).unwrap().iana_name(), Some(zone));
    }

    #[test]
    fn an_unknown_code_has_none() {
        assert!(time_zone("XX1").is_none() && !is_known("XX1"));
    }

    #[test]
    fn the_table_is_sorted_and_every_zone_exists() {
        let codes: Vec<_> = ZONES.lines().filter_map(|line| line.split_once(',')).collect();
        assert!(codes.len() > 7_000, "{}", codes.len());
        assert!(codes.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, _) in codes {
            assert!(time_zone(code).is_some(), "{code}");
        }
    }
}
