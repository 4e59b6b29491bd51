//! Whatever fails, in whatever order, split or not, and whatever filters hold back: nothing is lost,
//! no partition's order is broken, and nothing is committed early.

use proptest::prelude::*;

use super::*;
use crate::batch::{Batch, Slice};

#[derive(Clone, Debug)]
enum Step {
    Push(i32),
    /// A record that the filters hold back.
    Skip(i32),
    Pass(u64),
    Start,
    /// Finishes one of the jobs under way: which, how, and which record is the failed one.
    Finish(usize, u8, usize),
    Rebalance(i32),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3).prop_map(Step::Push),
        2 => (0..3).prop_map(Step::Skip),
        3 => (0..400_u64).prop_map(Step::Pass),
        4 => Just(Step::Start),
        4 => (any::<usize>(), 0..6_u8, any::<usize>()).prop_map(|(i, how, r)| Step::Finish(i, how, r)),
        1 => (0..3).prop_map(Step::Rebalance),
    ]
}

/// A log per partition, a group's commits, and everything that ended well.
#[derive(Default)]
struct World {
    log: BTreeMap<TopicPartition, i64>,
    committed: BTreeMap<TopicPartition, i64>,
    ended: BTreeSet<(TopicPartition, i64)>,
    held_back: BTreeSet<(TopicPartition, i64)>,
    open: Vec<Job>,
}

impl World {
    fn append(&mut self, number: i32) -> i64 {
        let next = self.log.entry(partition(number)).or_default();
        *next += 1;
        *next - 1
    }

    /// The mapping fetches a record.
    fn fetch(&mut self, s: &mut Scheduler, number: i32, offset: i64, now: Now) {
        let tp = partition(number);
        if !self.held_back.contains(&(tp.clone(), offset)) {
            s.push(record(number, offset), now);
        } else if let Some(next) = s.skip(&tp, offset) {
            self.commit(tp, next);
        }
    }

    fn commit(&mut self, partition: TopicPartition, next: i64) {
        let from = self.committed.insert(partition.clone(), next).unwrap_or(0);
        assert!(from <= next, "a commit goes back");
        for offset in from..next {
            let key = (partition.clone(), offset);
            let ended = self.ended.contains(&key) || self.held_back.contains(&key);
            assert!(ended, "{offset} committed unended");
        }
    }

    fn start(&mut self, s: &mut Scheduler, now: Now) -> bool {
        let Some(job) = s.next(now) else { return false };
        for (partition, slice) in &job.batch.slices {
            let order: Vec<i64> = slice.records.iter().map(|r| r.record.offset).collect();
            assert!(order.windows(2).all(|w| w[0] < w[1]), "order within a batch");
            let two = self.open.iter().any(|j| j.batch.slices.contains_key(partition));
            assert!(!two, "two batches of {partition} at once");
            if job.task == Task::GiveUp(Condition::RecordAgeExceeded) {
                // Set aside before their younger neighbours are sent.
                continue;
            }
            for before in self.committed.get(partition).copied().unwrap_or(0)..order[0] {
                // A record overtakes only what has ended.
                let key = (partition.clone(), before);
                let ended = self.ended.contains(&key) || self.held_back.contains(&key);
                assert!(ended, "{before} overtaken");
            }
        }
        self.open.push(job);
        true
    }

    fn finish(&mut self, s: &mut Scheduler, job: Job, how: u8, which: usize, now: Now) {
        let all = |batch: &Batch| -> Vec<(TopicPartition, i64)> {
            let of = |(tp, slice): (&TopicPartition, &Slice)| {
                slice.records.iter().map(|r| (tp.clone(), r.record.offset)).collect::<Vec<_>>()
            };
            batch.slices.iter().flat_map(of).collect()
        };
        let records = all(&job.batch);
        let outcome = match (&job.task, how) {
            (Task::GiveUp(_), 0) => Outcome::NotGivenUp,
            (Task::GiveUp(_), _) => Outcome::GivenUp,
            (Task::Invoke, 0) => Outcome::NotReached(Fault::Invoke("away".into())),
            (Task::Invoke, 1) => failed(),
            (Task::Invoke, 2 | 3) => {
                let (partition, offset) = records[which % records.len()].clone();
                Outcome::Answered(Verdict::Partial(BTreeMap::from([(partition, offset)])))
            }
            (Task::Invoke, _) => SUCCESS,
        };
        let failed_from = match &outcome {
            Outcome::Answered(Verdict::Partial(lowest)) => lowest.clone(),
            _ => BTreeMap::new(),
        };
        if matches!(
            outcome,
            Outcome::Answered(Verdict::Success | Verdict::Partial(_)) | Outcome::GivenUp
        ) {
            let good = |(tp, o): &(TopicPartition, i64)| failed_from.get(tp).is_none_or(|f| o < f);
            self.ended.extend(records.into_iter().filter(good));
        }
        for (partition, next) in s.finish(job.id, outcome, now).done {
            self.commit(partition, next);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_or_overtaken(
        steps in prop::collection::vec(step(), 1..150),
        max_retries in prop::option::of(0..3_u32),
        bisect_on_error: bool,
        max_records in 1..12_usize,
        max_age in prop::option::of(1..3_u64),
    ) {
        let mut clock = Clock::new();
        let max_record_age = max_age.map(Duration::from_secs);
        let policy = RetryPolicy { max_retries, bisect_on_error, ..RetryPolicy::default() };
        let retry = RetryPolicy { max_record_age, ..policy };
        let mut s = scheduler(limits(max_records), retry);
        let mut world = World::default();
        for step in steps {
            match step {
                Step::Push(number) => {
                    let offset = world.append(number);
                    world.fetch(&mut s, number, offset, clock.0);
                }
                Step::Skip(number) => {
                    let offset = world.append(number);
                    world.held_back.insert((partition(number), offset));
                    world.fetch(&mut s, number, offset, clock.0);
                }
                Step::Pass(millis) => { clock.pass(millis); }
                Step::Start => { world.start(&mut s, clock.0); }
                Step::Finish(index, how, which) if !world.open.is_empty() => {
                    let job = world.open.swap_remove(index % world.open.len());
                    world.finish(&mut s, job, how, which, clock.0);
                }
                Step::Finish(..) => {}
                Step::Rebalance(number) => {
                    // The partition goes and comes back: fetched again from the committed offset.
                    let tp = partition(number);
                    s.revoke(&tp);
                    s.assign(tp.clone());
                    let from = world.committed.get(&tp).copied().unwrap_or(0);
                    let end = world.log.get(&tp).copied().unwrap_or(0);
                    (from..end).for_each(|o| world.fetch(&mut s, number, o, clock.0));
                }
            }
        }
        // From here on everything succeeds: everything must end and be committed.
        for _ in 0..10_000 {
            while world.start(&mut s, clock.0) {}
            match world.open.pop() {
                Some(job) => world.finish(&mut s, job, 5, 0, clock.0),
                None if s.wake_at().is_none() => break,
                None => { clock.pass(10_000); }
            }
        }
        world.log.retain(|_, end| *end > 0);
        prop_assert_eq!(world.committed, world.log);
    }
}
