//! Batches that are split.

use proptest::prelude::*;

use super::*;

fn splitting(max_retries: u32) -> RetryPolicy {
    let max_retries = Some(max_retries);
    RetryPolicy { bisect_on_error: true, max_retries, ..RetryPolicy::default() }
}

/// Runs the scheduler until it rests; whatever holds `poison` fails. Gives what was invoked.
fn run(s: &mut Scheduler, clock: &mut Clock, poison: (i32, i64)) -> Vec<Vec<(String, i64)>> {
    let mut invoked = Vec::new();
    while let Some(job) = s.next(clock.pass(10_000)) {
        let outcome = match &job.task {
            Task::GiveUp(_) => Outcome::GivenUp,
            Task::Invoke if job.batch.contains(&partition(poison.0), poison.1) => failed(),
            Task::Invoke => SUCCESS,
        };
        if job.task == Task::Invoke {
            invoked.push(offsets(&job));
        }
        s.finish(job.id, outcome, clock.0);
    }
    invoked
}

#[test]
fn a_partition_is_cut_in_halves_that_follow_each_other_until_the_poison_is_alone() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(4), splitting(1));
    (0..4).for_each(|offset| s.push(record(0, offset), clock.0));
    let invoked = run(&mut s, &mut clock, (0, 1));
    let expected =
        [sent(0, 0..4), sent(0, 0..2), sent(0, 0..1), sent(0, 1..2), sent(0, 1..2), sent(0, 2..4)];
    assert_eq!(invoked, expected, "one retry, of the poison alone");
}

#[test]
fn several_partitions_are_parted_and_do_not_wait_for_each_other() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(6), splitting(0));
    for number in 0..3 {
        (0..2).for_each(|offset| s.push(record(number, offset), clock.0));
    }
    let whole = s.next(clock.0).expect("full");
    s.finish(whole.id, failed(), clock.0);
    let (first, second) = (s.next(clock.0).expect("at once"), s.next(clock.0).expect("beside it"));
    assert_eq!(offsets(&first), sent(0, 0..2));
    assert_eq!(offsets(&second), [sent(1, 0..2), sent(2, 0..2)].concat());
    assert_eq!(first.attempts, 2);
    let settled = s.finish(second.id, SUCCESS, clock.0);
    assert_eq!(settled.done, [(partition(1), 2), (partition(2), 2)]);
    s.finish(first.id, failed(), clock.0);
    let half = s.next(clock.pass(0)).expect("without a pause");
    assert_eq!(offsets(&half), sent(0, 0..1));
    assert!(s.next(clock.pass(1_000)).is_none(), "the second half waits for the first");
    assert_eq!(s.finish(half.id, SUCCESS, clock.0).done, [(partition(0), 1)]);
    assert_eq!(offsets(&s.next(clock.0).expect("then it goes")), sent(0, 1..2));
}

#[test]
fn a_partial_answer_cuts_where_it_says_and_splits_only_what_made_no_progress() {
    let clock = Clock::new();
    let mut s = scheduler(limits(4), splitting(5));
    (0..4).for_each(|offset| s.push(record(0, offset), clock.0));
    let job = s.next(clock.0).expect("full");
    assert_eq!(s.finish(job.id, failed_from(0, 1), clock.0).done, [(partition(0), 1)]);
    let mut clock = clock;
    let rest = s.next(clock.pass(200)).expect("the rest, as it is");
    assert_eq!(offsets(&rest), sent(0, 1..4));
    s.finish(rest.id, failed_from(0, 1), clock.0);
    let half = s.next(clock.0).expect("a half");
    assert_eq!(offsets(&half), sent(0, 1..3), "its first record failed again");
}

#[test]
fn a_function_that_is_not_reached_splits_nothing() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(2), splitting(0));
    (0..2).for_each(|offset| s.push(record(0, offset), clock.0));
    let job = s.next(clock.0).expect("full");
    s.finish(job.id, Outcome::NotReached(Fault::Invoke("away".into())), clock.0);
    assert_eq!(s.next(clock.pass(200)).expect("again").batch, job.batch);
}

#[test]
fn a_half_whose_partition_goes_is_forgotten_with_what_is_behind_it() {
    let mut clock = Clock::new();
    let mut s = scheduler(limits(2), splitting(0));
    (0..2).for_each(|offset| s.push(record(0, offset), clock.0));
    let job = s.next(clock.0).expect("full");
    s.finish(job.id, failed(), clock.0);
    s.revoke(&partition(0));
    assert!(s.next(clock.pass(10_000)).is_none());
    s.assign(partition(0));
    s.push(record(0, 0), clock.0);
    assert_eq!(offsets(&s.next(clock.pass(100)).expect("anew")), sent(0, 0..1));
}

proptest! {
    #[test]
    fn exactly_the_poison_is_given_up_each_after_its_own_retries(
        counts in prop::array::uniform3(0..20_i64),
        poison in prop::collection::btree_set((0..3_i32, 0..20_i64), 0..8),
        max_records in 1..30_usize,
        max_retries in 0..3_u32,
    ) {
        let mut clock = Clock::new();
        let mut s = scheduler(limits(max_records), splitting(max_retries));
        let all: BTreeSet<(i32, i64)> =
            (0..3).flat_map(|n| (0..counts[n as usize]).map(move |o| (n, o))).collect();
        all.iter().for_each(|&(number, offset)| s.push(record(number, offset), clock.0));
        let poison: BTreeSet<_> = poison.intersection(&all).copied().collect();
        let (mut done, mut given_up) = (BTreeSet::new(), BTreeMap::new());
        let mut alone: BTreeMap<(i32, i64), u32> = BTreeMap::new();
        while let Some(job) = s.next(clock.pass(10_000)) {
            let records: Vec<(i32, i64)> = job.batch.slices.iter()
                .flat_map(|(tp, slice)| slice.records.iter().map(|r| (tp.partition, r.record.offset)))
                .collect();
            for &(number, offset) in &records {
                let before = (0..offset).all(|o| {
                    let key = (number, o);
                    done.contains(&key) || given_up.contains_key(&key) || records.contains(&key)
                });
                prop_assert!(before, "{offset} of {number} overtakes");
            }
            let outcome = match &job.task {
                Task::GiveUp(_) => {
                    given_up.extend(records.iter().map(|r| (*r, job.attempts)));
                    Outcome::GivenUp
                }
                Task::Invoke if records.iter().any(|r| poison.contains(r)) => {
                    if let [one] = records[..] {
                        *alone.entry(one).or_default() += 1;
                    }
                    failed()
                }
                Task::Invoke => {
                    done.extend(records);
                    SUCCESS
                }
            };
            s.finish(job.id, outcome, clock.0);
        }
        prop_assert_eq!(given_up.keys().copied().collect::<BTreeSet<_>>(), poison.clone());
        prop_assert_eq!(done, all.difference(&poison).copied().collect());
        prop_assert!(alone.values().all(|times| *times == max_retries + 1), "{:?}", alone);
        prop_assert_eq!(alone.len(), poison.len());
    }
}
