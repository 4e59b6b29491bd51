//! How far it is: in place on a terminal, a line every few seconds elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a terminal is written to, and anything else.
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(5);

/// Tells how far it is, on standard error: standard output is for what was asked.
pub(super) struct Progress {
    began: Instant,
    first: u32,
    total: u32,
    told: Option<Instant>,
    in_place: bool,
}

impl Progress {
    /// Begins with so many done of so many.
    pub(super) fn begin(first: u32, total: u32) -> Self {
        let in_place = std::io::stderr().is_terminal();
        Self { began: Instant::now(), first, total, told: None, in_place }
    }

    /// So many are done.
    pub(super) fn tell(&mut self, done: u32) {
        let pause = if self.in_place { ON_TERMINAL } else { ELSEWHERE };
        // The first line comes after a pause too: what is over by then needs none.
        if self.told.unwrap_or(self.began).elapsed() < pause {
            return;
        }
        self.told = Some(Instant::now());
        let line = line(self.first, done, self.total, self.began.elapsed());
        let mut out = std::io::stderr().lock();
        // Whoever does not read it has no use for it either.
        let _ = if self.in_place {
            write!(out, "\r\x1b[K{line}").and_then(|()| out.flush())
        } else {
            writeln!(out, "{line}")
        };
    }

    /// Leaves the terminal's line to what comes next.
    pub(super) fn end(&self) {
        if self.in_place && self.told.is_some() {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn line(first: u32, done: u32, total: u32, elapsed: Duration) -> String {
    let rate = f64::from(done - first) / elapsed.as_secs_f64().max(0.001);
    let percent = u64::from(done) * 100 / u64::from(total.max(1));
    let left = match rate {
        rate if rate > 0.0 => duration((f64::from(total - done) / rate) as u64),
        _ => "unknown".to_owned(),
    };
    format!(
        "{} of {} records ({percent} %), {} a second, {left} left",
        grouped(u64::from(done)),
        grouped(u64::from(total)),
        grouped(rate as u64)
    )
}

/// A time as people say it, to the second or the minute.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// A number in groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 0, 302_000, 10, "0 of 302,000 records (0 %), 0 a second, unknown left")]
    #[case(
        0,
        30_000,
        302_000,
        20,
        "30,000 of 302,000 records (9 %), 1,500 a second, 3 min 1 s left"
    )]
    // What was there before counts for how far it is, and not for how fast.
    #[case(
        100_000,
        101_000,
        302_000,
        10,
        "101,000 of 302,000 records (33 %), 100 a second, 33 min 30 s left"
    )]
    #[case(0, 302_000, 302_000, 60, "302,000 of 302,000 records (100 %), 5,033 a second, 0 s left")]
    fn it_says_how_far_how_fast_and_how_long(
        #[case] first: u32,
        #[case] done: u32,
        #[case] total: u32,
        #[case] seconds: u64,
        #[case] says: &str,
    ) {
        assert_eq!(line(first, done, total, Duration::from_secs(seconds)), says);
    }

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_000, "1,000")]
    #[case(1_335_000, "1,335,000")]
    fn digits_are_grouped(#[case] number: u64, #[case] text: &str) {
        assert_eq!(grouped(number), text);
    }
}
