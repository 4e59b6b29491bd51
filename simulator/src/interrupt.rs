//! Ctrl-C: the first asks for an orderly end, the second ends at once.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// The exit status of a process that was ended by SIGINT, as shells say it.
pub(crate) const STATUS: i32 = 130;

/// Whether an end was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: watch::Receiver<bool>,
}

impl Interrupt {
    /// Listens from this moment on, for as long as the process lives. Where signals cannot be
    /// listened for, they do what they always do.
    pub(crate) fn listen() -> Self {
        let (ask, asked) = watch::channel(false);
        // Here and not in the task, which has its first turn only later: a signal that comes before
        // would end the process where it stands.
        let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        if let [Ok(interrupt), Ok(terminate)] = signals {
            tokio::spawn(tell(ask, interrupt, terminate));
        }
        Self { asked }
    }

    /// Whether it was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Waits until it is asked for.
    pub(crate) async fn asked(&mut self) {
        // Nobody asks any more once the listener is gone: then this waits for ever.
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

async fn tell(ask: watch::Sender<bool>, mut interrupt: Signal, mut terminate: Signal) {
    loop {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        if ask.send_replace(true) {
            std::process::exit(STATUS);
        }
    }
}
