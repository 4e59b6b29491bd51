//! `aep export`: from the plan to the files, and to what came of them.

mod layout;
mod outlet;
mod part;
mod report;
mod rows;
mod runs;
mod schema;

pub(crate) use layout::Written;
pub(crate) use report::{Discrepancies, Held, Report, line};

use super::bookings::{Bookings, Sent, Way};
use super::dry;
use super::truth::Truth;
use super::verify::{self, Examples};
use crate::cli::ExportOptions;
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use flightpulse_contracts::rest::reconciliations::ReconciliationView;
use flightpulse_store::dynamo::DynamoStore;
use layout::Layout;
use outlet::Outlet;
use part::{Part, Shape};
use report::Summary;
use rows::Rows;
use runs::Runs;
use serde_json::json;
use std::time::{Duration, Instant};

/// Does it; answers whether all is as it must be.
pub(super) async fn run(aws: bool, options: &ExportOptions) -> anyhow::Result<bool> {
    let (bookings, lost) = if options.sent {
        let sent = Sent::last()?;
        (sent.bookings()?, Some(sent.lost))
    } else {
        (Bookings::of(&options.plan)?, options.lost)
    };
    let export = Export::new(&bookings, lost, options)?;
    if options.dry_run {
        export.say()?;
        return Ok(true);
    }
    let place = match &options.out {
        Some(_) => None,
        None => Some(Place::find(aws).await?),
    };
    let report = export.play(place.as_ref()).await?;
    if options.json {
        terminal::line(serde_json::to_string_pretty(&report)?);
    } else {
        report.lines().iter().for_each(terminal::line);
    }
    Ok(report.passed)
}

/// What was there before an export was written.
pub(crate) struct Begun {
    runs: Runs,
    /// How often the bookings' reservations had been written; 0 where they may be.
    writes: u64,
}

/// An export that is to be made.
pub(crate) struct Export {
    options: ExportOptions,
    /// What is in it.
    exported: Bookings,
    /// What is said by it and by the stream.
    said: Bookings,
    shape: Shape,
    layout: Layout,
}

impl Export {
    /// The export of bookings of which the stream has lost so many events of a hundred; none where
    /// that is not known.
    pub(super) fn new(
        bookings: &Bookings,
        lost: Option<u32>,
        options: &ExportOptions,
    ) -> Result<Self, Stop> {
        let ExportOptions { format, compression, row_group_rows, gaps, .. } = *options;
        let shape = Shape { format, compression, row_group_rows }.checked()?;
        let (dataset, time) = (options.dataset.as_deref(), options.time);
        let layout = Layout::new(bookings, dataset, time, shape.ending());
        let exported = bookings.by(Way::Export, lost, gaps);
        let said = bookings.by(Way::Either, lost, gaps);
        Ok(Self { options: options.clone(), exported, said, shape, layout })
    }

    /// Makes it and, where that is asked for, holds what came of it against what was said.
    async fn play(&self, place: Option<&Place>) -> anyhow::Result<Report> {
        let mut interrupt = Interrupt::listen();
        let waiting = match place {
            Some(place) if self.options.wait => Some((place, self.begin(place).await?)),
            _ => None,
        };
        if !self.options.json {
            let (run, count) = (self.said.run.id(), self.said.count);
            terminal::line(format_args!("aep export {run}: {count} bookings"));
        }
        let mut report = self.write(place, &interrupt).await?;
        if let Some((place, begun)) = waiting {
            let mut held = self.reconciled(place, &begun, &report.files, &mut interrupt).await?;
            self.hold(place, &begun, &mut held).await?;
            report.held = Some(held);
        }
        report.passed = report.verdict();
        Ok(report)
    }

    /// Looks at what is there before it is written.
    pub(crate) async fn begin(&self, place: &Place) -> anyhow::Result<Begun> {
        let writes = if self.options.again { self.writes(place).await? } else { 0 };
        Ok(Begun { runs: Runs::from_now(place).await?, writes })
    }

    /// Writes all of its files, the manifest at last.
    pub(crate) async fn write(
        &self,
        place: Option<&Place>,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Report> {
        let outlet = match (place, &self.options.out) {
            (_, Some(folder)) => Outlet::Folder(folder.clone()),
            (Some(place), None) => Outlet::bucket(place)?,
            (None, None) => return Err(Stop::Usage("there is no place for it".into()).into()),
        };
        let (began, folder) = (Instant::now(), self.layout.folder());
        let mut rows = self.rows();
        let (mut files, mut written) = (Vec::new(), Summary::default());
        for nth in 0..self.options.parts {
            let path = outlet.path(&folder, &self.layout.part(nth))?;
            let mut part = Part::create(&path, self.shape)?;
            let before = written.rows;
            rows.begin(self.numbers(nth));
            while let Some(row) = rows.next()? {
                if interrupt.is_asked() {
                    let why = format!("stopped after {} rows; there is no manifest", written.rows);
                    return Err(Stop::Interrupted(why).into());
                }
                written.rows += 1;
                written.spoilt += u64::from(row.spoilt.is_some());
                part.write(row.value)?;
            }
            part.close()?;
            files.push(outlet.take(&path, &folder, written.rows - before).await?);
        }
        let path = outlet.path(&folder, &self.layout.manifest_name())?;
        std::fs::write(&path, self.layout.manifest(&files).to_string())?;
        files.push(outlet.take(&path, &folder, 0).await?);
        written.seconds = began.elapsed().as_secs_f64();
        written.gaps = rows.gaps();
        Ok(Report {
            run: self.said.run.id().to_owned(),
            seed: self.said.seed,
            bookings: self.said.count,
            flights: self.said.flights.len() as u32,
            written,
            files,
            held: None,
            passed: true,
        })
    }

    fn rows(&self) -> Rows<'_> {
        Rows::of(&self.exported, self.options.spoilt, self.options.repeat)
    }

    /// The bookings of a part.
    fn numbers(&self, part: u32) -> std::ops::Range<u32> {
        let share = |part: u32| {
            let bookings = u64::from(self.said.count) * u64::from(part);
            (bookings / u64::from(self.options.parts)) as u32
        };
        share(part)..share(part + 1)
    }

    /// Waits for the runs of its files.
    pub(crate) async fn reconciled(
        &self,
        place: &Place,
        begun: &Begun,
        files: &[Written],
        interrupt: &mut Interrupt,
    ) -> anyhow::Result<Held> {
        let began = Instant::now();
        let patience = Duration::from_secs(self.options.drain_seconds);
        let runs = begun.runs.ended(place, files, patience, interrupt).await?;
        let seconds = began.elapsed().as_secs_f64();
        let sum = |of: fn(&ReconciliationView) -> u64| runs.iter().map(of).sum::<u64>();
        let found =
            Discrepancies { missing: sum(|run| run.missing), different: sum(|run| run.different) };
        // What was reconciled before has nothing left to be found.
        let again = self.options.again.then(Discrepancies::default);
        let expected = again.map_or_else(|| self.expected(), |none| Ok(Some(none)))?;
        Ok(Held { runs, seconds, found, expected, ..Held::default() })
    }

    /// Holds the table against what was said.
    pub(crate) async fn hold(
        &self,
        place: &Place,
        begun: &Begun,
        held: &mut Held,
    ) -> anyhow::Result<()> {
        let store = store(place);
        let truth = Truth::of(&self.said)?;
        let mut faults = Examples::default();
        held.records = verify::records(&store, &self.said, &truth, &mut faults).await?;
        let wrong = verify::totals_that_do_not_add_up(&store, &self.said).await?;
        wrong.iter().for_each(|flight| {
            faults.add(|| format!("{flight}: its totals are not the sum of its records"));
        });
        let flights = self.said.flights.len() as u64;
        held.totals = (flights, flights - wrong.len() as u64);
        held.faults = faults.0;
        if self.options.again {
            held.writes = Some(self.writes(place).await?.saturating_sub(begun.writes));
        }
        Ok(())
    }

    /// How often the bookings' reservations were written so far.
    async fn writes(&self, place: &Place) -> anyhow::Result<u64> {
        verify::writes(&store(place), &self.said).await
    }

    /// What the runs must find, when the stream has brought all but what it lost; none where that is
    /// not known.
    fn expected(&self) -> Result<Option<Discrepancies>, Stop> {
        if self.said.lost.is_none() {
            return Ok(None);
        }
        let streamed = self.said.by(Way::Stream, self.said.lost, 0);
        let mut expected = Discrepancies::default();
        for number in 0..self.said.count {
            let said = self.said.booking(number)?.events.len();
            match streamed.booking(number)?.events.len() {
                known if known == said => {}
                0 => expected.missing += 1,
                _ => expected.different += 1,
            }
        }
        Ok(Some(expected))
    }

    /// Says what would be written.
    fn say(&self) -> Result<(), Stop> {
        let (json, folder) = (self.options.json, self.layout.folder());
        let tell = |line: serde_json::Value, text: String| match json {
            true => terminal::line(line),
            false => terminal::line(text),
        };
        let mut rows = self.rows();
        for nth in 0..self.options.parts {
            let (mut count, name) = (0_u64, self.layout.part(nth));
            rows.begin(self.numbers(nth));
            while let Some(row) = rows.next()? {
                count += 1;
                let Some((id, flaw)) = row.spoilt else { continue };
                let wrong = flaw.reason();
                tell(
                    json!({"file": name, "row": count, "event_id": id, "wrong": wrong}),
                    format!("{name}: row {count} must be rejected, for its {wrong} ({id})"),
                );
            }
            tell(
                json!({"file": name, "folder": folder, "rows": count}),
                format!("{folder}{name}: {count} rows"),
            );
        }
        let name = self.layout.manifest_name();
        tell(json!({"file": name, "folder": folder}), format!("{folder}{name}"));
        dry::flights(&self.said, &Truth::of(&self.said)?, json);
        Ok(())
    }
}

fn store(place: &Place) -> DynamoStore {
    DynamoStore::new(aws_sdk_dynamodb::Client::new(&place.sdk), &place.outputs.table_name)
}

#[cfg(test)]
pub(crate) mod tests;
