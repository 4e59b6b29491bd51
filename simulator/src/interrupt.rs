//! Ctrl-C: the first asks for an orderly end, the second ends at once.

use tokio::sync::watch;

/// The exit status of a process that was ended by SIGINT, as shells say it.
pub(crate) const STATUS: i32 = 130;

/// Whether an end was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: watch::Receiver<bool>,
}

impl Interrupt {
    /// Listens from now on, for as long as the process lives.
    pub(crate) fn listen() -> Self {
        let (ask, asked) = watch::channel(false);
        tokio::spawn(async move {
            while signal().await {
                if ask.send_replace(true) {
                    std::process::exit(STATUS);
                }
            }
        });
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

/// Waits for SIGINT or SIGTERM; false when it cannot.
async fn signal() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tokio::signal::ctrl_c().await.is_ok();
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.is_ok(),
        terminated = terminate.recv() => terminated.is_some(),
    }
}
