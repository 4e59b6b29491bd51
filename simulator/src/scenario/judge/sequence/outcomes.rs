//! Checks of how the executions ended.

use super::Act;
use crate::scenario::Execution;
use crate::scenario::expectations::Sequence;
use crate::scenario::judge::Check;
use crate::scenario::observation::Whole;

/// The outcome of an execution that found its event done by another.
const DONE_BEFORE: &str = "DONE_BEFORE";

/// The ways in which one facet of a flight can have gone.
pub(super) struct Gone<'a> {
    pub(super) flight_id: &'a str,
    pub(super) facet: &'static str,
    /// Each event about it, with what came of it.
    outcomes: Vec<(&'a str, Option<&'a str>)>,
    /// Who may have said the last word, by each way that agrees with the outcomes; empty where no
    /// way does.
    pub(super) last_told_by: Vec<&'a [String]>,
}

impl Gone<'_> {
    /// Whether an event is about it.
    pub(super) fn has(&self, event: &str) -> bool {
        self.outcomes.iter().any(|(name, _)| *name == event)
    }
}

/// What came of an event; none while that is not known. Where it was delivered twice, one execution
/// found it done, and it is the other's that counts, or the consumer's word.
pub(super) fn of<'a>(act: &'a Act<'_>) -> Option<&'a str> {
    let all = act.observed.seen.executions.iter().map(|one| one.outcome.as_deref());
    let own = all.filter(|outcome| *outcome != Some(DONE_BEFORE));
    let quiet = act.observed.seen.quiet.iter().map(|one| Some(one.outcome.name()));
    let mut own: Vec<_> = own.chain(quiet).collect();
    own.pop().filter(|_| own.is_empty()).flatten()
}

/// Whether the consumer has done with an event, or each of its records has an execution that is over.
pub(super) fn is_over(act: &Act<'_>) -> bool {
    let ended = act.observed.seen.executions.iter().filter(|one| one.is_over()).count();
    !act.observed.seen.quiet.is_empty() || ended >= act.copies
}

/// Each record starts an execution, and each ends well; one of an event does it, and each other
/// finds it done. There may be more of them than records: whatever is upstream delivers at least
/// once. An event that the consumer has done with needs none, and who comes later finds it done.
pub(super) fn each_once(acts: &[Act<'_>]) -> Check {
    let (mut wrong, mut count, mut records, mut done_quietly) = (Vec::new(), 0, 0, 0);
    for act in acts {
        let executions = &act.observed.seen.executions;
        let name = &act.event.name;
        for one in executions.iter().filter(|one| one.status != "SUCCEEDED") {
            let why = one.error.as_deref().unwrap_or("no reason given");
            wrong.push(format!("{name}: {} is {} ({why})", one.name, one.status));
        }
        let quiet = act.observed.seen.quiet.len();
        if quiet == 0 && executions.len() < act.copies {
            let (is, should) = (executions.len(), act.copies);
            wrong.push(format!("{name}: {is} executions of {should} records"));
        }
        let is_done = |one: &&Execution| one.outcome.as_deref() == Some(DONE_BEFORE);
        let doing = executions.len() - executions.iter().filter(is_done).count();
        if doing + quiet != 1 {
            wrong.push(format!(
                "{name}: {doing} executions did not find it done, and the consumer was done with it {quiet} times"
            ));
        }
        done_quietly += quiet;
        (count, records) = (count + executions.len(), records + act.copies);
    }
    let mut found = format!("{count} executions of {records} records");
    if done_quietly > 0 {
        found += &format!(", {done_quietly} events done with by the consumer");
    }
    Check::new("each event is processed once", &wrong, found)
}

/// Which ways each facet of each flight may have gone.
pub(super) fn ways<'a>(expected: &'a Sequence, acts: &'a [Act<'_>]) -> Vec<Gone<'a>> {
    let mut all = Vec::new();
    for flight in &expected.flights {
        for facet in &flight.facets {
            let about = acts.iter().filter(|act| facet.has(&act.event.name));
            let outcomes: Vec<_> = about.map(|act| (act.event.name.as_str(), of(act))).collect();
            let agrees = |event: &str, allowed: &[String]| {
                let is = outcomes.iter().find(|(name, _)| *name == event);
                is.and_then(|(_, outcome)| *outcome)
                    .is_some_and(|is| allowed.iter().any(|one| one == is))
            };
            let ways = facet
                .ways
                .iter()
                .filter(|way| way.outcomes.iter().all(|(event, allowed)| agrees(event, allowed)));
            all.push(Gone {
                flight_id: &flight.flight_id,
                facet: facet.facet.name(),
                last_told_by: ways.map(|way| way.last_told_by.as_slice()).collect(),
                outcomes,
            });
        }
    }
    all
}

/// The executions about each facet ended together in a way that is allowed.
pub(super) fn go_in_a_way(ways: &[Gone<'_>]) -> Check {
    let shown = |gone: &Gone<'_>| {
        let outcomes = gone.outcomes.iter();
        let outcomes = outcomes.map(|(event, is)| format!("{event} {}", is.unwrap_or("unknown")));
        outcomes.collect::<Vec<_>>().join(", ")
    };
    let wrong = ways.iter().filter(|gone| gone.last_told_by.is_empty()).map(|gone| {
        format!("{} {}: {} is no way that it may go", gone.flight_id, gone.facet, shown(gone))
    });
    let wrong: Vec<_> = wrong.collect();
    let found = ways.iter().map(shown).collect::<Vec<_>>().join(", ");
    Check::new("each execution ends as it may", &wrong, found)
}

/// No execution is longer than it may be.
pub(super) fn are_short(expected: &Sequence, observed: &Whole) -> Check {
    let max = expected.max_state_transitions;
    let executions = &observed.seen.executions;
    let long = executions.iter().filter(|one| one.states.len() > max);
    let wrong: Vec<_> = long
        .map(|one| format!("{}: {} state transitions; at most {max}", one.name, one.states.len()))
        .collect();
    let longest = executions.iter().map(|one| one.states.len()).max().unwrap_or(0);
    Check::new(
        "the workflows are short",
        &wrong,
        format!("{longest} state transitions of at most {max}"),
    )
}
