//! Asking a stack what came of a history.

use super::history::History;
use super::report::Report;
use super::verdict::{Found, Verdict};
use super::{executions, letters, readers};
use crate::cli::VerifyOptions;
use crate::clients::Api;
use crate::place::Place;
use crate::scenario::Line;
use crate::stop::Stop;
use crate::terminal;
use crate::watch::{News, Notifications};
use anyhow::Context;
use flightpulse_domain::ids::{BookingId, EventId, FlightId, PassengerId};
use flightpulse_store::dynamo::DynamoStore;
use flightpulse_store::{BookingReader, EventClaimReader, FlightReader};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Between two questions to the API, which takes 50 a second.
const APART: Duration = Duration::from_millis(25);
/// How long no line may have come before the logs are taken for whole: the bus takes moments.
const NO_MORE: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Does it; answers whether all is as the model has it.
pub(super) async fn run(aws: bool, options: &VerifyOptions) -> anyhow::Result<bool> {
    if options.history.run.is_none() {
        return Err(Stop::Usage("which history? --run, as play has said it".into()).into());
    }
    let history = History::of(&options.history)?;
    let place = Place::find(aws).await?;
    let (lines, unreadable) = lines(&place, &history).await?;
    let read = readers::read(&history, &lines);
    let correlation = history.correlation();
    let ended = executions::ended(&place, history.began, &correlation).await?;
    let letters = letters::look(&place, &history).await?;
    let found = found(&place, &history).await?;
    let mut report = Report::of(&history, &ended, &read);
    report.verdict = Verdict::of(&history, &found, &ended, read, letters);
    report.verdict.unexpected.extend(unreadable);
    if options.json {
        terminal::line(serde_json::to_string_pretty(&report)?);
    } else {
        report.lines().iter().for_each(terminal::line);
    }
    Ok(report.verdict.is_good())
}

/// The lines of the logs, in their order, and what cannot be read of them.
async fn lines(place: &Place, history: &History) -> anyhow::Result<(Vec<Line>, Vec<String>)> {
    let mut logs = Notifications::of(place, &history.correlation(), history.began);
    let (mut lines, mut unreadable, mut since) = (Vec::new(), Vec::new(), Instant::now());
    while since.elapsed() < NO_MORE {
        let found = logs.look().await?;
        if !found.is_empty() {
            since = Instant::now();
        }
        for news in found {
            match news {
                News::Told(line) => lines.push(*line),
                News::Unreadable(line) => unreadable.push(line),
                _ => {}
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    lines.sort_by_key(|line| line.at_ms);
    Ok((lines, unreadable))
}

async fn found(place: &Place, history: &History) -> anyhow::Result<Found> {
    let store =
        DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &place.outputs.table_name);
    let flights: Vec<FlightId> = history.flights.iter().map(|one| one.flight_id.clone()).collect();
    let events = flights.iter().zip(&history.script.said);
    let events: Vec<(EventId, FlightId)> = events
        .flat_map(|(flight, said)| {
            said.iter().map(|one| (one.version.event_id().clone(), flight.clone()))
        })
        .collect();
    let bookings: Vec<(BookingId, PassengerId)> =
        history.bookings().map(|one| (one.booking_id.clone(), one.passenger_id.clone())).collect();
    let records = store.booking_records(&bookings).await.context("the bookings cannot be read")?;
    let bookings = records.into_iter().filter_map(|record| record.booking);
    let api = Api::new(place.api()?);
    let mut answers = HashMap::new();
    for flight in &flights {
        answers.insert(flight.clone(), api.flight(flight.as_str()).await?);
        tokio::time::sleep(APART).await;
    }
    Ok(Found {
        claims: store.event_claims(&events).await.context("the claims cannot be read")?,
        flights: store.flights(&flights).await.context("the flights cannot be read")?,
        api: answers,
        bookings: bookings.map(|booking| (booking.booking_id.clone(), booking)).collect(),
    })
}
