//! Airports: their time zone, so that a passenger reads the time on the airport's clock; their
//! country, which decides the passenger's rights; their city, which no text may name.
//!
//! The table is embedded (from airportsdata 20260905, MIT licence, see `data/README.md`), and so
//! is the time zone database: nothing is read from the machine.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::LazyLock;

static TABLE: &str = include_str!("../data/airports.csv");
static TZDB: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

// The lines are sorted by code (a test holds it), so a binary search finds one.
static AIRPORTS: LazyLock<Vec<Airport>> =
    LazyLock::new(|| TABLE.lines().filter_map(Airport::read).collect());

/// An airport of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Airport {
    /// IATA code.
    pub iata: &'static str,
    /// Name of its IANA time zone.
    pub zone: &'static str,
    /// ISO 3166-1 alpha-2 code of its country.
    pub country: &'static str,
    /// The city or cities that it serves, as the table writes them; empty for some small fields.
    pub city: &'static str,
}

impl Airport {
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.splitn(4, ',');
        let mut next = || columns.next();
        Some(Self { iata: next()?, zone: next()?, country: next()?, city: next()? })
    }
}

/// Every airport, by code.
#[must_use]
pub fn all() -> &'static [Airport] {
    &AIRPORTS
}

/// The airport with this IATA code.
#[must_use]
pub fn find(iata: &str) -> Option<&'static Airport> {
    let at = AIRPORTS.binary_search_by_key(&iata, |airport| airport.iata).ok()?;
    AIRPORTS.get(at)
}

/// The time zone of the airport with this IATA code; none when the code is not known.
#[must_use]
pub fn time_zone(iata: &str) -> Option<TimeZone> {
    TZDB.get(find(iata)?.zone).ok()
}

/// The country of the airport with this IATA code (ISO 3166-1 alpha-2).
#[must_use]
pub fn country(iata: &str) -> Option<&'static str> {
    find(iata).map(|airport| airport.country)
}

/// Whether the text is the IATA code of an airport.
#[must_use]
pub fn is_known(iata: &str) -> bool {
    find(iata).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("DEN", "America/Denver", "US", "Denver")]
    #[case("PHX", "America/Phoenix", "US", "Phoenix")]
    #[case("LHR", "Europe/London", "GB", "London")]
    #[case("KTM", "Asia/Kathmandu", "NP", "Kathmandu")]
    #[case("TFS", "Atlantic/Canary", "ES", "Tenerife Island")]
    #[case("BDO", "Asia/Jakarta", "ID", "Bandung, Java Island")]
    fn an_airport_has_its_zone_country_and_city(
        #[case] iata: &str,
        #[case] zone: &str,
        #[case] country: &str,
        #[case] city: &str,
    ) {
        assert_eq!(time_zone(iata).unwrap().iana_name(), Some(zone));
        assert_eq!(super::country(iata), Some(country));
        assert_eq!(find(iata).unwrap().city, city);
    }

    #[test]
    fn an_unknown_code_has_none() {
        assert!(time_zone("XX1").is_none() && country("XX1").is_none() && !is_known("XX1"));
    }

    #[test]
    fn the_table_is_sorted_and_every_zone_and_country_exists() {
        assert_eq!(all().len(), TABLE.lines().count());
        assert!(all().len() > 7_000, "{}", all().len());
        assert!(all().windows(2).all(|pair| pair[0].iata < pair[1].iata));
        for airport in all() {
            assert!(time_zone(airport.iata).is_some(), "{airport:?}");
            let is_code = airport.country.chars().all(|c| c.is_ascii_uppercase());
            assert!(airport.country.len() == 2 && is_code, "{airport:?}");
        }
    }
}
