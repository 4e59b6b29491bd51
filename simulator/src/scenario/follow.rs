//! Waiting until a scenario has come to rest.

use super::observation::Sent;
use super::script::Script;
use super::timeline::Timeline;
use crate::watch::Watch;
use std::time::{Duration, Instant};

/// The pace of looking, and what counts as rest.
struct Pace {
    /// Between two looks.
    interval: Duration,
    /// Looks in a row that must show nothing new once all that is expected is there, so that
    /// what is there too much is seen too.
    quiet_looks: u32,
    /// How long nothing new may show, once the workflow is over, before what is missing is
    /// taken to be lost.
    gives_up_after: Duration,
}

const LOCAL: Pace = Pace {
    interval: Duration::from_millis(200),
    quiet_looks: 2,
    gives_up_after: Duration::from_secs(6),
};
/// On AWS log lines show some seconds after they were written.
const AWS: Pace = Pace {
    interval: Duration::from_secs(1),
    quiet_looks: 5,
    gives_up_after: Duration::from_secs(30),
};

/// Decides, look by look, whether a scenario has come to rest.
struct Rest {
    pace: Pace,
    /// Looks in a row without news.
    quiet: u32,
    /// When the last news came, since the start.
    last_news: Duration,
}

impl Rest {
    /// Takes in one look: `over` says that the workflow has ended, `all_there` that all that
    /// is expected is there. Answers whether there is nothing more to wait for.
    fn after_look(&mut self, now: Duration, news: bool, over: bool, all_there: bool) -> bool {
        if news {
            (self.quiet, self.last_news) = (0, now);
        } else {
            self.quiet += 1;
        }
        let complete = all_there && self.quiet >= self.pace.quiet_looks;
        over && (complete || now.saturating_sub(self.last_news) >= self.pace.gives_up_after)
    }
}

/// Looks until all is there and nothing more comes, or it is clear that it will not, or patience
/// is at its end.
pub(super) async fn until_settled(
    watch: &mut Watch,
    script: &Script,
    sent: &[Sent],
    timeline: &mut Timeline,
    patience: Duration,
    aws: bool,
) -> anyhow::Result<()> {
    let mut rest =
        Rest { pace: if aws { AWS } else { LOCAL }, quiet: 0, last_news: Duration::ZERO };
    let started = Instant::now();
    while started.elapsed() < patience {
        let news = watch.look().await?;
        timeline.news(&news);
        let seen = watch.seen();
        let begun = !seen.executions.is_empty() || !seen.quiet.is_empty();
        let over = begun && seen.executions.iter().all(|one| one.is_over());
        let complete = script.is_complete(sent, seen);
        if rest.after_look(started.elapsed(), !news.is_empty(), over, complete) {
            return Ok(());
        }
        tokio::time::sleep(rest.pace.interval).await;
    }
    timeline.patience_is_over(patience);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest() -> Rest {
        Rest { pace: LOCAL, quiet: 0, last_news: Duration::ZERO }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_looks_again_once_all_is_there_so_that_too_much_is_seen() {
        let mut rest = rest();
        assert!(!rest.after_look(SECOND, true, true, true));
        assert!(!rest.after_look(SECOND, false, true, true));
        // A doubled notification: looking starts again.
        assert!(!rest.after_look(SECOND, true, true, true));
        assert!(!rest.after_look(SECOND, false, true, true));
        assert!(rest.after_look(SECOND, false, true, true));
    }

    #[test]
    fn it_gives_up_on_what_is_missing_only_after_the_workflow_is_over() {
        let mut rest = rest();
        assert!(!rest.after_look(SECOND, true, false, false));
        assert!(!rest.after_look(SECOND * 50, false, false, false));
        assert!(!rest.after_look(SECOND * 51, true, true, false));
        assert!(!rest.after_look(SECOND * 56, false, true, false));
        assert!(rest.after_look(SECOND * 57, false, true, false));
    }
}
