//! One history: flights, passengers, and what is said of the flights.

use crate::topic;
use crate::verdict;
use crate::world::World;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::passenger::{Language, NotificationPreferences, Tier};
use flightpulse_simulation::history::{Script, script};
use flightpulse_simulation::{Chaos, Scheduler};
use flightpulse_store::RecordWriter;
use flightpulse_store::conformance::{booking, flight, passenger};
use futures::FutureExt;
use jiff::Timestamp;
use std::rc::Rc;

/// Flights of a history, and passengers of each.
const FLIGHTS: usize = 3;
const PASSENGERS: usize = 4;
/// Of ten thousand calls, how many go wrong: histories differ. With the most nearly every second
/// workflow fails for good.
const FAULTS: [u64; 4] = [100, 400, 1_200, 2_500];
/// Steps in which a history must be over, for each of its events.
const STEPS: u64 = 200_000;
/// How often letters are sent again while things go on to go wrong.
const ROUNDS: usize = 6;

/// A safety rule that is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// None is.
    None,
    /// Workflows do not claim their events.
    NoClaim,
    /// Workflows that fail keep their claims.
    ClaimNeverReleased,
    /// Flights forget which event changed which facet.
    NoFacetVersions,
    /// Offsets are committed before the function has answered.
    CommitBeforeSuccess,
    /// Entries that the bus has not taken count as published.
    FailedEntriesIgnored,
    /// Events of which nobody is told are done with, and their flight is not written.
    QuietUnwritten,
    /// They are applied to a flight that has been written since it was read.
    QuietUnconditional,
}

/// What decides a history.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History {
    pub(crate) seed: u64,
    pub(crate) events: usize,
    pub(crate) mutant: Mutant,
}

/// What a history came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) calls: u64,
    pub(crate) faults: u64,
    pub(crate) executions: usize,
    pub(crate) notifications: usize,
    pub(crate) sent_again: usize,
}

fn start() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

impl History {
    /// Plays it to its end; the error is what is wrong then.
    pub(crate) fn play(self) -> Result<Report, Vec<String>> {
        let chaos = Chaos::new(self.seed, FAULTS[self.seed as usize % FAULTS.len()], start());
        let mut scheduler = Scheduler::new(chaos.clone());
        let world = Rc::new(World::new(chaos.clone(), scheduler.spawner(), self.mutant));
        let flights: Vec<Flight> = (0..FLIGHTS).map(|at| seeded(&world, at)).collect();
        let Script { records, said } =
            script(&chaos, &flights, self.events, "e", start()).expect("events of ours are read");
        let poison = topic::read(&world, records);
        let steps = STEPS * self.events.max(10) as u64;
        let mut sent_again = 0;
        for round in 0.. {
            scheduler.run(steps).map_err(|stuck| vec![format!("{stuck:?} in round {round}")])?;
            let mut wrong = verdict::whenever_it_is_quiet(&world);
            if !wrong.is_empty() {
                return Err(wrong);
            }
            let letters = world.take_letters();
            if letters.is_empty() {
                wrong = verdict::in_the_end(&world, &flights, &said, &poison);
                let (calls, faults) = chaos.counts();
                let (executions, notifications) = world.counts();
                let report = Report { calls, faults, executions, notifications, sent_again };
                return if wrong.is_empty() { Ok(report) } else { Err(wrong) };
            }
            if round == ROUNDS {
                chaos.set_faults(0);
            }
            if round > 2 * ROUNDS {
                return Err(vec![format!("what is sent again fails again: {letters:?}")]);
            }
            // As an operator does with `dlq redrive`.
            sent_again += letters.len();
            letters.into_iter().for_each(|event| world.clone().start(event));
        }
        unreachable!("every round ends or goes on")
    }
}

/// A flight with its passengers, in the table and among the readers.
fn seeded(world: &World, at: usize) -> Flight {
    let mut planned = flight(&format!("SW{at}"));
    planned.booked_passengers = PASSENGERS as u32;
    // Nothing in memory waits.
    let put = |done: futures::future::BoxFuture<'_, Result<(), flightpulse_store::StoreError>>| {
        done.now_or_never().expect("at once").unwrap();
    };
    put(world.store.put_flight(&planned).boxed());
    for nth in 0..PASSENGERS {
        let (b, p) = (format!("B{at}-{nth}"), format!("P{at}-{nth}"));
        let mut person = passenger(&p);
        person.tier = Tier::ALL[nth % 3];
        person.language = [Language::En, Language::De][nth % 2];
        person.phone = Some("+15555550100".into());
        let (email, sms) = [(true, true), (true, false), (false, true), (false, false)][nth % 4];
        person.notification_preferences = NotificationPreferences { email, sms, push: true };
        put(world.store.put_passenger(&person).boxed());
        put(world.store.put_booking(&booking(&b, &p, planned.flight_id.as_str())).boxed());
        world.passengers.knows(&person, &planned);
    }
    planned
}

/// The flight of this place.
pub(crate) fn flight_id(at: usize) -> FlightId {
    FlightId::new(format!("SW{at}")).unwrap()
}
