//! The one place that writes to standard output.

use flightpulse_domain::airport;
use jiff::Timestamp;
use std::io::{IsTerminal, Write};

/// Writes a line. One that cannot be written has no reader any more (`… | head`), so there is
/// nobody to tell.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Draws lines over what stood on the terminal before.
pub(crate) fn redraw(lines: &[String]) {
    // Home, each line with its rest erased, then all below.
    let drawn: String = lines.iter().map(|line| format!("{line}\x1b[K\n")).collect();
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "\x1b[H{drawn}\x1b[J").and_then(|()| out.flush());
}

/// Colours, where they are wanted: on a terminal, unless NO_COLOR is set (<https://no-color.org>).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// As standard output wants it.
    pub(crate) fn for_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: std::io::stdout().is_terminal() && !refused }
    }

    /// None.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { on: false }
    }

    fn wrap(self, code: &str, text: impl std::fmt::Display) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }

    /// What is good.
    pub(crate) fn good(self, text: impl std::fmt::Display) -> String {
        self.wrap("32", text)
    }

    /// What is bad.
    pub(crate) fn bad(self, text: impl std::fmt::Display) -> String {
        self.wrap("31", text)
    }

    /// What stands back.
    pub(crate) fn dim(self, text: impl std::fmt::Display) -> String {
        self.wrap("2", text)
    }

    /// What stands out.
    pub(crate) fn bold(self, text: impl std::fmt::Display) -> String {
        self.wrap("1", text)
    }
}

/// A text from outside for a terminal: without what would move its cursor or change its colours.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A time on an airport's clock: what its passengers read.
pub(crate) fn on_the_clock(time: &str, iata: &str) -> Option<String> {
    let zoned = time.parse::<Timestamp>().ok()?.to_zoned(airport::time_zone(iata)?);
    Some(zoned.strftime(&format!("%Y-%m-%d %H:%M {iata}")).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_on_the_airports_clock() {
        let shown = on_the_clock("2026-11-22T21:10:00Z", "DEN");
        assert_eq!(shown.as_deref(), Some("2026-11-22 14:10 DEN"));
        assert_eq!(on_the_clock("soon", "DEN"), None);
    }

    #[test]
    fn a_text_cannot_move_the_cursor() {
        assert_eq!(printable("a\x1b[2Jb\r"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
