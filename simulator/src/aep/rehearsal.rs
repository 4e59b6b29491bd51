//! A feed that loses some of its events and an export that brings them, step by step, for a scenario
//! that shows them.

use super::bookings::{Bookings, Run, Way};
use super::export::{Begun, Export, Report as ExportReport};
use super::report::Report as StreamReport;
use super::send;
use super::truth::Truth;
use super::verify::{self, Examples, Records};
use crate::cli::{
    Compression, ExportFormat, ExportOptions, PlanOptions, SendOptions, SenderOptions,
};
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::seed;
use crate::stop::Stop;
use flightpulse_store::dynamo::DynamoStore;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Flights are sold so many days ahead.
const DAYS: i64 = 300;

/// What is rehearsed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rehearsal {
    bookings: u32,
    flights: u32,
    seed: u32,
    /// Of a hundred events, so many are never sent, come twice, come late.
    pub(crate) lose: u32,
    duplicates: u32,
    out_of_order: u32,
    /// Files of the export, and rows of a row group.
    parts: u32,
    row_group_rows: u32,
}

/// A rehearsal with bookings of its own.
pub(crate) struct Staged {
    rehearsal: Rehearsal,
    bookings: Bookings,
    patience: Duration,
}

impl Rehearsal {
    /// With bookings that were not there before, on flights of a day of its own: what comes of another
    /// run meanwhile could otherwise pass for what comes of this one.
    pub(crate) fn staged(&self, patience: Duration) -> anyhow::Result<Staged> {
        let ahead = Timestamp::now().as_second().rem_euclid(DAYS) + 1;
        let date = Some(seed::today().checked_add(ahead.days())?);
        let plan = PlanOptions { run: Some(Run::fresh()), date, ..self.plan() };
        Ok(Staged { bookings: Bookings::of(&plan)?, rehearsal: self.clone(), patience })
    }

    fn plan(&self) -> PlanOptions {
        let Self { bookings, flights, seed, .. } = *self;
        PlanOptions { bookings, flights, seed, date: None, run: None, as_of: None }
    }
}

impl Staged {
    /// Sends what the stream does not lose, and holds what came of it against that.
    pub(crate) async fn stream(&self, place: &Place) -> anyhow::Result<StreamReport> {
        let Rehearsal { lose, duplicates, out_of_order, .. } = self.rehearsal;
        let options = SendOptions {
            plan: self.rehearsal.plan(),
            batch: 50,
            rate: 0,
            under_way: 16,
            duplicates,
            out_of_order,
            lose,
            corrupt: 0,
            prefixed: false,
            sender: SenderOptions::default(),
            drain_seconds: self.patience.as_secs(),
            dry_run: false,
            json: true,
        };
        let sent = self.bookings.by(Way::Stream, Some(lose), 0);
        let report = send::play(place, &sent, &options, true).await?;
        report.ok_or_else(|| Stop::CannotRun("nothing was sent".into()).into())
    }

    /// Holds the table against all that happened, as the airline knows it.
    pub(crate) async fn gap(&self, place: &Place) -> anyhow::Result<Records> {
        let all = self.bookings.by(Way::Either, Some(self.rehearsal.lose), 0);
        let mut examples = Examples::default();
        verify::records(&store(place), &all, &Truth::of(&all)?, &mut examples).await
    }

    /// The export of all that happened; `again` where it was made before.
    pub(crate) fn export(&self, again: bool) -> Result<Export, Stop> {
        let options = ExportOptions {
            plan: self.rehearsal.plan(),
            sent: false,
            format: ExportFormat::Parquet,
            compression: Compression::Gzip,
            parts: self.rehearsal.parts,
            row_group_rows: self.rehearsal.row_group_rows,
            repeat: 1,
            gaps: 0,
            spoilt: 0,
            lost: None,
            dataset: None,
            time: None,
            out: None,
            wait: true,
            again,
            drain_seconds: self.patience.as_secs(),
            dry_run: false,
            json: true,
        };
        Export::new(&self.bookings, Some(self.rehearsal.lose), &options)
    }

    /// Follows an export that was written until its files were reconciled, and holds what came of it.
    pub(crate) async fn follow(
        &self,
        place: &Place,
        export: &Export,
        begun: &Begun,
        report: &mut ExportReport,
    ) -> anyhow::Result<()> {
        let mut interrupt = Interrupt::listen();
        let mut held = export.reconciled(place, begun, &report.files, &mut interrupt).await?;
        export.hold(place, begun, &mut held).await?;
        report.held = Some(held);
        report.passed = report.verdict();
        Ok(())
    }

    /// What the bookings' seats have earned in the table, by currency, in minor units.
    pub(crate) async fn revenue(&self, place: &Place) -> anyhow::Result<BTreeMap<String, i64>> {
        let revenue = verify::revenue(&store(place), &self.bookings).await?;
        Ok(revenue.into_iter().map(|(one, units)| (one.code().to_owned(), units)).collect())
    }
}

/// What must come of a rehearsal, worked out from its plan.
#[cfg(test)]
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct WorkedOut {
    pub(crate) events: u64,
    pub(crate) lost: u64,
    pub(crate) reservations: super::Discrepancies,
    pub(crate) records: u64,
    pub(crate) missing: u64,
    pub(crate) wrong: u64,
    pub(crate) recovered: u64,
    pub(crate) revenue: BTreeMap<String, i64>,
}

#[cfg(test)]
impl Staged {
    pub(crate) fn worked_out(&self) -> WorkedOut {
        use super::truth::records;
        use flightpulse_domain::reservation::Feed;
        let by = |way| self.bookings.by(way, Some(self.rehearsal.lose), 0);
        let (all, stream) = (by(Way::Either), by(Way::Stream));
        let mut sum = WorkedOut::default();
        for number in 0..all.count {
            let (whole, some) = (all.booking(number).unwrap(), stream.booking(number).unwrap());
            sum.events += whole.events.len() as u64;
            sum.lost += u64::from(some.left_out);
            match some.events.len() {
                known if known == whole.events.len() => {}
                0 => sum.reservations.missing += 1,
                _ => sum.reservations.different += 1,
            }
            let known = records(&stream, &some);
            for record in records(&all, &whole) {
                let place = (&record.flight_id, &record.order);
                let before = known.iter().find(|one| (&one.flight_id, &one.order) == place);
                sum.records += 1;
                sum.recovered += u64::from(record.source == Feed::Reconciliation);
                sum.missing += u64::from(before.is_none());
                sum.wrong += u64::from(before.is_some_and(|before| *before != record));
                let back: i64 = record.refunded.iter().map(|money| money.minor_units).sum();
                let code = record.revenue.currency.code().to_owned();
                *sum.revenue.entry(code).or_default() += record.revenue.minor_units - back;
            }
        }
        sum
    }
}

fn store(place: &Place) -> DynamoStore {
    DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &place.outputs.table_name)
}
