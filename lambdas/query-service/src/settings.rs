//! What the function is told.

use flightpulse_booking_history::postgres::{DEFAULT_PORT, MOST_ROWS, QueryService, WrongName};
use flightpulse_domain::history::Reach;
use flightpulse_lambda_kit::env::{Missing, required};
use jiff::SignedDuration;

/// How old an event must be before it is looked for: what Experience Platform is just writing is left
/// for the next time.
const SETTLE: SignedDuration = SignedDuration::from_mins(1);

/// A setting that is none.
#[derive(Debug, thiserror::Error)]
pub enum WrongSetting {
    /// It is not there.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// It is no number, or one that cannot be.
    #[error("{0} must be a number from 1 to {1}")]
    NoNumber(&'static str, u32),
    /// It is no host.
    #[error("QUERY_SERVICE_HOST must be host or host:port")]
    NoHost,
    /// It is no table.
    #[error("QUERY_SERVICE_TABLE: {0}")]
    NoTable(#[from] WrongName),
}

/// Where the history is.
///
/// # Errors
/// [`WrongSetting`]
pub fn history() -> Result<QueryService, WrongSetting> {
    let (host, port) = host(&required("QUERY_SERVICE_HOST")?)?;
    Ok(QueryService {
        host,
        port,
        database: required("QUERY_SERVICE_DATABASE")?,
        table: required("QUERY_SERVICE_TABLE")?.parse()?,
        max_rows: number("QUERY_SERVICE_MAX_ROWS", MOST_ROWS as u32)? as usize,
    })
}

/// How far back, and how close to now, it is read.
///
/// # Errors
/// [`WrongSetting`]
pub fn reach() -> Result<Reach, WrongSetting> {
    let minutes = |name| number(name, 60 * 24 * 366).map(i64::from);
    Ok(Reach {
        overlap: SignedDuration::from_mins(minutes("QUERY_SERVICE_OVERLAP_MINUTES")?),
        settle: SETTLE,
        first: SignedDuration::from_mins(minutes("QUERY_SERVICE_FIRST_MINUTES")?),
    })
}

fn number(name: &'static str, most: u32) -> Result<u32, WrongSetting> {
    let number = required(name)?.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or(WrongSetting::NoNumber(name, most))
}

fn host(text: &str) -> Result<(String, u16), WrongSetting> {
    let (host, port) = match text.split_once(':') {
        None => (text, DEFAULT_PORT),
        Some((host, port)) => (host, port.parse().map_err(|_| WrongSetting::NoHost)?),
    };
    if host.is_empty() || port == 0 {
        return Err(WrongSetting::NoHost);
    }
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("airline.platform-query.adobe.io", Some(("airline.platform-query.adobe.io", 80)))]
    #[case("127.0.0.1:5432", Some(("127.0.0.1", 5432)))]
    #[case("a:", None)]
    #[case(":80", None)]
    #[case("a:0", None)]
    #[case("a:b:1", None)]
    fn a_host_may_have_a_port(#[case] text: &str, #[case] expected: Option<(&str, u16)>) {
        let found = host(text).ok();
        assert_eq!(found.as_ref().map(|(host, port)| (host.as_str(), *port)), expected);
    }
}
