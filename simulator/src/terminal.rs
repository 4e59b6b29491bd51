//! The one place that writes to standard output.

use std::io::{IsTerminal, Write};

/// Writes a line. One that cannot be written has no reader any more (`… | head`), so there is
/// nobody to tell.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
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
        Self {
            on: std::io::stdout().is_terminal() && !refused,
        }
    }

    fn wrap(self, code: &str, text: impl std::fmt::Display) -> String {
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
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
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
