//! The verdict: expectations and observation in, checks out. Pure, so that a test can show for
//! every fault that it turns the verdict red.

mod bookings;
mod clock;
mod operations;
mod order;
mod people;
mod reconciliation;
pub(super) mod sequence;
mod texts;
mod words;
mod workflow;

pub(super) use reconciliation::judge as judge_reconciliation;

use super::expectations::Expectations;
use super::observation::Observation;
use serde::Serialize;

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Check {
    /// What must hold.
    pub(crate) name: &'static str,
    /// Whether it does.
    pub(crate) ok: bool,
    /// What was found, in words.
    pub(crate) detail: String,
}

impl Check {
    /// Holds when nothing is wrong; `found` says what was found then.
    fn new(name: &'static str, wrong: &[String], found: impl Into<String>) -> Self {
        let ok = wrong.is_empty();
        // The subject and the text of one email may have the same fault.
        let mut wrong = wrong.to_vec();
        wrong.dedup();
        Self { name, ok, detail: if ok { found.into() } else { wrong.join("; ") } }
    }
}

/// All checks of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Verdict {
    /// In the order in which things happen.
    pub(crate) checks: Vec<Check>,
}

impl Verdict {
    /// Whether all hold.
    pub(crate) fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }

    /// Those that do not hold.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.ok)
    }
}

/// Holds what was seen against what was expected.
pub(crate) fn judge(expected: &Expectations, observed: &Observation) -> Verdict {
    let mut checks = vec![
        workflow::route(expected, observed),
        workflow::execution(expected, observed),
        workflow::transitions(expected, observed),
        workflow::flight(expected, observed),
        workflow::departure(expected, observed),
        bookings::statuses(expected, observed),
        bookings::rebooking(expected, observed),
        people::none_missing(expected, observed),
        people::none_extra(expected, observed),
        people::none_told_in_spite(expected, observed),
        people::none_twice(observed),
        people::addressed(expected, observed),
        texts::state_the_facts(expected, observed),
        texts::state_nothing_else(expected, observed),
        texts::are_personal(expected, observed),
        texts::fit_one_sms(observed),
    ];
    checks.extend(operations::read(expected, observed));
    if expected.sms_before_emails {
        checks.push(order::sms_first(observed));
    }
    checks.extend([
        order::of_tiers(expected, observed),
        texts::written_by_the_model(expected, observed),
        workflow::model_calls(expected, observed),
        workflow::dead_letters(observed),
    ]);
    Verdict { checks }
}

#[cfg(test)]
mod tests;
