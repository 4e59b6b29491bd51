//! The flights that `aep send` sells, and what is paid for them where.

use crate::stop::Stop;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::money::Currency;
use jiff::ToSpan;
use jiff::civil::Date;

/// A country's prices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Market {
    currency: &'static str,
    /// The cheapest and the dearest seat in economy, in minor units.
    pub(super) fares: (i64, i64),
    /// What prices are rounded to, in minor units.
    pub(super) step: i64,
}

static INDIA: Market = Market { currency: "INR", fares: (250_000, 1_200_000), step: 100 };
static AMERICA: Market = Market { currency: "USD", fares: (6_900, 48_000), step: 10 };
static EUROPE: Market = Market { currency: "EUR", fares: (4_900, 39_000), step: 1 };
static JAPAN: Market = Market { currency: "JPY", fares: (7_800, 52_000), step: 10 };

/// Where they fly, there and back, and the market of each end.
static ROUTES: [(&str, &Market, &str, &Market); 14] = [
    ("DEL", &INDIA, "BOM", &INDIA),
    ("BLR", &INDIA, "DEL", &INDIA),
    ("JFK", &AMERICA, "LAX", &AMERICA),
    ("FRA", &EUROPE, "BCN", &EUROPE),
    ("HND", &JAPAN, "CTS", &JAPAN),
    ("DEL", &INDIA, "FRA", &EUROPE),
    ("MAA", &INDIA, "CCU", &INDIA),
    ("DEN", &AMERICA, "PHX", &AMERICA),
    ("CDG", &EUROPE, "JFK", &AMERICA),
    ("HND", &JAPAN, "DEL", &INDIA),
    ("BOM", &INDIA, "GOI", &INDIA),
    ("AMS", &EUROPE, "LIS", &EUROPE),
    ("ORD", &AMERICA, "HND", &JAPAN),
    ("HYD", &INDIA, "PNQ", &INDIA),
];

/// Days between the way there and the way back.
const STAY: i32 = 3;
/// The first flight's number.
const FIRST_NUMBER: u32 = 100;
/// The most flights: a number has four digits.
pub(crate) const MOST_FLIGHTS: i64 = 9_000;

/// A flight that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) id: FlightId,
    pub(super) number: String,
    pub(super) origin: &'static str,
    pub(super) destination: &'static str,
    pub(super) date: Date,
    /// The market of its origin, in which a booking that begins with it is paid.
    pub(super) market: &'static Market,
}

impl Market {
    /// The currency.
    pub(super) fn currency(&self) -> Result<Currency, Stop> {
        Currency::from_code(self.currency).map_err(|error| Stop::CannotRun(error.to_string()))
    }
}

/// So many flights of this day: each second one is the way back of the one before it, some days
/// later.
pub(super) fn flights(count: u32, date: Date) -> Result<Vec<Sold>, Stop> {
    let back = date.checked_add(STAY.days());
    let back = back.map_err(|error| Stop::Usage(format!("the date is out of range: {error}")))?;
    (0..count).map(|nth| flight(nth, if nth % 2 == 0 { date } else { back })).collect()
}

fn flight(nth: u32, date: Date) -> Result<Sold, Stop> {
    let (from, its, to, theirs) = ROUTES[(nth / 2) as usize % ROUTES.len()];
    let (origin, destination, market) =
        if nth.is_multiple_of(2) { (from, to, its) } else { (to, from, theirs) };
    let number = format!("TL{}", FIRST_NUMBER + nth);
    let id = FlightId::new(format!("{number}-{date}-{origin}"));
    let id = id.map_err(|error| Stop::CannotRun(error.to_string()))?;
    Ok(Sold { id, number, origin, destination, date, market })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::airport;

    #[test]
    fn flights_are_sold_there_and_back_in_the_money_of_where_they_begin() {
        let all = flights(60, jiff::civil::date(2026, 12, 15)).unwrap();
        assert_eq!(all[0].id.as_str(), "TL100-2026-12-15-DEL");
        assert_eq!(all[1].id.as_str(), "TL101-2026-12-18-BOM");
        assert!(all.iter().all(|one| airport::is_known(one.origin)));
        let ids: std::collections::BTreeSet<_> = all.iter().map(|one| &one.id).collect();
        assert_eq!(ids.len(), all.len());
        let paid: std::collections::BTreeSet<_> =
            all.iter().map(|one| one.market.currency().unwrap()).collect();
        assert_eq!(paid.len(), 4);
    }
}
