//! The notification logs: every line is a whole event of the bus.

use super::{About, News};
use crate::place::Place;
use crate::scenario::Line;
use anyhow::Context;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use flightpulse_contracts::notification_events::NotificationEvent;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// Where notifications are logged.
const LOG_GROUPS: [&str; 2] =
    ["/flightpulse/notifications/email", "/flightpulse/notifications/sms"];

/// Looks for the notifications of our events.
pub(crate) struct Notifications {
    client: Client,
    correlation_id: String,
    since: Timestamp,
    known: HashSet<String>,
}

#[derive(Deserialize)]
struct BusEvent {
    #[serde(rename = "detail-type")]
    detail_type: String,
    detail: NotificationEvent,
}

impl Notifications {
    /// Looks for those of this correlation id from this time on.
    pub(crate) fn of(place: &Place, correlation_id: &str, since: Timestamp) -> Self {
        Self {
            client: Client::new(&place.sdk),
            correlation_id: correlation_id.to_owned(),
            since,
            known: HashSet::new(),
        }
    }

    pub(super) fn new(place: &Place, about: &About) -> Self {
        Self::of(place, &about.correlation_id, about.since)
    }

    /// What is in the logs and was not at the look before, in the order of the logs' times.
    pub(crate) async fn look(&mut self) -> anyhow::Result<Vec<News>> {
        let mut found = Vec::new();
        for group in LOG_GROUPS {
            let mut same: BTreeMap<String, usize> = BTreeMap::new();
            for event in self.lines(group).await? {
                // Without an id of its own a line is known by all that it has, and by how many
                // like it came before: two equal lines are two lines.
                let like = identity(group, &event);
                let count = same.entry(like.clone()).or_default();
                *count += 1;
                if self.known.insert(format!("{like}#{count}")) {
                    found.push((event.timestamp.unwrap_or_default(), read(group, &event)));
                }
            }
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(found.into_iter().map(|(_, news)| news).collect())
    }

    async fn lines(&self, group: &str) -> anyhow::Result<Vec<FilteredLogEvent>> {
        let (mut lines, mut next) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .filter_log_events()
                .log_group_name(group)
                .start_time(self.since.as_millisecond())
                .filter_pattern(format!("\"{}\"", self.correlation_id))
                .set_next_token(next)
                .send()
                .await
                .with_context(|| format!("the log group {group} cannot be read"))?;
            lines.extend(page.events.unwrap_or_default());
            next = page.next_token;
            if next.is_none() {
                return Ok(lines);
            }
        }
    }
}

fn identity(group: &str, event: &FilteredLogEvent) -> String {
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let (id, stream) = (part(&event.event_id), part(&event.log_stream_name));
    let rest = if id.is_empty() { part(&event.message) } else { String::new() };
    format!("{group} {stream} {id} {} {rest}", event.timestamp.unwrap_or_default())
}

fn read(group: &str, event: &FilteredLogEvent) -> News {
    let message = event.message.clone().unwrap_or_default();
    match serde_json::from_str::<BusEvent>(&message) {
        Ok(read) => News::Told(Box::new(Line {
            at_ms: event.timestamp.unwrap_or_default(),
            log_group: group.to_owned(),
            detail_type: read.detail_type,
            notification: read.detail,
        })),
        Err(error) => News::Unreadable(format!("{error}: {message}")),
    }
}
