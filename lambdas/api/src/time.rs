//! Times in a query.

use flightpulse_rest_kit::problem::Problem;
use flightpulse_rest_kit::query::Query;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A time of the query, UTC; none when it is not given.
///
/// # Errors
/// A 400 that says what is allowed.
pub(crate) fn time(query: &Query, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = query.get(name) else {
        return Ok(None);
    };
    rfc3339(text).map(Some).ok_or_else(|| {
        Problem::invalid(format!(
            "{name} must be a time in the form of RFC 3339, as in 2026-11-22T00:00:00Z or 2026-11-22T00:00:00%2B01:00 (a plus sign is written %2B in a query)."
        ))
    })
}

// RFC 3339, section 5.6, and nothing else: jiff alone would also take a time without seconds, a
// zone's name and more. Digits of a second beyond the ninth are dropped.
fn rfc3339(text: &str) -> Option<Timestamp> {
    let form = "0000-00-00T00:00:00";
    let (clock, rest) = text.split_at_checked(form.len())?;
    let fits = |(c, f): (char, char)| match f {
        '0' => c.is_ascii_digit(),
        f => c.eq_ignore_ascii_case(&f),
    };
    if !clock.chars().zip(form.chars()).all(fits) {
        return None;
    }
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
            rest.split_at(end)
        }
    };
    let nanos: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let civil: DateTime = format!("{}.{nanos}", clock.to_ascii_uppercase()).parse().ok()?;
    let offset = offset(zone)?;
    // The last hours of the year 9999 are beyond what a timestamp can be; nothing departs then.
    Some(offset.to_timestamp(civil).unwrap_or(Timestamp::MAX))
}

fn offset(zone: &str) -> Option<Offset> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let part = |text: &str, most: i32| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|value| digits && (0..=most).contains(value))
    };
    Offset::from_seconds(sign * (part(hours, 23)? * 3_600 + part(minutes, 59)? * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z")]
    #[case("2026-11-22t00:00:00z", "2026-11-22T00:00:00Z")]
    #[case("2026-11-22T00:00:00.5Z", "2026-11-22T00:00:00.5Z")]
    #[case("2026-11-22T00:00:00.12345678901Z", "2026-11-22T00:00:00.123456789Z")]
    #[case("2026-11-22T00:00:00+01:30", "2026-11-21T22:30:00Z")]
    #[case("2026-11-22T00:00:00-23:59", "2026-11-22T23:59:00Z")]
    #[case("0000-01-01T00:00:00+00:01", "-000001-12-31T23:59:00Z")]
    fn a_time_is_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(rfc3339(text), Some(expected.parse().unwrap()));
    }

    #[rstest]
    #[case("")]
    #[case("2026-11-22")]
    #[case("2026-11-22T00:00Z")]
    #[case("2026-11-22 00:00:00Z")]
    #[case("2026-11-22T00:00:00")]
    // A plus sign that was not encoded is a space by now.
    #[case("2026-11-22T00:00:00 01:00")]
    #[case("2026-11-22T00:00:00.Z")]
    #[case("2026-11-22T00:00:00+0100")]
    #[case("2026-11-22T00:00:00+24:00")]
    #[case("2026-13-22T00:00:00Z")]
    #[case("2026-11-31T00:00:00Z")]
    #[case("2026-11-22T00:00:00Z[UTC]")]
    #[case("２026-11-22T00:00:00Z")]
    fn what_is_no_time_is_refused(#[case] text: &str) {
        assert_eq!(rfc3339(text), None);
    }
}
