//! The verdict on a sequence of events. What holds of a single event is checked event by event,
//! by the same checks; what holds of them together is checked here: how the executions ended, who
//! was told how often, and what each reader read last.

mod outcomes;
mod readers;
mod together;

use super::{Check, Verdict, bookings, order, people, texts, workflow};
use crate::scenario::expectations::{Expectations, FlightExpected, SentEvent, Sequence};
use crate::scenario::observation::{Observation, Seen, Sent, Whole};

/// One event: what was expected and what was seen of it.
struct Act<'a> {
    event: &'a SentEvent,
    flight: &'a FlightExpected,
    /// In how many records it was.
    copies: usize,
    expected: Expectations,
    observed: Observation,
}

/// All events that were sent and are expected.
fn acts<'a>(expected: &'a Sequence, observed: &Whole) -> Vec<Act<'a>> {
    let sent = |event: &SentEvent| {
        observed.events.iter().find(|sent| sent.name.as_deref() == Some(&event.name))
    };
    let acts = expected.events().filter_map(|event| {
        let flight = expected.flight_of(event)?;
        Some(Act {
            event,
            flight,
            copies: expected.copies(&event.name),
            expected: expected.of_event(event, flight),
            observed: observed.of(sent(event)?),
        })
    });
    acts.collect()
}

/// Holds what was seen against what was expected.
pub(in crate::scenario) fn judge(expected: &Sequence, observed: &Whole) -> Verdict {
    let acts = acts(expected, observed);
    let every: Vec<_> = acts.iter().collect();
    let flights = one_of_each_flight(&acts);
    let all = Observation { seen: observed.seen.clone(), ..observed.of(&Sent::default()) };
    let ways = outcomes::ways(expected, &acts);
    let mut checks = vec![
        together::all_sent(expected, &acts),
        each(&every, workflow::route),
        outcomes::each_once(&acts),
        outcomes::go_in_a_way(&ways),
        outcomes::are_short(expected, observed),
        each(&flights, workflow::flight),
        each(&flights, |expected, observed| {
            // It has another name where the departure stays; here it is one check of all flights.
            Check {
                name: "each departure is where it should be",
                ..workflow::departure(expected, observed)
            }
        }),
        each(&flights, bookings::statuses),
        together::rebooking(&acts, observed),
        readers::told_as_it_ended(expected, &acts),
        readers::last_is_true(&ways, &acts),
        together::bounds(expected, &acts),
        together::no_id_twice(observed),
    ];
    checks.extend([
        each(&every, people::none_extra),
        each(&every, people::none_told_in_spite),
        each(&every, |_, observed| people::none_twice(observed)),
        each(&every, people::addressed),
        each(&every, texts::state_the_facts),
        each(&every, texts::state_nothing_else),
        each(&every, texts::are_personal),
        each(&every, |_, observed| texts::fit_one_sms(observed)),
        each(&every, |expected, observed| match expected.sms_before_emails {
            true => order::sms_first(observed),
            false => Check::new("every SMS goes before every email", &[], "where it is urgent"),
        }),
        each(&every, order::of_tiers),
    ]);
    if let Some(act) = acts.first() {
        checks.push(texts::written_by_the_model(&act.expected, &all));
        checks.push(workflow::model_calls(&act.expected, &all));
    }
    checks.push(workflow::dead_letters(&all));
    Verdict { checks }
}

/// Whether all is there that must be: an ended execution for each record or the consumer's word, and every message and
/// request to rebook of those that told everyone.
pub(in crate::scenario) fn is_complete(expected: &Sequence, sent: &[Sent], seen: &Seen) -> bool {
    let whole = Whole { events: sent.to_vec(), seen: seen.clone(), ..Whole::default() };
    let acts = acts(expected, &whole);
    acts.len() == expected.events().count()
        && acts.iter().all(outcomes::is_over)
        && together::not_put_up(&acts).next().is_none()
        && acts.iter().all(|act| {
            let told = outcomes::of(act) == Some("TELL");
            !told || people::none_missing(&act.expected, &act.observed).ok
        })
}

/// One check of every event, as one.
fn each(acts: &[&Act<'_>], check: impl Fn(&Expectations, &Observation) -> Check) -> Check {
    let checks: Vec<_> =
        acts.iter().map(|act| (act, check(&act.expected, &act.observed))).collect();
    let name = checks.first().map_or("there are events", |(_, check)| check.name);
    let wrong = checks.iter().filter(|(_, check)| !check.ok);
    let wrong: Vec<_> =
        wrong.map(|(act, check)| format!("{}: {}", act.event.name, check.detail)).collect();
    Check::new(name, &wrong, format!("{} of {}", checks.len(), checks.len()))
}

fn one_of_each_flight<'b, 'a>(acts: &'b [Act<'a>]) -> Vec<&'b Act<'a>> {
    let mut found: Vec<&Act<'a>> = Vec::new();
    for act in acts {
        if !found.iter().any(|one| one.flight.flight_id == act.flight.flight_id) {
            found.push(act);
        }
    }
    found
}

#[cfg(test)]
mod tests;
