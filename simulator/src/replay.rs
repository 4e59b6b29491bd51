//! `replay`: a real day of departures, as the events that an operations centre would have sent, and
//! what came of them held against the data.

mod airline;
mod day;
mod expected;
mod journal;
mod knowledge;
mod outcome;
mod pace;
mod plan;
mod report;
mod seeding;
mod source;
mod waiting;
mod writing;

use crate::cli::ReplayOptions;
use crate::interrupt::Interrupt;
use crate::place::{self, Place};
use crate::producer::Producer;
use crate::stop::Stop;
use crate::terminal;
use airline::Airline;
use anyhow::Context;
use day::Day;
use flightpulse_domain::delay::Reason;
use flightpulse_domain::ids::EventId;
use flightpulse_store::FlightReader;
use flightpulse_store::dynamo::DynamoStore;
use jiff::Timestamp;
use journal::{Journal, Run};
use knowledge::Event;
use outcome::Outcome;
use std::fs::OpenOptions;
use std::path::Path;
use uuid::Uuid;

/// Two files are the same data when they have the same hash under this name.
const DATA: Uuid = Uuid::from_u128(0x3b0f_7c54_a5b9_4f0e_9f61_6a1d_3c0e_8f27);

/// Everything that a replay needs to know and to reach.
struct Stage<'a> {
    place: Place,
    store: DynamoStore,
    producer: Producer,
    interrupt: Interrupt,
    day: &'a Day,
    events: &'a [Event],
    airline: &'a Airline<'a>,
    reason: Reason,
    /// So many seconds of the day in one of ours.
    speed: u32,
    /// Events that may be under way at once.
    under_way: u32,
    /// Whether nothing but the outcome is to be said on standard output.
    quiet: bool,
}

/// Does it; answers whether all came as the data set has it.
pub(crate) async fn run(aws: bool, options: &ReplayOptions) -> anyhow::Result<bool> {
    let (text, from) = source::find(options.date, options.data.as_deref())?;
    let day = Day::read(&text, options.date)
        .map_err(|unusable| Stop::Usage(format!("{from}: {unusable}")))?;
    let events = knowledge::of(&day);
    let airline = Airline::new(&day, options.seed);
    if options.dry_run {
        plan::show(&day, &events, &airline, options.json)?;
        return Ok(true);
    }
    let place = Place::find(aws).await?;
    let table = place.outputs.table_name.clone();
    let store = DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &table);
    let producer = Producer::find(&place, options.brokers.as_deref(), aws)?;
    producer.answers().await?;
    let wanted = Run {
        // By the clock: of two events of one time the id decides, and a later replay is the later word.
        id: format!("{:08x}", Timestamp::now().as_second()),
        date: day.date,
        seed: options.seed,
        data: Uuid::new_v5(&DATA, text.as_bytes()),
        place: format!("{table} at {}", place.endpoint.as_deref().unwrap_or("AWS")),
        began: Timestamp::now(),
    };
    let folder = place::state_directory().join("replay");
    let path = folder.join(format!("{}.jsonl", day.date));
    let mut journal = Journal::open(&path, &wanted, options.fresh)?;
    // A local cloud that was started anew has an empty table and knows nothing of what was begun.
    let first = &day.departures.first().context("a day has a departure")?.flight_id;
    if journal.goes_on() && store.flight(first).await.context("the table cannot be read")?.is_none()
    {
        drop(journal);
        journal = Journal::open(&path, &wanted, true)?;
    }
    let page = options.report.clone().unwrap_or_else(|| folder.join(format!("{}.html", day.date)));
    can_be_written(&page)?;
    let stage = Stage {
        place,
        store,
        producer,
        interrupt: Interrupt::listen(),
        day: &day,
        events: &events,
        airline: &airline,
        reason: knowledge::reason(&day),
        speed: options.speed,
        under_way: options.under_way,
        quiet: options.json,
    };
    let outcome = stage.play(&mut journal).await?;
    show(&outcome, options.json, &page)?;
    journal.finished()?;
    Ok(outcome.verdict.is_good())
}

impl Stage<'_> {
    /// From the first event that is not written to the end.
    async fn play(&self, journal: &mut Journal) -> anyhow::Result<Outcome> {
        if journal.goes_on() {
            let (written, all) = (journal.written.len(), self.events.len());
            self.say(format_args!("going on with a replay that was not finished: {written} of {all} events were written"));
        }
        self.seed(journal).await?;
        let ids = self.event_ids(&journal.run)?;
        let pace = self.write(journal, &ids).await?;
        self.outcome(journal, &ids, pace).await
    }

    /// The ids of the events: of the run, the flight, and which of the flight's events it is.
    fn event_ids(&self, run: &Run) -> anyhow::Result<Vec<EventId>> {
        let id = |event: &Event| {
            let flight = &self.day.departures[event.departure].flight_id;
            EventId::new(format!("replay-{}-{flight}-{}", run.id, event.nth))
        };
        Ok(self.events.iter().map(id).collect::<Result<_, _>>()?)
    }

    fn say(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            terminal::line(text);
        }
    }
}

/// What ties together all that a run sets off.
fn correlation(run: &Run) -> String {
    format!("replay-{}", run.id)
}

/// A report that cannot be written is better known before a day is replayed than after.
fn can_be_written(page: &Path) -> Result<(), Stop> {
    let folder = page.parent().map_or(Ok(()), std::fs::create_dir_all);
    let file = folder.and_then(|()| OpenOptions::new().create(true).append(true).open(page));
    file.map(drop)
        .map_err(|error| Stop::Usage(format!("{} cannot be written: {error}", page.display())))
}

fn show(outcome: &Outcome, json: bool, page: &Path) -> anyhow::Result<()> {
    if json {
        terminal::line(serde_json::to_string_pretty(outcome)?);
    } else {
        report::lines(outcome).iter().for_each(terminal::line);
    }
    let html = report::page(outcome)?;
    std::fs::write(page, html).with_context(|| format!("{} cannot be written", page.display()))?;
    if !json {
        terminal::line(format_args!("report: {}", page.display()));
    }
    Ok(())
}
