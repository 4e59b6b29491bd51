//! Sending: as fast as is asked for, so many requests at once, each until it is acknowledged.

use crate::aep::bookings::Bookings;
use crate::aep::corrupt::Forgery;
use crate::aep::delivery::Delivery;
use crate::aep::readable;
use crate::aep::report::Report;
use crate::aep::sign::Signer;
use crate::aep::webhook::{Acknowledged, Forged, Webhook};
use crate::cli::SendOptions;
use crate::histogram::Histogram;
use crate::interrupt::Interrupt;
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

/// Bookings of refused requests that are looked for, at most.
const MOST_STRANGERS: usize = 1_000;

/// What came of a request.
enum Done {
    Acknowledged(Acknowledged, Vec<Pnr>),
    Forged(Forgery, u16, Vec<Pnr>),
}

/// A run under way.
pub(super) struct Sending {
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

impl Sending {
    /// Nothing is sent yet. `tell` is told of each booking of the sample that is acknowledged.
    pub(super) fn new(
        webhook: Webhook,
        signer: Arc<Signer>,
        tell: UnboundedSender<readable::Acknowledged>,
    ) -> Self {
        Self {
            webhook: Arc::new(webhook),
            signer,
            under_way: JoinSet::new(),
            tell,
            began: Instant::now(),
            latencies: Histogram::default(),
            strangers: Vec::new(),
            forged: 0,
        }
    }

    /// The end: nobody is told any more. Answers with the bookings that must not be there.
    pub(super) fn end(self, report: &mut Report) -> Vec<Pnr> {
        report.acknowledged = self.latencies.summary();
        self.strangers
    }

    /// Sends everything and waits until it is acknowledged.
    pub(super) async fn all(
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
