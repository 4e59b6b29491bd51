//! Waiting until a scenario has come to rest.

use super::expectations::Expectations;
use super::observation::Seen;
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

/// Looks until all is there and nothing more comes, or it is clear that it will not, or patience
/// is at its end.
pub(super) async fn until_settled(
    watch: &mut Watch,
    expected: &Expectations,
    timeline: &mut Timeline,
    patience: Duration,
    aws: bool,
) -> anyhow::Result<()> {
    let pace = if aws { AWS } else { LOCAL };
    let started = Instant::now();
    let (mut last_news, mut quiet) = (started, 0);
    while started.elapsed() < patience {
        let news = watch.look().await?;
        if news.is_empty() {
            quiet += 1;
        } else {
            (last_news, quiet) = (Instant::now(), 0);
        }
        timeline.news(&news);
        let seen = watch.seen();
        let over = !seen.executions.is_empty() && seen.executions.iter().all(|one| one.is_over());
        let enough = all_told(expected, seen) && quiet >= pace.quiet_looks;
        if over && (enough || last_news.elapsed() >= pace.gives_up_after) {
            return Ok(());
        }
        tokio::time::sleep(pace.interval).await;
    }
    timeline.patience_is_over(patience);
    Ok(())
}

fn all_told(expected: &Expectations, seen: &Seen) -> bool {
    expected.notifications.iter().all(|one| {
        seen.notifications.iter().any(|line| {
            let told = &line.notification;
            told.booking_id.as_str() == one.booking_id && told.channel == one.channel
        })
    })
}
