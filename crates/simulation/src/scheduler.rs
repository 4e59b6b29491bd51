//! Which task goes on: by dice, one step at a time, in one thread.

use crate::chaos::Chaos;
use futures::task::noop_waker;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;

/// A task of a history.
type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The history has not come to its end within its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stuck {
    /// Tasks that have not ended.
    pub tasks: usize,
}

/// Begins tasks, from within others too.
#[derive(Clone, Default)]
pub struct Spawner(Arc<Mutex<Vec<Task>>>);

impl Spawner {
    /// Begins a task.
    pub fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::pin(task));
    }

    fn take(&self) -> Vec<Task> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs the tasks of one history.
pub struct Scheduler {
    chaos: Chaos,
    spawner: Spawner,
    tasks: Vec<Task>,
}

impl Scheduler {
    /// A scheduler that this chaos decides for.
    #[must_use]
    pub fn new(chaos: Chaos) -> Self {
        Self { chaos, spawner: Spawner::default(), tasks: Vec::new() }
    }

    /// Begins tasks of this history.
    #[must_use]
    pub fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Runs until no task is left, in so many steps at most.
    ///
    /// # Errors
    /// [`Stuck`] when tasks are left.
    pub fn run(&mut self, steps: u64) -> Result<(), Stuck> {
        let waker = noop_waker();
        let mut context = Context::from_waker(&waker);
        for _ in 0..steps {
            self.tasks.extend(self.spawner.take());
            if self.tasks.is_empty() {
                return Ok(());
            }
            let at = self.chaos.below(self.tasks.len());
            if self.tasks[at].as_mut().poll(&mut context).is_ready() {
                drop(self.tasks.swap_remove(at));
            }
            self.chaos.ticks(self.tasks.len());
        }
        Err(Stuck { tasks: self.tasks.len() })
    }
}
