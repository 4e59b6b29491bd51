//! The generator's randomness: one algorithm, written down, so that a seed means the same network
//! on every machine and with every version of the library.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;

/// What the dice are for. Each has a sequence of its own, so that one more throw in one place
/// changes nothing in the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Routes, times and aircraft.
    Schedule,
    /// How full flights are, and who connects.
    Loads,
    /// The people of one itinerary.
    People,
    /// Events of `load`.
    Events,
    /// Bookings of `aep send`.
    Bookings,
    /// What goes wrong with them on their way.
    Faults,
    /// Which of their events the stream loses.
    Losses,
    /// Which of their events an export lacks.
    Gaps,
    /// The order of an export's rows, and which of them are spoilt.
    Rows,
}

/// Dice of one seed and stream: PCG XSL 128/64 (MCG), whose numbers are held by test vectors.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Pcg64Mcg);

/// One step of SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>): seeds that are alike become
/// unlike.
fn mixed(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

impl Dice {
    /// The dice of a seed for a stream; `index` tells the sequences of one stream apart.
    pub(crate) fn of(seed: u32, stream: Stream, index: u64) -> Self {
        let low = mixed(mixed(mixed(u64::from(seed)) ^ stream as u64) ^ index);
        Self(Pcg64Mcg::new(u128::from(mixed(low)) << 64 | u128::from(low)))
    }

    /// A number from 0 up to, not including, `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The high half of a product (Lemire): no division, and a bias below 2^-40 for our sizes.
        let product = u128::from(self.0.next_u64()) * end as u128;
        (product >> 64) as usize
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: i64, last: i64) -> i64 {
        let span = usize::try_from(last - first).unwrap_or_default() + 1;
        first + self.below(span) as i64
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, of_a_hundred: u32) -> bool {
        self.below(100) < of_a_hundred as usize
    }

    /// One of these. There must be one.
    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// One of these, by their weights. There must be one with a weight.
    pub(crate) fn weighted<T: Copy>(&mut self, all: &[(T, u32)]) -> T {
        let sum: u32 = all.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(sum as usize) as u32;
        for (one, weight) in all {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *one,
            }
        }
        all[all.len() - 1].0
    }

    /// Puts them in any order.
    pub(crate) fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that must never change: networks in tables depend on them.
    #[test]
    fn a_seed_means_the_same_for_ever() {
        let mut dice = Dice::of(1, Stream::Schedule, 0);
        let thrown: Vec<_> = (0..8).map(|_| dice.below(1_000)).collect();
        insta::assert_debug_snapshot!(thrown);
    }

    #[test]
    fn streams_and_indexes_do_not_follow_each_other() {
        let first = |stream, index| Dice::of(1, stream, index).below(1_000_000);
        let all = [
            first(Stream::Schedule, 0),
            first(Stream::Schedule, 1),
            first(Stream::Loads, 0),
            first(Stream::People, 0),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
    }

    #[test]
    fn throws_are_within_their_bounds_and_reach_them() {
        let mut dice = Dice::of(7, Stream::Loads, 3);
        let thrown: std::collections::BTreeSet<_> =
            (0..1_000).map(|_| dice.between(-2, 3)).collect();
        assert_eq!(thrown.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2, 3]);
        assert_eq!(dice.below(0), 0);
        assert!((0..100).all(|_| !dice.percent(0)) && (0..100).all(|_| dice.percent(100)));
        assert!(
            (0..100).all(|_| dice.weighted(&[("never", 0), ("always", 3), ("no", 0)]) == "always")
        );
    }
}
