//! From the command line to the library's settings.

use std::sync::Arc;
use std::time::Duration;

use flightpulse_kafka_mapping::aws;
use flightpulse_kafka_mapping::batch::Limits;
use flightpulse_kafka_mapping::destination::{
    Destination, JsonLinesFile, KafkaTopic, Queue, S3Bucket, SnsTopic, Target,
};
use flightpulse_kafka_mapping::event::Source;
use flightpulse_kafka_mapping::filter::{Filters, QUOTA};
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::position::StartingPosition;
use flightpulse_kafka_mapping::retry::RetryPolicy;
use flightpulse_kafka_mapping::security::Security;
use tracing::warn;
use uuid::Uuid;

use crate::cli::{ServeOptions, Start};

/// The mapping's settings.
pub(crate) fn config(
    options: &ServeOptions,
    bootstrap_servers: String,
    security: Security,
) -> anyhow::Result<Config> {
    let max_record_age = u64::try_from(options.max_record_age_seconds).ok();
    let filters = Filters::parse(&options.filters)?;
    if filters.len() > QUOTA {
        warn!(filters = filters.len(), "on AWS more than {QUOTA} filters need a raised quota");
    }
    Ok(Config {
        source: Source { bootstrap_servers, event_source_arn: options.event_source_arn.clone() },
        security,
        topic: options.broker.topic.clone(),
        group: options.group.clone(),
        function: options.function.clone(),
        starting_position: match (options.starting_position, options.starting_position_timestamp) {
            (Start::TrimHorizon, None) => StartingPosition::TrimHorizon,
            (Start::Latest, None) => StartingPosition::Latest,
            (Start::AtTimestamp, Some(millis)) => StartingPosition::AtTimestamp(millis),
            _ => anyhow::bail!("--starting-position-timestamp goes with AT_TIMESTAMP only"),
        },
        filters,
        report_batch_item_failures: options.report_batch_item_failures,
        limits: Limits {
            max_records: options.batch_size as usize,
            window: Duration::from_millis(options.batching_window_ms),
            ..Limits::default()
        },
        retry: RetryPolicy {
            max_retries: u32::try_from(options.max_retries).ok(),
            max_record_age: max_record_age.map(Duration::from_secs),
            bisect_on_error: options.bisect_on_error,
            ..RetryPolicy::default()
        },
        max_concurrency: options.max_concurrency as usize,
        drain: Duration::from_secs(options.drain_seconds),
    })
}

/// Where records that are given up go.
pub(crate) async fn destination(
    options: &ServeOptions,
    config: &Config,
) -> anyhow::Result<Option<Arc<dyn Destination>>> {
    if let Some(path) = options.on_failure_file.clone() {
        return Ok(Some(Arc::new(JsonLinesFile(path))));
    }
    let Some(target) = options.on_failure.clone() else { return Ok(None) };
    Ok(Some(match target {
        Target::Kafka(topic) => {
            let servers = &config.source.bootstrap_servers;
            Arc::new(KafkaTopic::new(servers, &config.security, &topic, &config.topic)?)
        }
        Target::S3(bucket) => {
            let mapping = options.mapping_id.unwrap_or_else(|| mapping_id(config));
            Arc::new(S3Bucket::new(&aws::loader().load().await, bucket, mapping))
        }
        Target::Sqs { region, account, queue } => {
            Arc::new(Queue::new(&aws::loader().load().await, region, account, queue))
        }
        Target::Sns { region, arn } => {
            Arc::new(SnsTopic::new(&aws::loader().load().await, region, arn))
        }
    }))
}

/// The same for the same mapping, whenever it is started.
fn mapping_id(config: &Config) -> Uuid {
    let name = format!("{}/{}/{}", config.group, config.topic, config.function);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}
