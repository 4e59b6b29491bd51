//! News in words. Of a single event everything is told, down to each message's text; of several,
//! each line says which event it is of, and messages are counted: their texts are in the report.

use super::Timeline;
use crate::scenario::{Execution, Line};
use crate::watch::{BookingChange, News};
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::notification::Channel;

/// How many messages of one event were found at once.
struct Told<'a> {
    event_id: &'a str,
    emails: usize,
    sms: usize,
}

fn count<'a>(told: &mut Vec<Told<'a>>, line: &'a Line) {
    let event_id = line.notification.event_id.as_str();
    let of_it = told.iter().position(|one| one.event_id == event_id);
    let at = of_it.unwrap_or(told.len());
    if of_it.is_none() {
        told.push(Told { event_id, emails: 0, sms: 0 });
    }
    if let Some(one) = told.get_mut(at) {
        match line.notification.channel {
            Channel::Email => one.emails += 1,
            Channel::Sms => one.sms += 1,
        }
    }
}

impl Timeline {
    pub(in crate::scenario) fn news(&mut self, news: &[News]) {
        let several = !self.names.is_empty();
        let mut told: Vec<Told<'_>> = Vec::new();
        for one in news {
            match one {
                News::Told(line) if several => count(&mut told, line),
                one => self.one(one),
            }
        }
        for Told { event_id, emails, sms } in told {
            self.of(event_id, "✉", format!("told by email: {emails}, by SMS: {sms}"), &[]);
        }
    }

    fn one(&mut self, news: &News) {
        match news {
            News::Started(execution) => {
                let Execution { route, workflow, event_id, .. } = execution;
                let text = format!("EventBridge: {route} starts {workflow}");
                self.of(event_id, "◆", text, &[]);
            }
            // Of several executions at once the states would hide everything else.
            News::Entered(_) if !self.names.is_empty() => {}
            News::Entered(states) => self.add("·", in_short(states), &[]),
            News::Ended(execution) => {
                let Execution { states, status, outcome, event_id, .. } = execution;
                let why = execution.error.as_ref().map(|why| format!(": {why}"));
                let outcome = outcome.as_deref().filter(|_| !self.names.is_empty());
                let ended = outcome.map_or_else(
                    || format!("workflow {status}"),
                    |outcome| format!("workflow {status}, {outcome},"),
                );
                let text = format!("{ended} after {} state transitions", states.len());
                self.of(event_id, "◆", text + &why.unwrap_or_default(), &[]);
            }
            News::Quiet(quiet) => {
                let text = format!("consumer: {}, nobody need be told", quiet.outcome.name());
                self.of(&quiet.event_id, "◆", text, &[]);
            }
            News::BookingsChanged(changes) => {
                let text = format!("table: {} bookings changed", changes.len());
                self.add("▤", text, &by_change(changes));
            }
            News::Rebooking(events) => {
                let text = format!("up for rebooking: {} bookings", events.len());
                self.add("↻", text, &events.iter().map(rebooking).collect::<Vec<_>>());
            }
            News::Told(line) => self.told(line),
            News::Unreadable(line) => self.add("✗", format!("unreadable: {line}"), &[]),
            News::DeadLetter(letter) => self.add("✗", format!("dead letter: {letter}"), &[]),
        }
    }

    /// Something of one event, which is named where there are several.
    fn of(&mut self, event_id: &str, symbol: &str, text: String, below: &[String]) {
        let text = match self.names.get(event_id) {
            Some(name) => format!("{name}: {text}"),
            None => text,
        };
        self.add(symbol, text, below);
    }

    fn told(&mut self, line: &Line) {
        let told = &line.notification;
        let author = format!("{:?}", told.author).to_lowercase();
        let text = format!(
            "{} to {} ({}, {}, {}), by the {author}",
            told.channel.name(),
            told.to,
            told.passenger_id,
            told.tier.name(),
            told.language,
        );
        let subject = told.subject.iter().cloned();
        let below: Vec<_> = subject.chain(told.text.lines().map(str::to_owned)).collect();
        self.add("✉", text, &below);
    }
}

/// States in order; one that is entered several times in a row (a Map's) is named once.
fn in_short(states: &[String]) -> String {
    let runs = states.chunk_by(|one, next| one == next).filter_map(|run| match run {
        [] => None,
        [one] => Some(one.clone()),
        [one, ..] => Some(format!("{one} ×{}", run.len())),
    });
    runs.collect::<Vec<_>>().join(" → ")
}

/// Bookings that changed alike share a line.
fn by_change(changes: &[BookingChange]) -> Vec<String> {
    let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
    for BookingChange { booking_id, from, to } in changes {
        let shown = |status: &Option<String>| status.clone().unwrap_or_else(|| "-".to_owned());
        let change = format!("{} → {}", shown(from), shown(to));
        match alike.iter_mut().find(|(other, _)| *other == change) {
            Some((_, ids)) => ids.push(booking_id),
            None => alike.push((change, vec![booking_id])),
        }
    }
    alike.iter().map(|(change, ids)| format!("{change}: {}", ids.join(", "))).collect()
}

fn rebooking(event: &RebookingEvent) -> String {
    let RebookingEvent { booking_id, passenger_id, tier, rebooking_priority, .. } = event;
    let tier = tier.map_or("tier not known", |tier| tier.name());
    let priority = format!("{rebooking_priority:?}").to_lowercase();
    format!("{booking_id} ({passenger_id}, {tier}), priority {priority}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bookings_that_changed_alike_share_a_line() {
        let change = |id: &str, from: &str| BookingChange {
            booking_id: id.to_owned(),
            from: Some(from.to_owned()),
            to: Some("NEEDS_REBOOKING".to_owned()),
        };
        let changes =
            [change("B1", "CONFIRMED"), change("B2", "CHECKED_IN"), change("B3", "CONFIRMED")];
        assert_eq!(
            by_change(&changes),
            ["CONFIRMED → NEEDS_REBOOKING: B1, B3", "CHECKED_IN → NEEDS_REBOOKING: B2"]
        );
    }

    #[test]
    fn states_in_a_row_are_named_once() {
        let states = ["A", "B", "B", "B", "A"].map(str::to_owned);
        assert_eq!(in_short(&states), "A → B ×3 → A");
        assert_eq!(in_short(&[]), "");
    }
}
