//! `scenario`: a disruption from the Kafka record to the passengers' messages, with a verdict.

mod expectations;
mod follow;
mod judge;
mod observation;
mod report;
mod timeline;

pub(crate) use observation::{Execution, Line, Seen};

use crate::cli::ScenarioOptions;
use crate::clients::{Api, ModelUse};
use crate::operations::NewEvent;
use crate::place::{self, Place};
use crate::sample::Sample;
use crate::watch::Watch;
use crate::{kafka, seed};
use expectations::Expectations;
use jiff::{SignedDuration, Timestamp};
use observation::Observation;
use report::Report;
use std::time::Duration;
use timeline::Timeline;

/// How far before the record the search in logs and executions begins: clocks differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Runs it; answers whether it passed.
pub(crate) async fn run(aws: bool, options: &ScenarioOptions) -> anyhow::Result<bool> {
    let expected = Expectations::of(options.number)?;
    let place = Place::find(aws).await?;
    let brokers = place::brokers(options.brokers.as_deref(), aws)?;
    let api = Api::new(place.api()?);
    let flight = expected.flight_id();

    let mut timeline = Timeline::start(!options.json, &expected.title);
    if !options.no_seed {
        let sample = Sample::on(seed::today())?;
        seed::write(&place, &sample).await?;
        timeline.seeded(&place.outputs.table_name, &seed::summary(&sample));
    }
    let before = api.flight(flight).await?;
    timeline.flight("before", &before);
    let used_before = ModelUse::read(place.endpoint.as_deref()).await;

    let now = Timestamp::now();
    let event = NewEvent::new(expected.event_type(), &expected.payload(), None, now, now)?;
    let value = event.value.to_string();
    let key = event.flight_id.as_str();
    let id = event.event_id.as_str();
    let record = kafka::write(&brokers, Some(key), value.as_bytes(), id).await?;
    timeline.record(&record, &event);

    let mut watch = Watch::new(&place, &event.event_id, &record, now - CLOCK_TOLERANCE);
    let patience = Duration::from_secs(options.timeout_seconds);
    follow::until_settled(&mut watch, &expected, &mut timeline, patience, place.endpoint.is_none())
        .await?;

    let after = api.flight(flight).await?;
    timeline.flight("after", &after);
    let used = ModelUse::read(place.endpoint.as_deref()).await;
    let observation = Observation {
        event_id: event.event_id.to_string(),
        record,
        flight_before: before,
        flight_after: after,
        model: used.zip(used_before).map(|(after, before)| after.since(before)),
        seen: watch.into_seen(),
    };
    let verdict = judge::judge(&expected, &observation);
    let report = Report::new(&expected, timeline, observation, verdict);
    report.write(options.json)?;
    Ok(report.passed)
}
