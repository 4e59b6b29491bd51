//! The facts that a message states, in the words in which its reader reads them, and the
//! placeholders under which prose names them.

mod clock;

use crate::delay::{DelayCategory, Reason};
use crate::inbound::is_gate;
use crate::notice::{Nature, Notice, Subject};
use crate::passenger::Language;
use clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// The passenger's first name: the one personal datum that prose may name.
pub const FIRST_NAME: &str = "{{first_name}}";
/// The flight's number.
pub const FLIGHT: &str = "{{flight}}";
/// From where to where it flies.
pub const ROUTE: &str = "{{route}}";
/// The departure now expected; with its day when that is another than planned.
pub const DEPARTURE: &str = "{{departure}}";
/// How much later than planned it leaves.
pub const DELAY: &str = "{{delay}}";
/// The day of a cancelled departure.
pub const DATE: &str = "{{date}}";
/// The gate that it now leaves from.
pub const NEW_GATE: &str = "{{new_gate}}";
/// The gate of a reinstated flight.
pub const GATE: &str = "{{gate}}";

/// A notice's facts, in the reader's language and on the airports' clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The flight's number.
    pub flight: String,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// How the news stands to what passengers were told before.
    pub nature: Nature,
    /// The news.
    pub news: News,
    /// The language in which the facts are written.
    pub language: Language,
}

/// What is new, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It leaves at another time than passengers believe.
    Delay {
        /// The delay's category.
        category: DelayCategory,
        /// Minutes later than planned; 0 when it is back on schedule.
        minutes: u32,
        /// Why.
        reason: Reason,
        /// The departure that was planned.
        planned: Moment,
        /// The departure now expected.
        departure: Moment,
        /// The arrival now expected.
        arrival: Moment,
    },
    /// It does not operate.
    Cancellation {
        /// Why.
        reason: Reason,
        /// The departure that was planned.
        planned: Moment,
    },
    /// It leaves from another gate.
    GateChange {
        /// The gate that passengers knew, when one was known.
        old_gate: Option<String>,
        /// The gate that it leaves from.
        new_gate: String,
        /// Whether that is in another terminal.
        terminal_change: bool,
        /// The departure as now expected.
        departure: Moment,
    },
    /// It operates after all.
    Reinstatement {
        /// Minutes later than planned.
        minutes: u32,
        /// The departure that was planned.
        planned: Moment,
        /// The departure then expected.
        departure: Moment,
        /// The arrival then expected.
        arrival: Moment,
        /// The gate, when one is assigned.
        gate: Option<String>,
    },
}

/// A time and a day on an airport's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The time: `3:40 PM`, `15:40`, `15:40 Uhr`; with `UTC` where the airport is not known.
    pub time: String,
    /// The day: `Sunday, November 22`.
    pub date: String,
}

impl Moment {
    fn at(time: Timestamp, iata: &str, language: Language) -> Self {
        let clock = Clock::at(time, iata);
        Self { time: clock.time(language), date: clock.date(language) }
    }

    /// The time alone, or with its day when a time alone would mislead.
    fn said(&self, with_day: bool, language: Language) -> String {
        let Self { time, date } = self;
        match (with_day, language) {
            (false, _) => time.clone(),
            (true, Language::En) => format!("{time} on {date}"),
            (true, Language::Es) => format!("{time} del {date}"),
            (true, Language::Fr) => format!("{time} le {date}"),
            (true, Language::De) => format!("{time} am {date}"),
        }
    }
}

impl Facts {
    /// The facts of a notice as a reader of this language reads them.
    #[must_use]
    pub fn of(notice: &Notice, language: Language) -> Self {
        let departs = |time| Moment::at(time, &notice.origin, language);
        let arrives = |time| Moment::at(time, &notice.destination, language);
        let before = |time: Timestamp, minutes: u32| {
            time.saturating_sub(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(time)
        };
        let news = match &notice.subject {
            Subject::Delay { category, delay_minutes, reason, new_departure, new_arrival } => {
                News::Delay {
                    category: *category,
                    minutes: *delay_minutes,
                    reason: *reason,
                    planned: departs(before(*new_departure, *delay_minutes)),
                    departure: departs(*new_departure),
                    arrival: arrives(*new_arrival),
                }
            }
            Subject::Cancellation { reason, scheduled_departure, .. } => {
                News::Cancellation { reason: *reason, planned: departs(*scheduled_departure) }
            }
            Subject::GateChange { old_gate, new_gate, terminal_change, departure } => {
                News::GateChange {
                    old_gate: old_gate.as_deref().and_then(gate_name),
                    new_gate: gate_name(new_gate).unwrap_or_else(|| "?".to_owned()),
                    terminal_change: *terminal_change,
                    departure: departs(*departure),
                }
            }
            Subject::Reinstatement { delay_minutes, departure, arrival, gate, .. } => {
                News::Reinstatement {
                    minutes: *delay_minutes,
                    planned: departs(before(*departure, *delay_minutes)),
                    departure: departs(*departure),
                    arrival: arrives(*arrival),
                    gate: gate.as_deref().and_then(gate_name),
                }
            }
        };
        Self {
            flight: notice.flight_id.number().to_owned(),
            origin: airport_code(&notice.origin),
            destination: airport_code(&notice.destination),
            nature: notice.nature,
            news,
            language,
        }
    }

    /// The name of the task that the model is given.
    #[must_use]
    pub fn task(&self) -> &'static str {
        match self.news {
            News::Delay { .. } => "delay",
            News::Cancellation { .. } => "cancellation",
            News::GateChange { .. } => "gate_change",
            News::Reinstatement { .. } => "reinstatement",
        }
    }

    /// The placeholders that prose may have, each with whether the email's body and the text
    /// message must.
    #[must_use]
    pub fn placeholders(&self) -> Vec<(&'static str, bool)> {
        let mut offered = vec![(FIRST_NAME, true), (FLIGHT, true), (ROUTE, false)];
        match &self.news {
            News::Delay { minutes, .. } => {
                offered.push((DEPARTURE, true));
                if *minutes > 0 {
                    offered.push((DELAY, true));
                }
            }
            News::Cancellation { .. } => offered.push((DATE, false)),
            News::GateChange { .. } => offered.extend([(DEPARTURE, false), (NEW_GATE, true)]),
            News::Reinstatement { gate, .. } => {
                offered.push((DEPARTURE, true));
                if gate.is_some() {
                    offered.push((GATE, true));
                }
            }
        }
        offered
    }

    /// What a placeholder of a fact becomes; none when the notice has no such fact.
    #[must_use]
    pub fn value(&self, placeholder: &str) -> Option<String> {
        let (language, news) = (self.language, &self.news);
        match (placeholder, news) {
            (FLIGHT, _) => Some(self.flight.clone()),
            (ROUTE, _) => Some(self.route()),
            (
                DEPARTURE,
                News::Delay { planned, departure, .. }
                | News::Reinstatement { planned, departure, .. },
            ) => Some(departure.said(planned.date != departure.date, language)),
            (DEPARTURE, News::GateChange { departure, .. }) => Some(departure.time.clone()),
            (DELAY, News::Delay { minutes, .. }) if *minutes > 0 => {
                Some(duration(*minutes, language))
            }
            (DATE, News::Cancellation { planned, .. }) => Some(planned.date.clone()),
            (NEW_GATE, News::GateChange { new_gate, .. }) => Some(new_gate.clone()),
            (GATE, News::Reinstatement { gate, .. }) => gate.clone(),
            _ => None,
        }
    }

    /// From where to where, so that it reads well after "from" and in parentheses.
    #[must_use]
    pub fn route(&self) -> String {
        let to = ["to", "a", "à", "nach"][self.language as usize];
        format!("{} {to} {}", self.origin, self.destination)
    }
}

/// A delay in words: minutes up to two hours, hours and minutes from there on.
#[must_use]
pub fn duration(minutes: u32, language: Language) -> String {
    let unit = match (language, minutes) {
        (Language::En | Language::Fr, 1) => "minute",
        (Language::En | Language::Fr, _) => "minutes",
        (Language::Es, 1) => "minuto",
        (Language::Es, _) => "minutos",
        (Language::De, 1) => "Minute",
        (Language::De, _) => "Minuten",
    };
    match (minutes / 60, minutes % 60) {
        (0 | 1, _) => format!("{minutes} {unit}"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}

// A gate comes from outside and is put into a text that carries our name. What cannot be one is
// not made into one: a wrong gate is worse than none.
fn gate_name(gate: &str) -> Option<String> {
    Some(gate.trim()).filter(|gate| is_gate(gate)).map(str::to_owned)
}

// An airport's code is put into the same text, by whatever loads flights.
fn airport_code(code: &str) -> String {
    let is_one = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_one { code.to_owned() } else { "?".to_owned() }
}

#[cfg(test)]
pub(crate) mod tests;
