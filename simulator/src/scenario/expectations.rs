//! What a scenario must bring about: committed files, not what the code under test would say.

mod feed;
mod sequence;

pub(crate) use feed::{Feed, differences};
pub(crate) use sequence::{FlightExpected, MayBeRebooked, SentEvent, Sequence};

use super::observation::Bookings;
use crate::stop::Stop;
use flightpulse_domain::inbound::RebookingPriority;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Tier;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The scenarios of a single event.
const NUMBERS: [u32; 5] = [1, 2, 3, 4, 6];

const FILES: [&str; 5] = [
    include_str!("../../../sample-data/expectations/scenario-1.json"),
    include_str!("../../../sample-data/expectations/scenario-2.json"),
    include_str!("../../../sample-data/expectations/scenario-3.json"),
    include_str!("../../../sample-data/expectations/scenario-4.json"),
    include_str!("../../../sample-data/expectations/scenario-6.json"),
];

/// All scenarios, in words.
pub(crate) const THERE_IS: &str = "there are: 1 (a minor delay), 2 (a major delay), \
    3 (a cancellation), 4 (a gate change), 5 (a rapid sequence), \
    6 (bookings of a feed, then a delay), \
    7 (a feed that loses some, then an export), all";

/// The expectations of one scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    pub(crate) scenario: u32,
    pub(crate) title: String,
    /// Bookings that are sent before.
    #[serde(default)]
    pub(crate) feed: Option<Feed>,
    /// What is sent: `event_type` and the payload's fields.
    event: Map<String, Value>,
    /// The name of the state machine that takes it.
    pub(crate) workflow: String,
    /// The event's name on the bus.
    pub(crate) route: String,
    pub(crate) execution_status: String,
    pub(crate) max_state_transitions: usize,
    /// Fields of the API's answer before, and their values.
    pub(crate) flight_before: Map<String, Value>,
    /// The same, after.
    pub(crate) flight_after: Map<String, Value>,
    /// None: the departure stays.
    #[serde(default)]
    pub(crate) departure_moves_by_minutes: Option<i64>,
    /// Every booking of the flight, with its status in the table at the end.
    pub(crate) bookings_after: Bookings,
    /// None: no booking is up for rebooking.
    #[serde(default)]
    pub(crate) rebooking: Option<Rebooking>,
    /// Every notification, and no other.
    pub(crate) notifications: Vec<Expected>,
    pub(crate) must_not_be_told: Vec<NotTold>,
    pub(crate) texts: Texts,
    /// Whether every text message goes before every email.
    #[serde(default)]
    pub(crate) sms_before_emails: bool,
    pub(crate) order_of_tiers: Vec<Tier>,
    /// Share of notifications that the model has written, 0 to 1.
    pub(crate) min_model_share: f64,
    /// One call a cohort.
    pub(crate) max_model_calls: u64,
}

/// The bookings that are up for rebooking, each once, and no other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rebooking {
    pub(crate) priority: RebookingPriority,
    pub(crate) bookings: Vec<Rebooked>,
}

/// One booking that is up for rebooking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rebooked {
    pub(crate) booking_id: String,
    pub(crate) passenger_id: String,
    pub(crate) tier: Tier,
}

/// One notification.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) booking_id: String,
    pub(crate) passenger_id: String,
    pub(crate) channel: Channel,
    pub(crate) tier: Tier,
    pub(crate) language: String,
    pub(crate) to: String,
    pub(crate) first_name: String,
    /// Empty where none is assigned.
    #[serde(default)]
    pub(crate) seat: String,
    pub(crate) confirmation_number: String,
}

/// Somebody who must hear nothing, and why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotTold {
    pub(crate) passenger_id: String,
    pub(crate) why: String,
}

/// What texts must and must not say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub(crate) rules: Vec<Rule>,
    /// What of its reader's own a text must say, by channel.
    pub(crate) personal: BTreeMap<Channel, Vec<Personal>>,
    /// Times of day by language, in the reader's format; any other time is wrong.
    pub(crate) clock_times: BTreeMap<String, ClockTimes>,
    /// Gates that may be named; any other gate is wrong.
    pub(crate) gates: Vec<String>,
    /// Links that may be there; any other link is wrong.
    pub(crate) links: Vec<String>,
}

/// Words that texts must and must not have. Upper and lower case are one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// The channel that it is for; none for all.
    #[serde(default)]
    pub(crate) channel: Option<Channel>,
    /// The language that it is for; none for all.
    #[serde(default)]
    pub(crate) language: Option<String>,
    /// Whether it is about the email's subject line alone.
    #[serde(default)]
    pub(crate) in_subject: bool,
    /// As whole words: of each one, or one of several.
    #[serde(default)]
    pub(crate) must_contain: Vec<Words>,
    /// Anywhere, inside a word too; in the subject as in the text.
    #[serde(default)]
    pub(crate) must_not_contain: Vec<String>,
}

/// A word, or several of which one will do.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Words {
    One(String),
    OneOf(Vec<String>),
}

impl Words {
    /// The words, of which one will do.
    pub(crate) fn any(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::OneOf(words) => words,
        }
    }
}

/// Something of a reader's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Personal {
    FirstName,
    Seat,
    ConfirmationNumber,
}

impl Expected {
    /// What this is for the reader.
    pub(crate) fn own(&self, what: Personal) -> &str {
        match what {
            Personal::FirstName => &self.first_name,
            Personal::Seat => &self.seat,
            Personal::ConfirmationNumber => &self.confirmation_number,
        }
    }
}

/// Times of day that a text must and may state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockTimes {
    pub(crate) must: Vec<String>,
    pub(crate) may: Vec<String>,
}

impl Expectations {
    /// The expectations of the scenario with this number, which is of a single event, for a run at
    /// this time.
    pub(crate) fn of(number: u32, now: Timestamp) -> anyhow::Result<Self> {
        let known = NUMBERS.iter().position(|known| *known == number);
        match known.and_then(|at| FILES.get(at)) {
            Some(file) => Ok(serde_json::from_str(&feed::filled(file, now)?)?),
            None => Err(Stop::Usage(format!("there is no scenario {number}; {THERE_IS}")).into()),
        }
    }

    fn event_text(&self, name: &str) -> &str {
        self.event.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The type of the event to send.
    pub(crate) fn event_type(&self) -> &str {
        self.event_text("event_type")
    }

    /// The flight that it is about.
    pub(crate) fn flight_id(&self) -> &str {
        self.event_text("flight_id")
    }

    /// The payload of the event to send.
    pub(crate) fn payload(&self) -> Value {
        let mut payload = self.event.clone();
        payload.remove("event_type");
        payload.into()
    }

    /// The bookings that must be up for rebooking.
    pub(crate) fn rebooked(&self) -> &[Rebooked] {
        self.rebooking.as_ref().map_or(&[], |rebooking| &rebooking.bookings)
    }
}

#[cfg(test)]
mod tests;
