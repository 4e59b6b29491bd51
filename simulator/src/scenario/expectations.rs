//! What a scenario must bring about: committed files, not what the code under test would say.

use crate::stop::Stop;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Tier;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const SCENARIO_2: &str = include_str!("../../../sample-data/expectations/scenario-2.json");

/// The expectations of one scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    pub(crate) scenario: u32,
    pub(crate) title: String,
    /// What is sent: `event_type` and the payload's fields.
    event: Map<String, Value>,
    /// The event's name on the bus.
    pub(crate) route: String,
    pub(crate) execution_status: String,
    pub(crate) max_state_transitions: usize,
    /// Fields of the API's answer before, and their values.
    pub(crate) flight_before: Map<String, Value>,
    /// The same, after.
    pub(crate) flight_after: Map<String, Value>,
    pub(crate) departure_moves_by_minutes: i64,
    /// Every notification, and no other.
    pub(crate) notifications: Vec<Expected>,
    pub(crate) must_not_be_told: Vec<NotTold>,
    pub(crate) texts: Texts,
    pub(crate) order_of_tiers: Vec<Tier>,
    /// Share of notifications that the model has written, 0 to 1.
    pub(crate) min_model_share: f64,
    /// One call a cohort.
    pub(crate) max_model_calls: u64,
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

/// What every text must and must not say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    /// Words, as whole words.
    pub(crate) must_contain: Vec<String>,
    pub(crate) must_not_contain: Vec<String>,
    /// Times of day by language, in the reader's format; any other time is wrong.
    pub(crate) clock_times: BTreeMap<String, ClockTimes>,
    /// Gates that may be named; any other gate is wrong.
    pub(crate) gates: Vec<String>,
}

/// Times of day that a text must and may state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockTimes {
    pub(crate) must: Vec<String>,
    pub(crate) may: Vec<String>,
}

impl Expectations {
    /// The expectations of the scenario with this number.
    pub(crate) fn of(number: u32) -> anyhow::Result<Self> {
        match number {
            2 => Ok(serde_json::from_str(SCENARIO_2)?),
            1 | 3 | 4 | 5 => Err(Stop::Usage(format!(
                "scenario {number} is not there yet; there is: scenario 2 (a major delay)"
            ))
            .into()),
            _ => Err(Stop::Usage(format!(
                "there is no scenario {number}; there is: scenario 2 (a major delay)"
            ))
            .into()),
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;
    use flightpulse_domain::notification::reach;
    use jiff::civil::date;
    use rstest::rstest;
    use std::collections::BTreeSet;

    #[rstest]
    #[case(1, "scenario 1 is not there yet")]
    #[case(5, "scenario 5 is not there yet")]
    #[case(9, "there is no scenario 9")]
    fn a_scenario_that_is_not_there_is_said_with_those_that_are(
        #[case] number: u32,
        #[case] says: &str,
    ) {
        let error = Expectations::of(number).unwrap_err().to_string();
        assert!(error.starts_with(says) && error.contains("scenario 2"), "{error}");
    }

    // The committed list is the authority; this holds it and the committed sample together.
    #[test]
    fn the_expected_notifications_are_those_of_the_sample_airline() {
        let expected = Expectations::of(2).unwrap();
        let sample = Sample::on(date(2026, 11, 21)).unwrap();
        let mut reached = BTreeSet::new();
        for booking in &sample.bookings {
            if booking.flight_id.as_str() != expected.flight_id() || !booking.is_affected() {
                continue;
            }
            let same = |id: &&flightpulse_domain::passenger::Passenger| {
                id.passenger_id == booking.passenger_id
            };
            let passenger = sample.passengers.iter().find(same).unwrap();
            for (channel, to) in reach(passenger) {
                reached.insert(format!(
                    "{} {} {channel:?} {to} {:?} {} {} {} {}",
                    booking.booking_id,
                    passenger.passenger_id,
                    passenger.tier,
                    passenger.language.code(),
                    passenger.first_name,
                    booking.seat.as_deref().unwrap(),
                    booking.confirmation_number,
                ));
            }
        }
        let listed: BTreeSet<_> = expected
            .notifications
            .iter()
            .map(|one| {
                let Expected { booking_id, passenger_id, channel, tier, language, to, .. } = one;
                let Expected { first_name, seat, confirmation_number, .. } = one;
                format!(
                    "{booking_id} {passenger_id} {channel:?} {to} {tier:?} {language} {first_name} \
                     {seat} {confirmation_number}"
                )
            })
            .collect();
        assert_eq!(listed, reached);
        for one in &expected.must_not_be_told {
            assert!(
                !expected.notifications.iter().any(|told| told.passenger_id == one.passenger_id)
            );
        }
    }
}
