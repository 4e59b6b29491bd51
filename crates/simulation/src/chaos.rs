//! What goes wrong, and when: by dice, at every call of a port.

use futures::future::{pending, poll_fn};
use jiff::{SignedDuration, Timestamp};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// Each step of a task takes so long, by the clock of the history.
const STEP: SignedDuration = SignedDuration::from_millis(20);

/// The invocation ended where it stood: its process is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crashed;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Good,
    /// It fails and nothing has happened.
    FailsBefore,
    /// It fails and all has happened: an answer that was lost.
    FailsAfter,
    /// The process ends before it.
    CrashesBefore,
    /// The process ends after it, and before it knows.
    CrashesAfter,
}

#[derive(Debug)]
struct State {
    dice: Pcg64Mcg,
    /// Of ten thousand calls, how many go wrong.
    faults: u64,
    now: Timestamp,
    /// Whether the invocation that is being polled has just ended.
    crashed: bool,
    /// Until when each waiting task waits.
    sleeping: Vec<Timestamp>,
    /// Calls, and what went wrong.
    calls: u64,
    gone_wrong: u64,
}

/// The dice and the clock of one history. Clones share them.
#[derive(Debug, Clone)]
pub struct Chaos(Arc<Mutex<State>>);

impl Chaos {
    /// The chaos of this seed, from this time on: of ten thousand calls so many go wrong.
    #[must_use]
    pub fn new(seed: u64, faults: u64, now: Timestamp) -> Self {
        let dice = Pcg64Mcg::new((u128::from(seed) << 64) | 0x9e37_79b9_7f4a_7c15);
        let (crashed, sleeping) = (false, Vec::new());
        Self(Arc::new(Mutex::new(State {
            dice,
            faults,
            now,
            crashed,
            sleeping,
            calls: 0,
            gone_wrong: 0,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on so many of ten thousand calls go wrong.
    pub fn set_faults(&self, faults: u64) {
        self.state().faults = faults;
    }

    /// Calls so far, and how many went wrong.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let state = self.state();
        (state.calls, state.gone_wrong)
    }

    /// The history's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.state().now
    }

    /// A number from 0 up to, not including, `end`; 0 where that is 0.
    #[must_use]
    pub fn below(&self, end: usize) -> usize {
        let product = u128::from(self.state().dice.next_u64()) * end as u128;
        (product >> 64) as usize
    }

    /// True in so many of ten thousand cases, unless nothing goes wrong any more.
    #[must_use]
    pub fn mischief(&self, of_ten_thousand: u64) -> bool {
        let may = self.state().faults > 0;
        may && (self.below(10_000) as u64) < of_ten_thousand
    }

    /// Lets others go first.
    pub async fn yields(&self) {
        let mut waited = false;
        poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Waits, by the history's clock.
    pub async fn sleeps(&self, seconds: i64) {
        let until = self.now().saturating_add(SignedDuration::from_secs(seconds));
        let until = until.unwrap_or(Timestamp::MAX);
        self.state().sleeping.push(until);
        while self.now() < until {
            self.yields().await;
        }
        let mut state = self.state();
        if let Some(at) = state.sleeping.iter().position(|one| *one == until) {
            state.sleeping.swap_remove(at);
        }
    }

    /// One step of one of so many tasks has been taken. When all of them sleep, the clock goes on to
    /// when the first awakes.
    pub(crate) fn ticks(&self, tasks: usize) {
        let mut state = self.state();
        state.now = state.now.saturating_add(STEP).unwrap_or(state.now);
        if tasks > 0
            && state.sleeping.len() >= tasks
            && let Some(first) = state.sleeping.iter().min().copied()
        {
            state.now = state.now.max(first);
        }
    }

    fn fate(&self) -> Fate {
        let mut state = self.state();
        state.calls += 1;
        let faults = state.faults;
        drop(state);
        if self.below(10_000) as u64 >= faults {
            return Fate::Good;
        }
        self.state().gone_wrong += 1;
        match self.below(8) {
            0..=2 => Fate::FailsBefore,
            3 | 4 => Fate::FailsAfter,
            5 | 6 => Fate::CrashesBefore,
            _ => Fate::CrashesAfter,
        }
    }

    /// A call of a port: others go first, then it is good or goes wrong. `failed` is the error of a
    /// call that did not come back.
    ///
    /// # Errors
    /// What the call answers, or `failed`.
    pub async fn call<T, E>(
        &self,
        failed: impl FnOnce() -> E,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.yields().await;
        self.call_at_once(failed, call).await
    }

    /// The same, and nobody goes before it.
    ///
    /// # Errors
    /// What the call answers, or `failed`.
    pub async fn call_at_once<T, E>(
        &self,
        failed: impl FnOnce() -> E,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match self.fate() {
            Fate::Good => call.await,
            Fate::FailsBefore => Err(failed()),
            Fate::FailsAfter => call.await.and(Err(failed())),
            Fate::CrashesBefore => self.crash().await,
            Fate::CrashesAfter => {
                let _ = call.await;
                self.crash().await
            }
        }
    }

    async fn crash<T>(&self) -> T {
        self.state().crashed = true;
        pending().await
    }

    /// One invocation of a function: it ends with its answer, or where it crashed.
    ///
    /// # Errors
    /// [`Crashed`], and nothing after that point has happened.
    pub async fn invocation<T>(&self, handler: impl Future<Output = T>) -> Result<T, Crashed> {
        let mut handler = pin!(handler);
        poll_fn(|context| {
            let polled = handler.as_mut().poll(context);
            if std::mem::take(&mut self.state().crashed) {
                return Poll::Ready(Err(Crashed));
            }
            polled.map(Ok)
        })
        .await
    }
}
