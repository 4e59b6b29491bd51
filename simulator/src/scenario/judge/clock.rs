//! Reading times of day and gates out of texts for people.

use std::fmt;

/// A time of day as a text states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockTime {
    hour: u32,
    minute: u32,
    half: Option<Half>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = match self.half {
            Some(Half::Am) => " AM",
            Some(Half::Pm) => " PM",
            None => "",
        };
        write!(f, "{}:{:02}{half}", self.hour, self.minute)
    }
}

/// All times of day in a text: `3:40 PM`, `3:40 p.m.`, `15:40`, `15 h 40`, `15.40`, `3 PM`,
/// `15 Uhr`. A dotted date counts as one too: no text has any, and in doubt it is wrong.
pub(super) fn clock_times(text: &str) -> Vec<ClockTime> {
    let mut times = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let glued = rest[..at].chars().next_back().is_some_and(char::is_alphabetic);
        rest = &rest[at..];
        let (digits, after) = number(rest);
        match time(digits, after).filter(|_| !glued) {
            Some((time, after)) => {
                times.push(time);
                rest = after;
            }
            None => rest = after,
        }
    }
    times
}

fn time<'a>(digits: &str, after: &'a str) -> Option<(ClockTime, &'a str)> {
    let hour = digits.parse().ok().filter(|_| digits.len() <= 2)?;
    if let Some((minute, rest)) = minutes(after) {
        let (half, rest) = half(rest);
        return Some((ClockTime { hour, minute, half }, rest));
    }
    let (half, rest) = half(after);
    if half.is_some() {
        return Some((ClockTime { hour, minute: 0, half }, rest));
    }
    let unit = blanks(after);
    let unit_end = unit.find(|c: char| !c.is_alphabetic()).unwrap_or(unit.len());
    let full_hour = ["Uhr", "h", "horas", "heures", "o"].contains(&&unit[..unit_end]);
    full_hour.then(|| (ClockTime { hour, minute: 0, half: None }, &unit[unit_end..]))
}

// `:40`, `.40`, `h40`, ` h 40`
fn minutes(after: &str) -> Option<(u32, &str)> {
    let rest = after
        .strip_prefix([':', '.'])
        .or_else(|| Some(blanks(blanks(after).strip_prefix(['h', 'H'])?)))?;
    let (digits, rest) = number(rest);
    (digits.len() == 2).then(|| digits.parse().ok())?.map(|minute| (minute, rest))
}

fn half(after: &str) -> (Option<Half>, &str) {
    let rest = blanks(after);
    let lower = rest.to_ascii_lowercase();
    for (form, half) in [("a.m.", Half::Am), ("p.m.", Half::Pm), ("am", Half::Am), ("pm", Half::Pm)]
    {
        if lower.starts_with(form) && !rest[form.len()..].starts_with(char::is_alphanumeric) {
            return (Some(half), &rest[form.len()..]);
        }
    }
    (None, after)
}

fn number(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\u{a0}', '\u{202f}'])
}

/// The gates that a text names, in the four languages of our texts.
pub(super) fn gates(text: &str) -> Vec<String> {
    let words: Vec<_> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .filter(|pair| {
            let word = pair[0].to_lowercase();
            ["gate", "puerta", "porte", "flugsteig", "ausgang"].contains(&word.as_str())
        })
        .filter(|pair| pair[1].contains(|c: char| c.is_ascii_digit()))
        .map(|pair| pair[1].to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("It leaves at 3:40 PM, Sunday, November 22.", &["3:40 PM"])]
    #[case("at 3:40 p.m. and 12:05am", &["3:40 PM", "12:05 AM"])]
    #[case("at 3 PM", &["3:00 PM"])]
    #[case("a las 15:40. Llega a las 17:35", &["15:40", "17:35"])]
    #[case("départ à 15 h 40, arrivée 17h35", &["15:40", "17:35"])]
    #[case("um 15:40 Uhr, 15 Uhr, 7.05 Uhr", &["15:40", "15:00", "7:05"])]
    #[case("Nueva salida: 08:55, domingo 22 de noviembre (hora local en DEN)", &["8:55"])]
    #[case("Abflug: 15:40 Uhr, Sonntag, 22. November", &["15:40"])]
    #[case("under US law (14 CFR Part 260), 14 CFR partie 260", &[])]
    #[case("90 minutes, flight SW5678, seat 14D, G3LM7P, 12 de noviembre", &[])]
    #[case("10:15:40", &["10:15"])]
    fn times_are_found_in_every_format(#[case] text: &str, #[case] times: &[&str]) {
        let found: Vec<_> = clock_times(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, times);
    }

    #[rstest]
    #[case("from gate B7 (not Gate: A5)", &["B7", "A5"])]
    #[case("en la puerta D15, porte 12", &["D15", "12"])]
    #[case("New gate: D15 (before: A5)", &["D15"])]
    #[case("be at the gate in good time", &[])]
    fn gates_are_found_in_every_language(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(gates(text), expected);
    }
}
