//! Looking everywhere once. What does not answer in time is away, and the rest is shown.

use super::view::{Changes, Count, Held, Named, Seen, View, Workflow};
use crate::cli::{Shelf, WatchOptions};
use crate::dlq::shelves;
use crate::lag::{Group, PartitionLag};
use crate::place::Place;
use anyhow::Context;
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use aws_sdk_sfn::types::ExecutionStatus;
use flightpulse_contracts::OPERATIONS_TOPIC;
use flightpulse_store::SwitchReader;
use flightpulse_store::dynamo::DynamoStore;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

/// How long one source may take. Three questions to Kafka fit.
const PATIENCE: Duration = Duration::from_secs(20);
/// Executions listed in one call, and calls for one workflow.
const PER_CALL: i32 = 100;
const CALLS: usize = 10;
/// Calls for the lines of one log group, each with up to 10,000.
const LOG_CALLS: usize = 5;
/// Objects of the bucket that are counted.
const OBJECTS: i32 = 1_000;
/// Changes that are shown one by one.
const LAST_CHANGES: usize = 3;

/// Where notifications are logged, by channel.
const CHANNELS: [(&str, &str); 2] =
    [("email", "/flightpulse/notifications/email"), ("sms", "/flightpulse/notifications/sms")];
/// Where changes of status are logged.
const AUDIT: &str = "/flightpulse/audit";

/// Looks everywhere.
pub(super) struct Looker<'a> {
    place: &'a Place,
    window_minutes: u32,
    /// The consumer group; why it cannot be looked at, where it cannot.
    group: Result<Group, String>,
    sfn: aws_sdk_sfn::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    sqs: aws_sdk_sqs::Client,
    s3: aws_sdk_s3::Client,
    store: DynamoStore,
}

impl<'a> Looker<'a> {
    /// Looks at this place. Kafka may be out of reach: that is shown, and ends nothing.
    pub(super) fn new(place: &'a Place, aws: bool, options: &WatchOptions) -> Self {
        let (brokers, group) = (options.brokers.as_deref(), options.group.as_deref());
        let group = Group::open(brokers, OPERATIONS_TOPIC, group, aws);
        let dynamodb = aws_sdk_dynamodb::Client::new(&place.sdk);
        Self {
            place,
            window_minutes: options.window,
            group: group.map_err(|stop| stop.to_string()),
            sfn: aws_sdk_sfn::Client::new(&place.sdk),
            logs: aws_sdk_cloudwatchlogs::Client::new(&place.sdk),
            sqs: aws_sdk_sqs::Client::new(&place.sdk),
            s3: aws_sdk_s3::Client::new(&place.sdk),
            store: DynamoStore::new(dynamodb, &place.outputs.table_name),
        }
    }

    /// Looks once, everywhere at the same time.
    pub(super) async fn look(&self) -> View {
        let at = Timestamp::now();
        let since = at - SignedDuration::from_mins(self.window_minutes.into());
        let (lag, workflows, notifications, held, changes, dead_letters) = futures::join!(
            seen(self.lag()),
            seen(self.workflows(since)),
            seen(self.notifications(since)),
            seen(self.held()),
            seen(self.changes(since)),
            seen(self.dead_letters()),
        );
        let place = match &self.place.endpoint {
            Some(endpoint) => format!("the local cloud at {endpoint}"),
            None => "on AWS".to_owned(),
        };
        View {
            at,
            place,
            window_minutes: self.window_minutes,
            group: self.group.as_ref().map(Group::name).unwrap_or_default().to_owned(),
            lag,
            workflows,
            notifications,
            held,
            changes,
            dead_letters,
        }
    }

    async fn lag(&self) -> anyhow::Result<Seen<Vec<PartitionLag>>> {
        let group = self.group.as_ref().map_err(|why| anyhow::anyhow!("{why}"))?;
        Ok(Seen::Known(group.lag().await?))
    }

    async fn workflows(&self, since: Timestamp) -> anyhow::Result<Seen<Vec<Workflow>>> {
        let outputs = &self.place.outputs;
        let machines = [
            &outputs.delay_state_machine_arn,
            &outputs.cancellation_state_machine_arn,
            &outputs.gate_change_state_machine_arn,
        ];
        let workflows = machines.map(|arn| self.workflow(arn, since));
        Ok(Seen::Known(futures::future::try_join_all(workflows).await?))
    }

    async fn workflow(&self, arn: &str, since: Timestamp) -> anyhow::Result<Workflow> {
        let name = arn.rsplit(':').next().unwrap_or_default().to_owned();
        let cannot = || format!("the executions of {name} cannot be listed");
        // One that runs may have begun long ago.
        let request = self.sfn.list_executions().state_machine_arn(arn);
        let request = request.status_filter(ExecutionStatus::Running).max_results(PER_CALL);
        let running = request.send().await.with_context(cannot)?;
        let running =
            Count { count: running.executions.len() as u64, more: running.next_token.is_some() };
        let (mut succeeded, mut failed) = (Count::default(), Count::default());
        let mut next = None;
        for call in 0..CALLS {
            let request = self.sfn.list_executions().state_machine_arn(arn);
            let request = request.max_results(PER_CALL).set_next_token(next);
            let page = request.send().await.with_context(cannot)?;
            next = page.next_token;
            let all = page.executions.len();
            // Newest first.
            let recent = page
                .executions
                .into_iter()
                .take_while(|one| one.start_date.secs() >= since.as_second());
            let mut seen = 0;
            for one in recent {
                seen += 1;
                match one.status {
                    ExecutionStatus::Running | ExecutionStatus::PendingRedrive => {}
                    ExecutionStatus::Succeeded => succeeded.count += 1,
                    _ => failed.count += 1,
                }
            }
            if seen < all || next.is_none() {
                break;
            }
            let more = call + 1 == CALLS;
            (succeeded.more, failed.more) = (more, more);
        }
        Ok(Workflow { name, running, succeeded, failed })
    }

    async fn notifications(&self, since: Timestamp) -> anyhow::Result<Seen<Vec<Named>>> {
        let channels = CHANNELS.map(|(name, group)| async move {
            let mut count = Count::default();
            let found = self.lines(group, since, |_| count.count += 1).await?;
            count.more = found == Lines::More;
            anyhow::ensure!(found != Lines::NoGroup, "{group} is not there");
            Ok(Named { name: name.to_owned(), count })
        });
        Ok(Seen::Known(futures::future::try_join_all(channels).await?))
    }

    async fn changes(&self, since: Timestamp) -> anyhow::Result<Seen<Changes>> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut last: Vec<(i64, String)> = Vec::new();
        let found = self
            .lines(AUDIT, since, |line| {
                let event: Value =
                    serde_json::from_str(line.message.as_deref().unwrap_or_default())
                        .unwrap_or_default();
                let name = event.get("detail-type").and_then(Value::as_str).unwrap_or("other");
                *counts.entry(name.to_owned()).or_default() += 1;
                last.push((line.timestamp.unwrap_or_default(), change(&event)));
                last.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
                last.truncate(LAST_CHANGES);
            })
            .await?;
        if found == Lines::NoGroup {
            return Ok(Seen::Absent(format!("{AUDIT} is not there")));
        }
        let more = found == Lines::More;
        let counts = counts.into_iter();
        Ok(Seen::Known(Changes {
            counts: counts
                .map(|(name, count)| Named { name, count: Count { count, more } })
                .collect(),
            last: last.into_iter().map(|(_, line)| line).collect(),
        }))
    }

    /// Hands over each line of a group since then.
    async fn lines(
        &self,
        group: &str,
        since: Timestamp,
        mut take: impl FnMut(FilteredLogEvent),
    ) -> anyhow::Result<Lines> {
        let mut next = None;
        for _ in 0..LOG_CALLS {
            let request = self.logs.filter_log_events().log_group_name(group);
            let request = request.start_time(since.as_millisecond()).set_next_token(next);
            let page = match request.send().await {
                Ok(page) => page,
                Err(error) if error.code() == Some("ResourceNotFoundException") => {
                    return Ok(Lines::NoGroup);
                }
                Err(error) => {
                    return Err(error).with_context(|| format!("{group} cannot be read"));
                }
            };
            page.events.unwrap_or_default().into_iter().for_each(&mut take);
            next = page.next_token;
            if next.is_none() {
                return Ok(Lines::All);
            }
        }
        Ok(Lines::More)
    }

    async fn held(&self) -> anyhow::Result<Seen<Held>> {
        let hold = self.store.hold().await?;
        Ok(Seen::Known(Held {
            held: hold.held,
            since: hold.changed_at,
            by: hold.changed_by,
            reason: hold.reason,
        }))
    }

    async fn dead_letters(&self) -> anyhow::Result<Seen<Vec<Named>>> {
        let shelves = Shelf::ALL.map(|shelf| async move {
            let count = match shelf {
                Shelf::Bucket => self.batches().await?,
                _ => {
                    let url = shelves::queue_url(self.place, shelf)?;
                    let (visible, hidden) = shelves::length(&self.sqs, url).await?;
                    Count { count: visible + hidden, more: false }
                }
            };
            anyhow::Ok(Named { name: shelves::name(shelf).to_owned(), count })
        });
        Ok(Seen::Known(futures::future::try_join_all(shelves).await?))
    }

    async fn batches(&self) -> anyhow::Result<Count> {
        let bucket = shelves::bucket_name(self.place)?;
        let request = self.s3.list_objects_v2().bucket(bucket).prefix(shelves::BATCHES);
        let page = request.max_keys(OBJECTS).send().await;
        let page = page.context("the dead-letter bucket cannot be listed")?;
        let count = page.contents().len() as u64;
        Ok(Count { count, more: page.is_truncated().unwrap_or(false) })
    }
}

/// How many of a group's lines there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    All,
    More,
    NoGroup,
}

/// What is known of a source, whatever happened on the way to it.
async fn seen<T>(looking: impl Future<Output = anyhow::Result<Seen<T>>>) -> Seen<T> {
    match tokio::time::timeout(PATIENCE, looking).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(error)) => Seen::Away(format!("{error:#}")),
        Err(_) => Seen::Away(format!("nothing within {} s", PATIENCE.as_secs())),
    }
}

/// A change of status in a line.
fn change(event: &Value) -> String {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let of = |side: &str| {
        let names = ["booking_status", "status"];
        names.iter().find_map(|name| text(&format!("/detail/{side}/{name}"))).unwrap_or("?")
    };
    let what = ["/detail/booking_id", "/detail/flight_id"].into_iter().find_map(text);
    format!("{} {} → {}", what.unwrap_or("?"), of("old"), of("new"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn a_source_that_fails_is_away_and_no_error() {
        let failing = async { anyhow::bail!("refused") };
        assert_eq!(seen::<u32>(failing).await, Seen::Away("refused".into()));
        assert_eq!(seen(async { Ok(Seen::Known(7)) }).await, Seen::Known(7));
    }

    #[test]
    fn a_change_says_what_became_what() {
        let flight = json!({"detail-type": "flight.status_changed", "detail": {
            "flight_id": "SW1", "old": {"status": "SCHEDULED"}, "new": {"status": "DELAYED"}}});
        assert_eq!(change(&flight), "SW1 SCHEDULED → DELAYED");
        let booking = json!({"detail": {"booking_id": "B1", "flight_id": "SW1",
            "old": {"booking_status": "CONFIRMED"}, "new": {"booking_status": "NEEDS_REBOOKING"}}});
        assert_eq!(change(&booking), "B1 CONFIRMED → NEEDS_REBOOKING");
        assert_eq!(change(&json!({})), "? ? → ?");
    }
}
