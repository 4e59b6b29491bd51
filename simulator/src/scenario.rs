//! `scenario`: a disruption from the Kafka record to the passengers' messages, with a verdict.

mod expectations;
mod follow;
mod judge;
mod observation;
mod report;
mod timeline;

pub(crate) use observation::{Bookings, Execution, Line, Seen};

use crate::cli::{ScenarioOptions, Which};
use crate::clients::{Api, ModelUse};
use crate::operations::NewEvent;
use crate::place::{self, Place};
use crate::sample::Sample;
use crate::watch::{self, About, Watch};
use crate::{kafka, seed, terminal};
use expectations::Expectations;
use jiff::{SignedDuration, Timestamp};
use observation::Observation;
use report::{Report, Summary};
use std::time::Duration;
use timeline::Timeline;

/// How far before the record the search in logs and executions begins: clocks differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Where scenarios are run.
struct Stage {
    place: Place,
    brokers: String,
    api: Api,
}

/// Runs what was asked; answers whether it passed.
pub(crate) async fn run(aws: bool, options: &ScenarioOptions) -> anyhow::Result<bool> {
    let numbers = match options.which {
        Which::One(number) => vec![number],
        Which::All => expectations::NUMBERS.to_vec(),
    };
    let expected = numbers.into_iter().map(Expectations::of).collect::<Result<Vec<_>, _>>()?;
    let place = Place::find(aws).await?;
    let brokers = place::brokers(options.brokers.as_deref(), aws)?;
    let api = Api::new(place.api()?);
    let stage = Stage { place, brokers, api };
    let mut reports = Vec::new();
    for expected in &expected {
        if !options.json && !reports.is_empty() {
            terminal::line("");
        }
        let report = stage.play(expected, options).await?;
        if !options.json {
            report.lines().iter().for_each(terminal::line);
        }
        reports.push(report);
    }
    match (options.which, reports.as_slice()) {
        (Which::One(_), [report]) => {
            if options.json {
                terminal::line(serde_json::to_string_pretty(report)?);
            }
            Ok(report.passed)
        }
        _ => {
            let summary = Summary::new(reports);
            if options.json {
                terminal::line(serde_json::to_string_pretty(&summary)?);
            } else {
                summary.lines().iter().for_each(terminal::line);
            }
            Ok(summary.passed)
        }
    }
}

impl Stage {
    /// Plays one scenario and judges it.
    async fn play(
        &self,
        expected: &Expectations,
        options: &ScenarioOptions,
    ) -> anyhow::Result<Report> {
        let Self { place, brokers, api } = self;
        let flight = expected.flight_id();
        let mut timeline = Timeline::start(!options.json, &expected.title);
        if !options.no_seed {
            let sample = Sample::on(seed::today())?;
            seed::write(place, &sample).await?;
            timeline.seeded(&place.outputs.table_name, &seed::summary(&sample));
        }
        let before = api.flight(flight).await?;
        timeline.flight("before", &before);
        let used_before = ModelUse::read(place.endpoint.as_deref()).await;

        let now = Timestamp::now();
        let event = NewEvent::new(expected.event_type(), &expected.payload(), None, now, now)?;
        let bookings = watch::Bookings::now(place, &event.flight_id).await?;
        let bookings_before = bookings.statuses().clone();
        let value = event.value.to_string();
        let (key, id) = (event.flight_id.as_str(), event.event_id.as_str());
        let record = kafka::write(brokers, Some(key), value.as_bytes(), id).await?;
        timeline.record(&record, &event);

        let about = About {
            event_id: &event.event_id,
            record: &record,
            since: now - CLOCK_TOLERANCE,
            rebooked: expected.rebooked().len(),
        };
        let mut watch = Watch::new(place, about, bookings);
        let patience = Duration::from_secs(options.timeout_seconds);
        let aws = place.endpoint.is_none();
        follow::until_settled(&mut watch, expected, &mut timeline, patience, aws).await?;

        let after = api.flight(flight).await?;
        timeline.flight("after", &after);
        let used = ModelUse::read(place.endpoint.as_deref()).await;
        let seen = watch.into_seen();
        // Read anew, whatever was seen meanwhile.
        let bookings = watch::Bookings::now(place, &event.flight_id).await?;
        let observation = Observation {
            event_id: event.event_id.to_string(),
            record,
            flight_before: before,
            flight_after: after,
            bookings_before,
            bookings_after: bookings.statuses().clone(),
            model: used.zip(used_before).map(|(after, before)| after.since(before)),
            seen,
        };
        let verdict = judge::judge(expected, &observation);
        Ok(Report::new(expected, timeline, observation, verdict))
    }
}
