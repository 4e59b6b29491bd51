//! Checks of who was told, how often and where.

use super::Check;
use crate::scenario::expectations::{Expectations, Expected};
use crate::scenario::observation::{Line, Observation};
use flightpulse_contracts::names;
use std::collections::{BTreeMap, BTreeSet};

impl Expected {
    /// Whether a line tells this passenger of this booking by this channel.
    pub(in crate::scenario) fn is(&self, line: &Line) -> bool {
        let told = &line.notification;
        told.booking_id.as_str() == self.booking_id
            && told.passenger_id.as_str() == self.passenger_id
            && told.channel == self.channel
    }

    /// The message in a few words.
    pub(super) fn name(&self) -> String {
        let Self { booking_id, first_name, passenger_id, channel, .. } = self;
        format!("{} for {first_name} ({passenger_id}, {booking_id})", channel.name())
    }
}

/// A line in a few words.
pub(super) fn name(line: &Line) -> String {
    let told = &line.notification;
    format!("{} for {} ({})", told.channel.name(), told.passenger_id, told.booking_id)
}

/// What is expected of a line; none when it is not expected at all.
pub(super) fn expectation<'a>(expected: &'a Expectations, line: &Line) -> Option<&'a Expected> {
    expected.notifications.iter().find(|one| one.is(line))
}

pub(super) fn none_missing(expected: &Expectations, observed: &Observation) -> Check {
    let lines = &observed.seen.notifications;
    let missing =
        expected.notifications.iter().filter(|one| !lines.iter().any(|line| one.is(line)));
    let wrong: Vec<_> = missing.map(|one| format!("no {}", one.name())).collect();
    let count = expected.notifications.len();
    Check::new("everyone is told", &wrong, format!("{count} notifications of {count}"))
}

pub(super) fn none_extra(expected: &Expectations, observed: &Observation) -> Check {
    let extra = observed.seen.notifications.iter();
    let wrong: Vec<_> =
        extra.filter(|line| expectation(expected, line).is_none()).map(name).collect();
    Check::new("nobody else is told", &wrong, "none too many")
}

pub(super) fn none_told_in_spite(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let passenger = line.notification.passenger_id.as_str();
        let mut quiet = expected.must_not_be_told.iter();
        if let Some(one) = quiet.find(|one| one.passenger_id == passenger) {
            wrong.push(format!("{}, who {}", name(line), one.why));
        }
    }
    let quiet = expected.must_not_be_told.iter().map(|one| one.passenger_id.as_str());
    let quiet = quiet.collect::<Vec<_>>().join(", ");
    Check::new("who must not be told is not", &wrong, quiet)
}

pub(super) fn none_twice(observed: &Observation) -> Check {
    let mut of_id: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    let mut ids_of: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for line in &observed.seen.notifications {
        let told = &line.notification;
        of_id.entry(told.notification_id.as_str()).or_default().push(line);
        let whom = (told.booking_id.as_str(), told.passenger_id.as_str(), told.channel);
        ids_of.entry(whom).or_default().insert(told.notification_id.as_str());
    }
    let mut wrong = Vec::new();
    for (id, lines) in of_id {
        let (count, first) = (lines.len(), lines.first().map(|line| name(line)));
        if count > 1 {
            wrong.push(format!(
                "repeat: {} {count} times under the same id {id}",
                first.unwrap_or_default()
            ));
        }
    }
    for ((booking, passenger, channel), ids) in ids_of {
        if ids.len() > 1 {
            let channel = channel.name();
            wrong.push(format!(
                "twice: {channel} for {passenger} ({booking}) under {} ids",
                ids.len()
            ));
        }
    }
    Check::new("nobody is told twice", &wrong, "each once")
}

pub(super) fn addressed(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let told = &line.notification;
        let mut differs = |what: &str, is: &str, should: &str| {
            if is != should {
                wrong.push(format!("{}: {what} is {is}, not {should}", name(line)));
            }
        };
        let channel = told.channel.name();
        differs("the event", &line.detail_type, names::notification(told.channel));
        differs("the log", &line.log_group, &format!("/flightpulse/notifications/{channel}"));
        differs("the flight", told.flight_id.as_str(), expected.flight_id());
        if let Some(one) = expectation(expected, line) {
            differs("the address", &told.to, &one.to);
            differs("the tier", told.tier.name(), one.tier.name());
            differs("the language", &told.language, &one.language);
        }
    }
    Check::new("each goes to the right address", &wrong, "address, tier and language are right")
}
