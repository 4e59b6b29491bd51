//! Records that filters hold back are done in their turn.

use super::*;

#[test]
fn with_nothing_before_it_a_record_is_done_at_once() {
    let mut s = scheduler(limits(2), RetryPolicy::default());
    assert_eq!(s.skip(&partition(0), 4), Some(5));
    assert_eq!(s.skip(&partition(7), 4), None, "not ours");
}

#[test]
fn behind_queued_records_it_is_done_with_them() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(10), RetryPolicy::default());
    s.push(record(0, 0), clock.0);
    assert_eq!(s.skip(&partition(0), 1), None);
    s.push(record(0, 2), clock.0);
    assert_eq!((s.skip(&partition(0), 3), s.skip(&partition(0), 4)), (None, None));
    let job = s.next(clock.pass(100)).expect("the window is over");
    assert_eq!(job.batch.len(), 2);
    assert_eq!(s.finish(job.id, failed_from(0, 2), clock.0).done, [(partition(0), 2)]);
    let again = s.next(clock.pass(200)).expect("again");
    assert_eq!(s.finish(again.id, SUCCESS, clock.0).done, [(partition(0), 5)]);
}

#[test]
fn behind_a_batch_under_way_it_waits_for_its_end() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(1), RetryPolicy::default());
    s.push(record(0, 0), clock.0);
    let job = s.next(clock.0).expect("full");
    assert_eq!(s.skip(&partition(0), 1), None);
    s.push(record(0, 2), clock.0);
    assert_eq!(s.finish(job.id, failed(), clock.0), Settled::default());
    let again = s.next(clock.pass(200)).expect("again");
    let settled = s.finish(again.id, SUCCESS, clock.0);
    assert_eq!(settled.done, [(partition(0), 1), (partition(0), 2)]);
    assert_eq!(settled.succeeded, 1, "what is held back did not succeed");
}
