//! Playing a scenario: seed, write, look until it has come to rest, judge.

use super::follow;
use super::observation::{FlightSeen, Sent, Whole};
use super::report::Report;
use super::script::{Plan, Script};
use super::timeline::Timeline;
use crate::cli::ScenarioOptions;
use crate::clients::{Api, ModelUse};
use crate::kafka::RecordAt;
use crate::place::Place;
use crate::producer::{NewRecord, Producer};
use crate::sample::Sample;
use crate::seed;
use crate::watch::{self, About, Watch};
use flightpulse_domain::ids::FlightId;
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How far before the records the search in logs and executions begins: clocks differ.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Where scenarios are run.
pub(super) struct Stage {
    pub(super) place: Place,
    pub(super) producer: Producer,
    pub(super) api: Api,
}

impl Stage {
    /// Plays one scenario and judges it.
    pub(super) async fn play(
        &self,
        script: &Script,
        options: &ScenarioOptions,
    ) -> anyhow::Result<Report> {
        let place = &self.place;
        let mut timeline = Timeline::start(!options.json, script.title());
        if !options.no_seed {
            let sample = Sample::on(seed::today())?;
            seed::write(place, &sample).await?;
            timeline.seeded(&place.outputs.table_name, &seed::summary(&sample));
        }
        let flights = script.flights();
        let patience = options.timeout_seconds.map_or(script.patience(), Duration::from_secs);
        if let (Some(feed), [flight]) = (script.feed(), flights.as_slice()) {
            self.book(feed, flight, patience, &mut timeline).await?;
        }
        let before = self.flights("before", &flights, &mut timeline).await?;
        let used_before = ModelUse::read(place.endpoint.as_deref()).await;

        let now = Timestamp::now();
        let plan = script.plan(now)?;
        let bookings = self.bookings(&flights).await?;
        let records = self.write(&plan).await?;
        let sent = sent(&plan, &records);
        timeline.sent(&plan, &records);

        let about = About {
            events: sent.iter().map(|one| (one.event_id.clone(), one.flight_id.clone())).collect(),
            correlation_id: plan.correlation_id,
            records,
            since: now - CLOCK_TOLERANCE,
            rebooked: script.rebooked(),
        };
        let statuses: Vec<_> = bookings.iter().map(|one| one.statuses().clone()).collect();
        let mut watch = Watch::new(place, &about, bookings);
        let aws = place.endpoint.is_none();
        follow::until_settled(&mut watch, script, &sent, &mut timeline, patience, aws).await?;

        let after = self.flights("after", &flights, &mut timeline).await?;
        let operations = match (script.feed(), flights.as_slice()) {
            (Some(_), [flight]) => self.operations(flight).await?,
            _ => Value::Null,
        };
        let used = ModelUse::read(place.endpoint.as_deref()).await;
        // Read anew, whatever was seen meanwhile.
        let bookings = self.bookings(&flights).await?;
        let seen = before.into_iter().zip(after).zip(statuses).zip(&bookings);
        let seen = seen.map(|(((before, after), bookings_before), now)| FlightSeen {
            before,
            after,
            bookings_before,
            bookings_after: now.statuses().clone(),
            operations: operations.clone(),
        });
        let ids = flights.iter().map(|id| (*id).to_owned());
        let observed = Whole {
            events: sent,
            flights: ids.zip(seen).collect::<BTreeMap<_, _>>(),
            model: used.zip(used_before).map(|(after, before)| after.since(before)),
            seen: watch.into_seen(),
        };
        let verdict = script.judge(&observed);
        Ok(Report::new(script, timeline, observed, verdict))
    }

    async fn flights(
        &self,
        when: &str,
        ids: &[&str],
        timeline: &mut Timeline,
    ) -> anyhow::Result<Vec<Value>> {
        let flights = try_join_all(ids.iter().map(|id| self.api.flight(id))).await?;
        flights.iter().for_each(|flight| timeline.flight(when, flight));
        Ok(flights)
    }

    async fn bookings(&self, flights: &[&str]) -> anyhow::Result<Vec<watch::Bookings>> {
        try_join_all(
            flights.iter().map(|id| async move {
                watch::Bookings::now(&self.place, &FlightId::new(*id)?).await
            }),
        )
        .await
    }

    async fn write(&self, plan: &Plan) -> anyhow::Result<Vec<RecordAt>> {
        let values: Vec<_> =
            plan.events.iter().map(|one| one.event.value.to_string().into_bytes()).collect();
        let records = plan.writes.iter().map(|at| NewRecord {
            key: Some(plan.events[*at].event.flight_id.as_str()),
            value: &values[*at],
            correlation_id: &plan.correlation_id,
        });
        Ok(self.producer.write_all(&records.collect::<Vec<_>>()).await?)
    }
}

fn sent(plan: &Plan, records: &[RecordAt]) -> Vec<Sent> {
    let of = |at: usize| plan.writes.iter().zip(records).filter(move |(one, _)| **one == at);
    let sent = plan.events.iter().enumerate().map(|(at, one)| Sent {
        name: one.name.clone(),
        event_id: one.event.event_id.to_string(),
        flight_id: one.event.flight_id.to_string(),
        seconds_ago: one.seconds_ago,
        records: of(at).map(|(_, record)| record.clone()).collect(),
    });
    sent.collect()
}
