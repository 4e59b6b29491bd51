use std::time::Duration;

use super::*;
use crate::answer::{Fault, Verdict};
use crate::fixtures::{partition, record, source};

mod bisect;
mod property;
mod skip;

struct Clock(Now);

impl Clock {
    fn new() -> Self {
        Self(Now { instant: Instant::now(), millis: 1_700_000_000_000 })
    }

    fn pass(&mut self, millis: u64) -> Now {
        self.0.instant += Duration::from_millis(millis);
        self.0.millis += millis.cast_signed();
        self.0
    }
}

fn limits(max_records: usize) -> Limits {
    Limits { max_records, window: Duration::from_millis(100), max_payload_bytes: 10_000 }
}

fn scheduler(limits: Limits, retry: RetryPolicy) -> Scheduler {
    let mut scheduler = Scheduler::new(limits, retry, source(), 8);
    (0..3).for_each(|number| scheduler.assign(partition(number)));
    scheduler
}

fn offsets(job: &Job) -> Vec<(String, i64)> {
    job.batch.event(&source()).offsets()
}

fn sent(number: i32, range: std::ops::Range<i64>) -> Vec<(String, i64)> {
    range.map(|offset| (format!("flights-{number}"), offset)).collect()
}

fn failed() -> Outcome {
    Outcome::Answered(Verdict::Whole(Fault::Invoke("no".into())))
}

fn failed_from(number: i32, offset: i64) -> Outcome {
    Outcome::Answered(Verdict::Partial(BTreeMap::from([(partition(number), offset)])))
}

const SUCCESS: Outcome = Outcome::Answered(Verdict::Success);

#[test]
fn a_batch_goes_when_it_is_full_or_its_window_ends() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(3), RetryPolicy::default());
    s.push(record(0, 0), clock.0);
    assert!(s.next(clock.pass(60)).is_none());
    s.push(record(1, 0), clock.0);
    assert_eq!(s.wake_at(), Some(clock.0.instant + Duration::from_millis(40)));
    assert!(s.next(clock.pass(39)).is_none(), "the window is not over");
    let job = s.next(clock.pass(1)).expect("begins with the first record");
    assert_eq!(job.batch.len(), 2, "one batch of several partitions");
    (0..4).for_each(|offset| s.push(record(2, offset), clock.0));
    assert_eq!(offsets(&s.next(clock.0).expect("full")), sent(2, 0..3));
    assert!(s.next(clock.pass(1_000)).is_none(), "partition 2 is under way");
}

#[test]
fn a_batch_keeps_to_the_payload_and_a_record_too_large_is_given_up_alone() {
    let clock = Clock::new();
    let mut s = scheduler(limits(1_000), RetryPolicy::default());
    (0..200).for_each(|offset| s.push(record(0, offset), clock.0));
    let job = s.next(clock.0).expect("the payload is reached");
    let bytes = serde_json::to_vec(&job.batch.event(&source())).unwrap().len();
    assert!((9_500..=10_000).contains(&bytes), "{bytes}");
    let mut large = record(1, 0);
    large.value = Some("A".repeat(10_000));
    s.push(large, clock.0);
    s.push(record(1, 1), clock.0);
    let job = s.next(clock.0).expect("at once");
    let condition = Condition::MaximumPayloadSizeExceeded;
    assert_eq!((job.task, job.attempts), (Task::GiveUp(condition), 0));
    assert_eq!(job.batch.len(), 1);
    let settled = s.finish(job.id, Outcome::GivenUp, clock.0);
    assert_eq!(settled.done, [(partition(1), 1)]);
}

#[test]
fn a_partial_failure_retries_its_partition_and_lets_the_neighbours_go() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(6), RetryPolicy::default());
    for offset in 0..3 {
        s.push(record(0, offset), clock.0);
        s.push(record(1, offset), clock.0);
    }
    let job = s.next(clock.0).expect("full");
    let settled = s.finish(job.id, failed_from(0, 1), clock.0);
    assert_eq!(settled.done, [(partition(0), 1), (partition(1), 3)]);
    assert_eq!(settled.succeeded, 4);
    (3..9).for_each(|offset| s.push(record(1, offset), clock.0));
    s.push(record(0, 3), clock.0);
    assert_eq!(offsets(&s.next(clock.0).expect("the neighbour")), sent(1, 3..9));
    assert!(s.next(clock.pass(199)).is_none(), "0 pauses, its tail behind it");
    let again = s.next(clock.pass(1)).expect("retry");
    assert_eq!(offsets(&again), sent(0, 1..3));
    s.finish(again.id, SUCCESS, clock.0);
    assert_eq!(offsets(&s.next(clock.pass(0)).expect("the tail")), sent(0, 3..4));
}

#[test]
fn a_whole_failure_retries_the_same_batch_with_growing_pauses_until_given_up() {
    let mut clock = Clock::new();
    let retry = RetryPolicy { max_retries: Some(2), ..RetryPolicy::default() };
    let mut s = scheduler(limits(2), retry);
    s.push(record(0, 0), clock.0);
    s.push(record(1, 0), clock.0);
    let job = s.next(clock.0).expect("full");
    s.finish(job.id, failed(), clock.0);
    for pause in [200, 400] {
        assert!(s.next(clock.pass(pause - 1)).is_none());
        let again = s.next(clock.pass(1)).expect("retry");
        assert_eq!((again.task, &again.batch), (Task::Invoke, &job.batch));
        assert_eq!(s.finish(again.id, failed(), clock.0), Settled::default());
    }
    let given_up = s.next(clock.0).expect("no pause");
    assert_eq!(given_up.task, Task::GiveUp(Condition::RetryAttemptsExhausted));
    assert_eq!(given_up.attempts, 3);
    assert_eq!(s.finish(given_up.id, Outcome::NotGivenUp, clock.0), Settled::default());
    let again = s.next(clock.pass(10_000)).expect("the destination again");
    let settled = s.finish(again.id, Outcome::GivenUp, clock.0);
    assert_eq!(settled.done, [(partition(0), 1), (partition(1), 1)]);
}

#[test]
fn a_function_that_is_not_reached_uses_no_retries() {
    let mut clock = Clock::new();
    let retry = RetryPolicy { max_retries: Some(0), ..RetryPolicy::default() };
    let mut s = scheduler(limits(1), retry);
    s.push(record(0, 0), clock.0);
    for _ in 0..20 {
        let job = s.next(clock.pass(10_000)).expect("again");
        assert_eq!((&job.task, job.attempts), (&Task::Invoke, 1));
        s.finish(job.id, Outcome::NotReached(Fault::Invoke("away".into())), clock.0);
    }
}

#[test]
fn records_too_old_are_set_aside_and_the_rest_is_sent() {
    let mut clock = Clock::new();
    let retry =
        RetryPolicy { max_record_age: Some(Duration::from_secs(60)), ..RetryPolicy::default() };
    let mut s = scheduler(limits(3), retry);
    clock.pass(60_001);
    for (offset, age) in [(0, 0), (1, 70_000), (2, 0)] {
        let mut record = record(0, offset);
        record.timestamp = clock.0.millis - age;
        s.push(record, clock.0);
    }
    let aged = s.next(clock.0).expect("full");
    assert_eq!(aged.task, Task::GiveUp(Condition::RecordAgeExceeded));
    assert_eq!(offsets(&aged), sent(0, 1..2));
    assert_eq!(s.finish(aged.id, Outcome::GivenUp, clock.0), Settled::default());
    let rest = s.next(clock.0).expect("the rest");
    assert_eq!(rest.batch.len(), 2);
    assert_eq!(s.finish(rest.id, SUCCESS, clock.0).done, [(partition(0), 3)]);
}

#[test]
fn a_result_of_an_older_assignment_is_not_committed_and_keeps_the_partition_until_it_is_in() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(1), RetryPolicy::default());
    s.push(record(0, 0), clock.0);
    let old = s.next(clock.0).expect("full");
    s.revoke(&partition(0));
    s.assign(partition(0));
    s.push(record(0, 0), clock.0);
    assert!(s.next(clock.pass(1_000)).is_none(), "never two at once");
    assert_eq!(s.finish(old.id, SUCCESS, clock.0), Settled::default());
    let new = s.next(clock.0).expect("again, by the new assignment");
    assert_eq!(s.finish(new.id, SUCCESS, clock.0).done, [(partition(0), 1)]);
}

#[test]
fn a_full_partition_is_paused_and_resumed() {
    let clock = Clock::new();
    let mut s = scheduler(limits(16), RetryPolicy::default());
    (0..65).for_each(|offset| s.push(record(0, offset), clock.0));
    assert_eq!(s.flow(), (vec![partition(0)], vec![]));
    assert_eq!(s.flow(), (vec![], vec![]), "told once");
    for _ in 0..3 {
        let job = s.next(clock.0).expect("full");
        s.finish(job.id, SUCCESS, clock.0);
    }
    assert_eq!(s.flow(), (vec![], vec![partition(0)]));
}
