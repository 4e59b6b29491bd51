//! The rights notice: what a passenger is to be told in writing when a flight is cancelled or
//! long delayed, by the law that holds for the airports.
//!
//! Sources:
//! - EU, Iceland, Norway, Liechtenstein, Switzerland, for departures there: Regulation (EC) No
//!   261/2004, Article 14(2) (the written notice, for a cancellation and for a delay of two hours
//!   or more), 8 (refund or re-routing), 9 (care), 6 and 7 (delay, compensation; from three hours
//!   at arrival by the Court's judgment C-402/07 *Sturgeon*).
//!   <https://europa.eu/youreurope/citizens/travel/passenger-rights/air/>
//! - United Kingdom, for departures there: the same Regulation as retained ("UK261").
//!   <https://www.caa.co.uk/passengers/>
//! - To, from and within the United States: 14 CFR part 260: a refund when the flight is cancelled
//!   or changed significantly (260.2: three hours within the country, six on other flights) and
//!   the passenger chooses not to travel. <https://www.transportation.gov/airconsumer>
//!
//! Arrivals in the EU or the UK on a carrier of theirs are covered too; which carrier operates is
//! not known here, so the notice speaks of departures alone.

mod texts;

use super::facts::{Facts, News};
use crate::airport;
use texts::{cancelled, delayed};

/// A law that gives passengers rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Regime {
    /// Regulation (EC) No 261/2004.
    Eu,
    /// The same as retained in the United Kingdom.
    Uk,
    /// 14 CFR part 260.
    Us,
    /// None that is known here.
    Other,
}

// The territory of the Regulation: the EU with its outermost regions that have country codes of
// their own (Article 349 TFEU), the EEA, Switzerland (air transport agreement of 1999).
const EU: &str = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE \
    GF GP MF MQ RE YT IS NO LI CH";
// The United States with its territories (49 U.S.C. 40102(a)(46)).
const US: &str = "US PR VI GU AS MP UM";

const MIN_DELAY_ART_14: u32 = 120;

fn is_in(countries: &str, country: Option<&str>) -> bool {
    country.is_some_and(|country| countries.split_whitespace().any(|code| code == country))
}

/// The laws that hold for a flight between two airports; never none.
pub(crate) fn regimes(origin: &str, destination: &str) -> Vec<Regime> {
    let (from, to) = (airport::country(origin), airport::country(destination));
    let mut regimes = Vec::new();
    if is_in(EU, from) {
        regimes.push(Regime::Eu);
    }
    if is_in("GB", from) {
        regimes.push(Regime::Uk);
    }
    if is_in(US, from) || is_in(US, to) {
        regimes.push(Regime::Us);
    }
    if regimes.is_empty() {
        regimes.push(Regime::Other);
    }
    regimes
}

/// The rights notice for these facts; none when the news gives no right.
#[must_use]
pub fn notice(facts: &Facts) -> Option<String> {
    let regimes = regimes(&facts.origin, &facts.destination);
    let paragraphs: Vec<_> = match &facts.news {
        News::Cancellation { .. } => {
            regimes.into_iter().map(|regime| cancelled(regime, facts.language)).collect()
        }
        News::Delay { minutes, .. } => regimes
            .into_iter()
            .filter(|regime| match regime {
                Regime::Eu | Regime::Uk => *minutes >= MIN_DELAY_ART_14,
                Regime::Us => *minutes >= significant_change(facts),
                Regime::Other => false,
            })
            .filter_map(|regime| delayed(regime, facts.language))
            .collect(),
        News::GateChange { .. } | News::Reinstatement { .. } => Vec::new(),
    };
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

// Minutes from which a later arrival is a significant change (14 CFR 260.2).
fn significant_change(facts: &Facts) -> u32 {
    let is_us = |iata: &str| is_in(US, airport::country(iata));
    if is_us(&facts.origin) && is_us(&facts.destination) { 180 } else { 360 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delay::Reason;
    use crate::message::facts::tests::{about, cancellation, delay, gate_change};
    use crate::notice::{Nature, Subject};
    use crate::passenger::Language;
    use rstest::rstest;

    #[rstest]
    #[case("DEN", "PHX", &[Regime::Us])]
    #[case("FRA", "JFK", &[Regime::Eu, Regime::Us])]
    #[case("JFK", "FRA", &[Regime::Us])]
    #[case("LHR", "CDG", &[Regime::Uk])]
    #[case("ZRH", "LHR", &[Regime::Eu])]
    #[case("KEF", "OSL", &[Regime::Eu])]
    #[case("PTP", "ORY", &[Regime::Eu])]
    #[case("SJU", "SDQ", &[Regime::Us])]
    #[case("NOU", "SYD", &[Regime::Other])]
    #[case("HND", "ICN", &[Regime::Other])]
    #[case("???", "ICN", &[Regime::Other])]
    fn the_law_is_that_of_the_airports(
        #[case] from: &str,
        #[case] to: &str,
        #[case] laws: &[Regime],
    ) {
        assert_eq!(regimes(from, to), laws);
    }

    fn notice_of(from: &str, to: &str, subject: Subject) -> Option<String> {
        let mut notice = about(Nature::News, subject);
        (notice.origin, notice.destination) = (from.into(), to.into());
        super::notice(&Facts::of(&notice, Language::En))
    }

    #[rstest]
    #[case("FRA", "MAD", 119, false)]
    #[case("FRA", "MAD", 120, true)]
    #[case("LHR", "MAD", 120, true)]
    #[case("DEN", "PHX", 179, false)]
    #[case("DEN", "PHX", 180, true)]
    #[case("DEN", "FRA", 359, false)]
    #[case("DEN", "FRA", 360, true)]
    #[case("HND", "ICN", 2880, false)]
    fn a_delay_gives_rights_from_a_length_on(
        #[case] from: &str,
        #[case] to: &str,
        #[case] minutes: u32,
        #[case] told: bool,
    ) {
        assert_eq!(notice_of(from, to, delay(minutes, Reason::Crew)).is_some(), told);
    }

    #[test]
    fn a_cancellation_always_says_whom_to_ask_and_a_gate_change_nothing() {
        assert!(notice_of("HND", "ICN", cancellation(Reason::Crew)).is_some());
        assert!(notice_of("FRA", "MAD", gate_change(true)).is_none());
    }

    #[test]
    fn the_notices_read_like_this() {
        let said = Language::ALL.map(|language| {
            [Regime::Eu, Regime::Uk, Regime::Us, Regime::Other]
                .map(|regime| {
                    let delay = delayed(regime, language).unwrap_or_default();
                    format!("{regime:?}\n{}\n{delay}", cancelled(regime, language))
                })
                .join("\n\n")
        });
        insta::assert_snapshot!(said.join("\n\n---\n\n"));
    }
}
