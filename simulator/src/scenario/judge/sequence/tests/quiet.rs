//! Events that the consumer is done with: no workflow starts for them.

use super::made::{event_id, made};
use super::*;
use crate::scenario::observation::Quiet;
use flightpulse_domain::disruption::QuietOutcome;

/// The consumer was done with an event, and no execution is there.
fn done_quietly(observed: &mut Whole, event: &str, outcome: QuietOutcome) {
    let event_id = event_id(event);
    observed.seen.executions.retain(|one| one.event_id != event_id);
    observed.seen.quiet.push(Quiet { event_id, outcome });
}

#[test]
fn what_tells_nobody_may_be_done_with_by_the_consumer() {
    let mut observed =
        made(&[("sw9012-cancelled", "SUPERSEDED"), ("sw9012-reinstated", "NOT_MATERIAL")]);
    done_quietly(&mut observed, "sw9012-reinstated", QuietOutcome::NotMaterial);
    done_quietly(&mut observed, "sw5678-delay-20", QuietOutcome::Superseded);
    let verdict = verdict(&observed);
    assert!(verdict.passed(), "{:#?}", verdict.failures().collect::<Vec<_>>());
    let sequence = Sequence::read().unwrap();
    assert!(is_complete(&sequence, &observed.events, &observed.seen));
    observed.seen.quiet.pop();
    assert!(!is_complete(&sequence, &observed.events, &observed.seen));
}

pub(super) fn done_by_two(observed: &mut Whole) {
    let event_id = event_id("sw1234-delay-30");
    observed.seen.quiet.push(Quiet { event_id, outcome: QuietOutcome::NotMaterial });
}

pub(super) fn done_quietly_what_is_to_be_told(observed: &mut Whole) {
    done_quietly(observed, "sw5678-gate-b12", QuietOutcome::NotMaterial);
}
