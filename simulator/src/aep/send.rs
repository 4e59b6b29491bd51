//! `aep send`: from the plan to the verdict.

use super::bookings::{Bookings, Run};
use super::corrupt::Forgery;
use super::delivery::{Astray, Delivery};
use super::dry;
use super::readable::{self, Readable};
use super::report::{Report, Sample};
use super::sign::Signer;
use super::sources::Keeper;
use super::truth::Truth;
use super::verify::{self, Examples};
use super::webhook::{Acknowledged, Forged, PATH, Webhook};
use crate::cli::{SendOptions, Shelf};
use crate::dlq;
use crate::dlq::shelves;
use crate::histogram::Histogram;
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::seed;
use crate::stop::Stop;
use crate::terminal;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::Totals;
use flightpulse_store::dynamo::DynamoStore;
use jiff::{Timestamp, ToSpan};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinSet;

/// Bookings that are waited for one by one, about.
const SAMPLE: u32 = 500;
/// How often it is looked whether all is there.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Bookings of refused requests that are looked for, at most.
const MOST_STRANGERS: usize = 1_000;

/// What came of a request.
enum Done {
    Acknowledged(Acknowledged, Vec<Pnr>),
    Forged(Forgery, u16, Vec<Pnr>),
}

/// A run under way.
struct Sending {
    webhook: Arc<Webhook>,
    signer: Arc<Signer>,
    under_way: JoinSet<Result<Done, Stop>>,
    tell: UnboundedSender<readable::Acknowledged>,
    began: Instant,
    latencies: Histogram,
    strangers: Vec<Pnr>,
    /// Requests that must be refused, so far.
    forged: u32,
}

/// Does it; answers whether all is as it must be.
pub(super) async fn run(aws: bool, options: &SendOptions) -> anyhow::Result<bool> {
    let place = Place::find(aws).await?;
    let signer = Arc::new(Keeper::at(&place)?.read().await?.signer(&options.sender)?);
    let webhook = Arc::new(Webhook::new(format!("{}{PATH}", place.api()?))?);
    let run = options.run.clone().unwrap_or_else(Run::fresh);
    let date = options.date.map_or_else(|| seed::today().checked_add(1.day()), Ok)?;
    let (count, flights) = (options.bookings, options.flights);
    let now = Timestamp::now();
    let bookings = Bookings::plan(run, options.seed, count, flights, date, now)?;
    let truth = Truth::of(&bookings)?;
    let astray = Astray {
        duplicates: options.duplicates,
        out_of_order: options.out_of_order,
        corrupt: options.corrupt,
    };
    let shape = (options.batch as usize, count / SAMPLE, options.prefixed);
    let mut delivery = Delivery::new(&bookings, &signer, astray, shape);
    if options.dry_run {
        dry::run(&webhook.url, &signer, &bookings, &truth, delivery, options.json)?;
        return Ok(true);
    }
    let store =
        DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &place.outputs.table_name);
    let before = verify::totals(&store, &bookings).await?;
    let given_up = given_up(&place).await?;
    if !options.json {
        terminal::line(format_args!(
            "aep send {}: {count} bookings, {} events, over {} flights, seed {}, signed {}",
            bookings.run.id(),
            truth.events,
            bookings.flights.len(),
            options.seed,
            signer.scheme.name()
        ));
    }
    let mut report = Report {
        run: bookings.run.id().to_owned(),
        seed: options.seed,
        scheme: signer.scheme.name(),
        bookings: count,
        flights: options.flights,
        ..Report::default()
    };
    let interrupt = Interrupt::listen();
    let patience = Duration::from_secs(options.drain_seconds);
    let (tell, acknowledged) = mpsc::unbounded_channel();
    let mut sending = Sending {
        webhook,
        signer: Arc::clone(&signer),
        under_way: JoinSet::new(),
        tell,
        began: Instant::now(),
        latencies: Histogram::default(),
        strangers: Vec::new(),
        forged: 0,
    };
    let mut stopped = interrupt.clone();
    let watching = async {
        tokio::select! {
            readable = readable::watch(&store, acknowledged, patience) => readable,
            () = stopped.asked() => Readable::default(),
        }
    };
    let sent = async {
        let sent = sending.all(&mut delivery, &bookings, options, &interrupt, &mut report).await;
        // Nothing more is acknowledged: the watch may end.
        let Sending { latencies, strangers, tell, .. } = sending;
        drop(tell);
        report.acknowledged = latencies.summary();
        sent.map(|()| (strangers, Instant::now()))
    };
    let (sent, readable) = tokio::join!(sent, watching);
    let (strangers, ended) = sent?;
    if interrupt.is_asked() {
        let sent = delivery.counts().events;
        return Err(Stop::Interrupted(format!(
            "stopped after {sent} events; none were held against the plan"
        ))
        .into());
    }
    let Readable { times, count, left } = readable;
    report.readable = Sample { count, left, times: times.summary() };
    report.sent = delivery.counts();
    report.settled_seconds =
        settle(&place, &store, &bookings, &truth, &before, (ended, patience)).await?;
    let mut faults = Examples::default();
    report.records = verify::records(&store, &bookings, &truth, &mut faults).await?;
    let now = verify::totals(&store, &bookings).await?;
    let wrong = verify::wrong_totals(&before, &truth, &now);
    wrong.iter().for_each(|flight| faults.add(|| format!("{flight}: its totals are wrong")));
    report.totals = (truth.flights.len() as u64, (truth.flights.len() - wrong.len()) as u64);
    if options.corrupt > 0 {
        let letters = dlq::booking_events(&place).await?;
        report.dead_letters = verify::letters(&bookings, delivery.spoilt(), &letters, &mut faults);
        report.believed = verify::there(&store, &strangers).await?;
    }
    report.given_up = self::given_up(&place).await?.saturating_sub(given_up);
    report.faults = faults.0;
    report.passed = report.verdict();
    if options.json {
        terminal::line(serde_json::to_string_pretty(&report)?);
    } else {
        report.lines().iter().for_each(terminal::line);
    }
    Ok(report.passed)
}

impl Sending {
    /// Sends everything and waits until it is acknowledged.
    async fn all(
        &mut self,
        delivery: &mut Delivery<'_>,
        bookings: &Bookings,
        options: &SendOptions,
        interrupt: &Interrupt,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let mut requests = 0_u32;
        let mut booked = 0_u32;
        while let Some(batch) = delivery.next()? {
            if interrupt.is_asked() {
                return Ok(());
            }
            if options.rate > 0 {
                // By the clock and not by the request before: what was late once is caught up with.
                let due = f64::from(booked) / f64::from(options.rate);
                tokio::time::sleep_until((self.began + Duration::from_secs_f64(due)).into()).await;
            }
            booked = batch.bookings;
            self.make_room(options.under_way as usize, report).await?;
            let (webhook, signer) = (Arc::clone(&self.webhook), Arc::clone(&self.signer));
            self.under_way.spawn(async move {
                let acknowledged = webhook.deliver(&signer, &batch.body).await?;
                Ok(Done::Acknowledged(acknowledged, batch.samples))
            });
            requests += 1;
            // Of a hundred, so many.
            if requests * options.corrupt / 100 > (requests - 1) * options.corrupt / 100 {
                self.forge(bookings)?;
            }
        }
        // Each kind once at least.
        while options.corrupt > 0 && (self.forged as usize) < self.forgeries().len() {
            self.forge(bookings)?;
        }
        self.make_room(1, report).await?;
        report.booked = booked;
        Ok(())
    }

    fn forgeries(&self) -> &'static [Forgery] {
        Forgery::of(self.signer.scheme)
    }

    fn forge(&mut self, bookings: &Bookings) -> Result<(), Stop> {
        let kinds = self.forgeries();
        let how = kinds[self.forged as usize % kinds.len()];
        let now = Timestamp::now();
        let forged = Forged::new(how, self.forged, bookings, &self.signer, now)?;
        self.forged += 1;
        let webhook = Arc::clone(&self.webhook);
        self.under_way.spawn(async move {
            let status = webhook.forge(&forged).await?;
            Ok(Done::Forged(forged.how, status, forged.pnrs))
        });
        Ok(())
    }

    /// Takes answers until fewer than so many requests are under way.
    async fn make_room(&mut self, fewer_than: usize, report: &mut Report) -> Result<(), Stop> {
        loop {
            let done = if self.under_way.len() >= fewer_than {
                self.under_way.join_next().await
            } else {
                self.under_way.try_join_next()
            };
            let Some(done) = done else { return Ok(()) };
            let done = done.map_err(|error| Stop::CannotRun(error.to_string()))?;
            self.take(done?, report);
        }
    }

    fn take(&mut self, done: Done, report: &mut Report) {
        match done {
            Done::Acknowledged(Acknowledged { took, at, again }, samples) => {
                self.latencies.add(took);
                report.requests += 1;
                report.seconds = self.began.elapsed().as_secs_f64();
                report.again.throttled += again.throttled;
                report.again.unavailable += again.unavailable;
                report.again.failed += again.failed;
                // Nobody listens any more once it was interrupted.
                samples.into_iter().for_each(|pnr| drop(self.tell.send((pnr, at))));
            }
            Done::Forged(how, status, pnrs) => {
                let (sent, refused) = report.refused.entry(how.name()).or_default();
                *sent += 1;
                *refused += u64::from(status == 401);
                let room = MOST_STRANGERS.saturating_sub(self.strangers.len());
                self.strangers.extend(pnrs.into_iter().take(room));
            }
        }
    }
}

/// Waits until the totals of all flights are as they must be and nothing waits for the worker; says
/// how long that took, none when it was not by the deadline.
async fn settle(
    place: &Place,
    store: &DynamoStore,
    bookings: &Bookings,
    truth: &Truth,
    before: &HashMap<FlightId, Totals>,
    (since, patience): (Instant, Duration),
) -> anyhow::Result<Option<f64>> {
    let sqs = aws_sdk_sqs::Client::new(&place.sdk);
    loop {
        let now = verify::totals(store, bookings).await?;
        let all = verify::wrong_totals(before, truth, &now).is_empty();
        let took = since.elapsed().as_secs_f64();
        let waiting = match &place.outputs.booking_queue_url {
            Some(queue) if all => shelves::length(&sqs, queue).await?,
            _ => (0, 0),
        };
        if all && waiting == (0, 0) {
            return Ok(Some(took));
        }
        if since.elapsed() >= patience {
            return Ok(None);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Messages among the dead letters of the worker's queue.
async fn given_up(place: &Place) -> anyhow::Result<u64> {
    let sqs = aws_sdk_sqs::Client::new(&place.sdk);
    let url = shelves::queue_url(place, Shelf::BookingDeadLetters)?;
    let (there, hidden) = shelves::length(&sqs, url).await?;
    Ok(there + hidden)
}
