//! Until everything that a replay set off has come to its end.

use super::expected::Message;
use super::journal::Journal;
use super::pace::Pace;
use super::writing::Progress;
use super::{Stage, correlation};
use crate::scenario::Line;
use crate::watch::{News, Notifications};
use flightpulse_domain::ids::EventId;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long no message may come, once every workflow has ended, before what is missing is taken for
/// lost: the bus takes moments.
const LAST_MESSAGES: Duration = Duration::from_secs(30);
/// The same when none is missing: one too many may still come.
const NO_MORE: Duration = Duration::from_secs(5);

impl Stage<'_> {
    /// Waits until every event has been dealt with.
    pub(super) async fn settle(&self, pace: &mut Pace<'_>, ids: &[EventId]) -> anyhow::Result<()> {
        let mut progress = Progress::new(pace);
        loop {
            self.ask(pace, ids).await?;
            if pace.under_way().is_empty() {
                return Ok(());
            }
            progress.hold_against(pace)?;
            self.pause(LOOK_EVERY).await?;
        }
    }

    /// The messages of the run, once all that there must be are in the logs, or none has come for
    /// a while; and how many lines cannot be read.
    pub(super) async fn messages(
        &self,
        journal: &Journal,
        wanted: &BTreeSet<Message>,
    ) -> anyhow::Result<(Vec<Line>, usize)> {
        let correlation_id = correlation(&journal.run);
        let mut logs = Notifications::of(&self.place, &correlation_id, journal.run.began);
        let (mut lines, mut unreadable, mut since) = (Vec::<Line>::new(), 0, Instant::now());
        let mut missing = wanted.clone();
        loop {
            let found = logs.look().await?;
            if !found.is_empty() {
                since = Instant::now();
            }
            for news in found {
                match news {
                    News::Told(line) => {
                        let told = &line.notification;
                        missing.remove(&(
                            told.event_id.clone(),
                            told.passenger_id.clone(),
                            told.channel,
                        ));
                        lines.push(*line);
                    }
                    _ => unreadable += 1,
                }
            }
            let patience = if missing.is_empty() { NO_MORE } else { LAST_MESSAGES };
            if since.elapsed() > patience {
                lines.sort_by_key(|line| line.at_ms);
                return Ok((lines, unreadable));
            }
            self.pause(LOOK_EVERY).await?;
        }
    }
}
