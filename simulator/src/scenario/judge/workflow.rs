//! Checks of the event's way, the workflow, the flight and the model's use.

use super::Check;
use crate::scenario::expectations::Expectations;
use crate::scenario::observation::{Execution, Observation};
use jiff::Timestamp;
use serde_json::{Map, Value};

pub(super) fn route(expected: &Expectations, observed: &Observation) -> Check {
    let (workflow, route) = (&expected.workflow, &expected.route);
    let wrong: Vec<_> = executions(observed)
        .iter()
        .filter(|one| one.route != *route || one.workflow != *workflow)
        .map(|one| format!("{:?} has started {}", one.route, one.workflow))
        .collect();
    let found = format!("{route} to {workflow}");
    let (wrong, found) = match (executions(observed).is_empty(), observed.seen.quiet.first()) {
        // For what is done with where it is read no workflow starts. Whether it may be is for other checks.
        (true, Some(quiet)) => {
            (wrong, format!("the consumer was done with it: {}", quiet.outcome.name()))
        }
        (true, None) => (vec!["no execution has started".to_owned()], found),
        (false, _) => (wrong, found),
    };
    Check::new("the event takes its route", &wrong, found)
}

pub(super) fn execution(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong: Vec<_> = executions(observed)
        .iter()
        .filter(|one| one.status != expected.execution_status)
        .map(|one| match &one.error {
            Some(error) => format!("{} is {} ({error})", one.name, one.status),
            None => format!("{} is {}", one.name, one.status),
        })
        .collect();
    let count = executions(observed).len();
    if count != 1 {
        wrong.push(format!("{count} executions in place of one"));
    }
    Check::new("one execution ends as it should", &wrong, &expected.execution_status)
}

pub(super) fn transitions(expected: &Expectations, observed: &Observation) -> Check {
    let max = expected.max_state_transitions;
    let count: usize = executions(observed).iter().map(|one| one.states.len()).sum();
    let wrong = if count == 0 {
        vec!["no state was entered".to_owned()]
    } else if count > max {
        vec![format!("{count} state transitions; at most {max}")]
    } else {
        Vec::new()
    };
    Check::new(
        "the workflow is short",
        &wrong,
        format!("{count} state transitions of at most {max}"),
    )
}

pub(super) fn flight(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = differences("before", &expected.flight_before, &observed.flight_before);
    wrong.extend(differences("after", &expected.flight_after, &observed.flight_after));
    let found = expected.flight_after.iter().map(|(name, value)| format!("{name} {value}"));
    Check::new("the API shows the flight as it is", &wrong, found.collect::<Vec<_>>().join(", "))
}

fn differences(when: &str, expected: &Map<String, Value>, flight: &Value) -> Vec<String> {
    expected
        .iter()
        .filter(|(name, value)| flight.get(name.as_str()) != Some(value))
        .map(|(name, value)| {
            let found = flight.get(name.as_str()).unwrap_or(&Value::Null);
            format!("{when}: {name} is {found}, not {value}")
        })
        .collect()
}

pub(super) fn departure(expected: &Expectations, observed: &Observation) -> Check {
    let time = |flight: &Value, name: &str| -> Option<Timestamp> {
        flight.get(name)?.as_str()?.parse().ok()
    };
    let planned = time(&observed.flight_before, "scheduled_departure");
    let still = time(&observed.flight_after, "scheduled_departure");
    let actual = time(&observed.flight_after, "actual_departure");
    let mut wrong = Vec::new();
    if planned.is_none() || still != planned {
        wrong.push(format!("the scheduled departure went from {planned:?} to {still:?}"));
    }
    let Some(minutes) = expected.departure_moves_by_minutes else {
        let before = time(&observed.flight_before, "actual_departure");
        if actual != before {
            wrong.push(format!("the departure went from {before:?} to {actual:?}"));
        }
        return Check::new("the departure stays", &wrong, "as planned");
    };
    let moved = planned.zip(actual).map(|(from, to)| to.duration_since(from).as_secs());
    if moved != Some(minutes * 60) {
        wrong.push(format!("the departure moved by {moved:?} seconds, not by {minutes} minutes"));
    }
    Check::new("the departure moves by the delay", &wrong, format!("{minutes} minutes"))
}

pub(super) fn model_calls(expected: &Expectations, observed: &Observation) -> Check {
    let max = expected.max_model_calls;
    let name = "the model is called once a cohort at most";
    let Some(used) = observed.model else {
        return Check::new(name, &[], "not counted here");
    };
    let (calls, tokens) = (used.calls, used.input_tokens + used.output_tokens);
    let wrong = (calls > max).then(|| format!("{calls} calls; at most {max}"));
    Check::new(name, wrong.as_slice(), format!("{calls} calls of at most {max}, {tokens} tokens"))
}

pub(super) fn dead_letters(observed: &Observation) -> Check {
    let mut wrong = observed.seen.dead_letters.clone();
    wrong.extend(observed.seen.unreadable.iter().map(|line| format!("unreadable: {line}")));
    Check::new("nothing ends in the dead letters", &wrong, "none")
}

fn executions(observed: &Observation) -> &[Execution] {
    &observed.seen.executions
}
