//! Whole histories: the real handlers, from the records of the topic to what passengers read, under
//! faults at every call of a port; held against the reference model.
//!
//! `HISTORIES`, `EVENTS` and `SEED` in the environment ask for more, for longer ones, and for one
//! that failed (`scripts/chaos.sh`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod history;
mod passengers;
mod ports;
mod topic;
mod verdict;
mod workflow;
mod world;

use history::{History, Mutant};
use std::sync::atomic::{AtomicU64, Ordering};

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

#[test]
fn every_history_ends_as_the_model_says() {
    let (first, histories) = match std::env::var("SEED") {
        Ok(seed) => (seed.parse().expect("a number"), 1),
        Err(_) => (1, asked("HISTORIES", 100)),
    };
    let events = asked("EVENTS", 2_000) as usize;
    let (calls, faults) = (AtomicU64::new(0), AtomicU64::new(0));
    let next = AtomicU64::new(first);
    // A history is of one thread, and knows nothing of the others.
    let play = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= first + histories {
            break;
        }
        let played = History { seed, events, mutant: Mutant::None }.play();
        let report = played.unwrap_or_else(|wrong| {
            // The others need not be played to their end.
            next.store(first + histories, Ordering::Relaxed);
            panic!("SEED={seed} EVENTS={events} plays it again:\n{}", wrong.join("\n"))
        });
        calls.fetch_add(report.calls, Ordering::Relaxed);
        faults.fetch_add(report.faults, Ordering::Relaxed);
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(play);
        }
    });
    let (calls, faults) = (calls.into_inner(), faults.into_inner());
    println!(
        "{histories} histories of {events} events: {calls} calls of ports, {faults} went wrong"
    );
    assert!(faults * 100 > calls, "a history without faults shows nothing");
}

#[test]
fn a_seed_plays_the_same_history_again() {
    for seed in 4..=7 {
        let play = || History { seed, events: 400, mutant: Mutant::None }.play().unwrap();
        assert_eq!(play(), play(), "{seed}");
    }
}

/// Each safety rule, taken away, is missed within so many histories.
fn is_caught(mutant: Mutant, histories: u64) {
    let caught = (1..=histories).any(|seed| History { seed, events: 60, mutant }.play().is_err());
    assert!(caught, "nothing has noticed {mutant:?}");
}

#[test]
fn an_event_that_is_not_claimed_is_noticed() {
    is_caught(Mutant::NoClaim, 40);
}

#[test]
fn a_claim_that_is_never_released_is_noticed() {
    is_caught(Mutant::ClaimNeverReleased, 40);
}

#[test]
fn facets_without_versions_are_noticed() {
    is_caught(Mutant::NoFacetVersions, 40);
}

#[test]
fn a_commit_before_success_is_noticed() {
    is_caught(Mutant::CommitBeforeSuccess, 40);
}

#[test]
fn failed_entries_that_are_ignored_are_noticed() {
    is_caught(Mutant::FailedEntriesIgnored, 40);
}

#[test]
fn events_that_are_done_without_their_flight_are_noticed() {
    is_caught(Mutant::QuietUnwritten, 40);
}

#[test]
fn events_that_are_applied_to_what_is_gone_are_noticed() {
    // It takes a write between two calls of one invocation, and no later news that covers it.
    is_caught(Mutant::QuietUnconditional, 400);
}
