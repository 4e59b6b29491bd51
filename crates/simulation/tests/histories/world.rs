//! Everything that a history happens in.

use crate::history::Mutant;
use crate::passengers::Passengers;
use crate::ports::{Bus, Letters, Table};
use flightpulse_bus::Event;
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::notice::Notice;
use flightpulse_simulation::{Chaos, Spawner};
use flightpulse_store::memory::MemoryStore;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// The claim of an event about a flight, as the workflows keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) state: State,
    pub(crate) owner: String,
    pub(crate) until: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    InProgress,
    Done,
    Released,
}

/// Event and flight.
pub(crate) type ClaimKey = (String, String);

/// All claims. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Claims(Arc<Mutex<BTreeMap<ClaimKey, Claim>>>);

impl Claims {
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<ClaimKey, Claim>) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    pub(crate) fn of(&self, key: &ClaimKey) -> Option<Claim> {
        self.with(|claims| claims.get(key).cloned())
    }
}

pub(crate) struct World {
    pub(crate) chaos: Chaos,
    pub(crate) mutant: Mutant,
    pub(crate) store: MemoryStore,
    pub(crate) passengers: Passengers,
    /// What the consumer could not read.
    pub(crate) poison: MemoryDeadLetters,
    pub(crate) claims: Claims,
    /// Who is telling of an event, and until when nobody else may.
    tellers: RefCell<BTreeMap<ClaimKey, (String, Timestamp)>>,
    /// Executions that have ended and could not release their claim: it is free when it expires.
    keeping: RefCell<BTreeSet<String>>,
    /// What must never happen and has.
    broken: RefCell<Vec<String>>,
    spawner: Spawner,
    inbox: Arc<Mutex<Vec<Event>>>,
    letters: RefCell<Vec<Value>>,
    executions: Cell<usize>,
    running: Cell<usize>,
}

/// Of ten thousand events, how many the bus delivers twice.
const DELIVERED_TWICE: u64 = 300;

impl World {
    pub(crate) fn new(chaos: Chaos, spawner: Spawner, mutant: Mutant) -> Self {
        Self {
            chaos,
            mutant,
            spawner,
            store: MemoryStore::default(),
            passengers: Passengers::default(),
            poison: MemoryDeadLetters::default(),
            claims: Claims::default(),
            tellers: RefCell::default(),
            keeping: RefCell::default(),
            broken: RefCell::default(),
            inbox: Arc::default(),
            letters: RefCell::default(),
            executions: Cell::default(),
            running: Cell::default(),
        }
    }

    pub(crate) fn table(&self) -> Table {
        Table {
            chaos: self.chaos.clone(),
            store: self.store.clone(),
            claims: self.claims.clone(),
            mutant: self.mutant,
        }
    }

    pub(crate) fn bus(&self, telling: Option<Notice>) -> Bus {
        Bus {
            chaos: self.chaos.clone(),
            mutant: self.mutant,
            passengers: self.passengers.clone(),
            inbox: self.inbox.clone(),
            telling,
        }
    }

    pub(crate) fn dead_letters(&self) -> Letters {
        Letters { chaos: self.chaos.clone(), kept: self.poison.clone() }
    }

    /// The rules: what is on the bus and not done with starts its workflow, at times twice.
    pub(crate) fn deliver(self: &Rc<Self>) {
        let events = std::mem::take(&mut *self.inbox.lock().unwrap());
        for event in events {
            let detail: Value = serde_json::from_str(&event.detail).unwrap();
            if detail.get("outcome").is_some() {
                continue;
            }
            let started = json!({"detail-type": event.detail_type, "detail": detail});
            if self.chaos.mischief(DELIVERED_TWICE) {
                self.clone().start(started.clone());
            }
            self.clone().start(started);
        }
    }

    /// An execution for this event.
    pub(crate) fn start(self: Rc<Self>, event: Value) {
        self.executions.set(self.executions.get() + 1);
        let execution = format!("execution-{}", self.executions.get());
        let spawner = self.spawner.clone();
        self.running.set(self.running.get() + 1);
        spawner.spawn(async move {
            crate::workflow::run(&self, event, execution).await;
            self.running.set(self.running.get() - 1);
        });
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.spawner.spawn(task);
    }

    /// An execution begins to work on an event, and may be alone at it until then.
    pub(crate) fn begins(&self, key: &ClaimKey, execution: &str, until: Timestamp) {
        let (now, ours) = (self.chaos.now(), (execution.to_owned(), until));
        let before = self.tellers.borrow_mut().insert(key.clone(), ours);
        if let Some((other, _)) = before.filter(|(_, until)| *until >= now) {
            let broken = format!("{execution} and {other} are at {key:?} at once");
            self.broken.borrow_mut().push(broken);
        }
    }

    /// It is over.
    pub(crate) fn ends(&self, key: &ClaimKey, execution: &str) {
        let mut tellers = self.tellers.borrow_mut();
        if tellers.get(key).is_some_and(|(owner, _)| owner == execution) {
            tellers.remove(key);
        }
    }

    /// An execution could not release its claim.
    pub(crate) fn keeps_claim(&self, execution: &str) {
        self.keeping.borrow_mut().insert(execution.to_owned());
    }

    /// Whether it could not.
    pub(crate) fn has_kept_claim(&self, execution: &str) -> bool {
        self.keeping.borrow().contains(execution)
    }

    /// What must never happen and has.
    pub(crate) fn broken(&self) -> Vec<String> {
        self.broken.borrow().clone()
    }

    /// Executions under way.
    pub(crate) fn running(&self) -> usize {
        self.running.get()
    }

    /// Puts an event into the queue of what failed.
    pub(crate) fn set_aside(&self, event: Value) {
        self.letters.borrow_mut().push(event);
    }

    /// Takes what failed out of its queue.
    pub(crate) fn take_letters(&self) -> Vec<Value> {
        self.letters.take()
    }

    /// Executions, and notifications that were delivered.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.executions.get(), self.passengers.count())
    }
}
