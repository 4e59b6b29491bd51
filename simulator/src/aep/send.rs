//! `aep send`: from the plan to the verdict.

mod sending;

use super::bookings::{Bookings, Sent, Way};
use super::delivery::{Astray, Delivery};
use super::dry;
use super::readable::{self, Readable};
use super::report::{Report, Sample};
use super::sources::Keeper;
use super::truth::Truth;
use super::verify::{self, Examples};
use super::webhook::{PATH, Webhook};
use crate::cli::{SendOptions, Shelf};
use crate::dlq::{self, shelves};
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::Totals;
use flightpulse_store::dynamo::DynamoStore;
use sending::Sending;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Bookings that are waited for one by one, about.
const SAMPLE: u32 = 500;
/// How often it is looked whether all is there.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Does it; answers whether all is as it must be.
pub(super) async fn run(aws: bool, options: &SendOptions) -> anyhow::Result<bool> {
    let place = Place::find(aws).await?;
    let bookings = Bookings::of(&options.plan)?.by(Way::Stream, Some(options.lose), 0);
    if !options.dry_run {
        Sent::of(&bookings).keep()?;
    }
    let Some(report) = play(&place, &bookings, options, options.json).await? else {
        return Ok(true);
    };
    if options.json {
        terminal::line(serde_json::to_string_pretty(&report)?);
    } else {
        report.lines().iter().for_each(terminal::line);
    }
    Ok(report.passed)
}

/// Sends them and holds what came of them against what was sent; none where it only said what it
/// would send. Says what it does unless it is to be `quiet`.
pub(super) async fn play(
    place: &Place,
    bookings: &Bookings,
    options: &SendOptions,
    quiet: bool,
) -> anyhow::Result<Option<Report>> {
    let signer = Arc::new(Keeper::at(place)?.read().await?.signer(&options.sender)?);
    let webhook = Webhook::new(format!("{}{PATH}", place.api()?))?;
    let truth = Truth::of(bookings)?;
    let astray = Astray {
        duplicates: options.duplicates,
        out_of_order: options.out_of_order,
        corrupt: options.corrupt,
    };
    let shape = (options.batch as usize, bookings.count / SAMPLE, options.prefixed);
    let mut delivery = Delivery::new(bookings, &signer, astray, shape);
    if options.dry_run {
        dry::run(&webhook.url, &signer, bookings, &truth, delivery, options.json)?;
        return Ok(None);
    }
    let mut report = Report {
        run: bookings.run.id().to_owned(),
        seed: bookings.seed,
        scheme: signer.scheme.name(),
        bookings: bookings.count,
        flights: bookings.flights.len() as u32,
        ..Report::default()
    };
    if !quiet {
        terminal::line(format_args!(
            "aep send {}: {} bookings, {} events, over {} flights, seed {}, signed {}",
            report.run, report.bookings, truth.events, report.flights, report.seed, report.scheme
        ));
    }
    let interrupt = Interrupt::listen();
    let patience = Duration::from_secs(options.drain_seconds);
    let mut trial = Trial::begin(place, bookings, &truth, patience, interrupt).await?;
    let (tell, acknowledged) = mpsc::unbounded_channel();
    let mut sending = Sending::new(webhook, Arc::clone(&signer), tell);
    let sent = async {
        let stopped = &trial.interrupt;
        sending.all(&mut delivery, bookings, options, stopped, &mut report).await?;
        // Nothing more is acknowledged: the watch may end.
        Ok::<_, Stop>((sending.end(&mut report), Instant::now()))
    };
    let watching = async { Ok(trial.watch(acknowledged).await) };
    let ((strangers, ended), readable) = tokio::try_join!(sent, watching)?;
    report.sent = delivery.counts();
    report.readable =
        Sample { count: readable.count, left: readable.left, times: readable.times.summary() };
    report.settled_seconds = trial.settle(ended).await?;
    if trial.interrupt.is_asked() {
        let events = report.sent.events;
        let why = format!("stopped after {events} events, which were not held against the plan");
        return Err(Stop::Interrupted(why).into());
    }
    trial.hold(&delivery, &strangers, &mut report).await?;
    Ok(Some(report))
}

/// A run, and what the stack had before it.
struct Trial<'a> {
    place: &'a Place,
    store: DynamoStore,
    bookings: &'a Bookings,
    truth: &'a Truth,
    before: HashMap<FlightId, Totals>,
    given_up: u64,
    /// How long is waited for what was sent.
    patience: Duration,
    interrupt: Interrupt,
}

impl<'a> Trial<'a> {
    async fn begin(
        place: &'a Place,
        bookings: &'a Bookings,
        truth: &'a Truth,
        patience: Duration,
        interrupt: Interrupt,
    ) -> anyhow::Result<Self> {
        let client = aws_sdk_dynamodb::Client::new(&place.sdk);
        let store = DynamoStore::new(client, &place.outputs.table_name);
        let before = verify::totals(&store, bookings).await?;
        let given_up = given_up(place).await?;
        Ok(Self { place, store, bookings, truth, before, given_up, patience, interrupt })
    }

    /// How long it takes from an acknowledgement to a readable record.
    async fn watch(
        &self,
        acknowledged: mpsc::UnboundedReceiver<readable::Acknowledged>,
    ) -> Readable {
        let mut interrupt = self.interrupt.clone();
        tokio::select! {
            readable = readable::watch(&self.store, acknowledged, self.patience) => readable,
            () = interrupt.asked() => Readable::default(),
        }
    }

    /// Waits until the totals of all flights are as they must be and nothing waits for the worker;
    /// says how long after `ended` that was, none when it was not by the deadline.
    async fn settle(&mut self, ended: Instant) -> anyhow::Result<Option<f64>> {
        let sqs = aws_sdk_sqs::Client::new(&self.place.sdk);
        loop {
            let now = verify::totals(&self.store, self.bookings).await?;
            let all = verify::wrong_totals(&self.before, self.truth, &now).is_empty();
            let took = ended.elapsed();
            let waiting = match &self.place.outputs.booking_queue_url {
                Some(queue) if all => shelves::length(&sqs, queue).await?,
                _ => (0, 0),
            };
            if all && waiting == (0, 0) {
                return Ok(Some(took.as_secs_f64()));
            }
            if took >= self.patience || self.interrupt.is_asked() {
                return Ok(None);
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = self.interrupt.asked() => {}
            }
        }
    }

    /// Holds what is there against what must be there.
    async fn hold(
        &self,
        delivery: &Delivery<'_>,
        strangers: &[Pnr],
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let (store, bookings, truth) = (&self.store, self.bookings, self.truth);
        let mut faults = Examples::default();
        report.records = verify::records(store, bookings, truth, &mut faults).await?;
        let now = verify::totals(store, bookings).await?;
        let wrong = verify::wrong_totals(&self.before, truth, &now);
        wrong.iter().for_each(|flight| faults.add(|| format!("{flight}: its totals are wrong")));
        let flights = truth.flights.len() as u64;
        report.totals = (flights, flights - wrong.len() as u64);
        // Where a record is missing, its event may be there, with the reason.
        if report.sent.corrupt > 0 || report.records.exact < report.records.expected {
            let letters = dlq::booking_events(self.place).await?;
            report.dead_letters =
                verify::letters(bookings, delivery.spoilt(), &letters, &mut faults);
        }
        report.believed = verify::there(store, strangers).await?;
        report.given_up = given_up(self.place).await?.saturating_sub(self.given_up);
        report.faults = faults.0;
        report.passed = report.verdict();
        Ok(())
    }
}

/// Messages among the dead letters of the worker's queue.
async fn given_up(place: &Place) -> anyhow::Result<u64> {
    let sqs = aws_sdk_sqs::Client::new(&place.sdk);
    let url = shelves::queue_url(place, Shelf::BookingDeadLetters)?;
    let (there, hidden) = shelves::length(&sqs, url).await?;
    Ok(there + hidden)
}
