//! `scenario`: disruptions from the Kafka records to the passengers' messages, with a verdict.

mod expectations;
mod feed;
mod follow;
mod judge;
mod observation;
mod reconciliation;
mod report;
mod script;
mod stage;
mod timeline;

pub(crate) use observation::{Bookings, Execution, Line, Quiet, Seen};

use crate::cli::{ScenarioOptions, Which};
use crate::clients::Api;
use crate::place::Place;
use crate::producer::Producer;
use crate::terminal;
use reconciliation::Lossy;
use report::{Report, Summary};
use script::Script;
use stage::Stage;

/// The scenarios that there are.
const NUMBERS: [u32; 7] = [1, 2, 3, 4, 5, 6, reconciliation::NUMBER];

/// A scenario.
enum Scenario {
    /// Events of the operations centre.
    Events(Script),
    /// A feed that loses some of its events, and an export.
    Reconciliation(Box<Lossy>),
}

impl Scenario {
    fn of(number: u32) -> anyhow::Result<Self> {
        match number {
            reconciliation::NUMBER => Ok(Self::Reconciliation(Box::new(Lossy::read()?))),
            _ => Script::of(number).map(Self::Events),
        }
    }

    async fn play(&self, stage: &Stage, options: &ScenarioOptions) -> anyhow::Result<Report> {
        match self {
            Self::Events(script) => stage.play(script, options).await,
            Self::Reconciliation(lossy) => stage.reconcile(lossy, options).await,
        }
    }
}

/// Runs what was asked; answers whether it passed.
pub(crate) async fn run(aws: bool, options: &ScenarioOptions) -> anyhow::Result<bool> {
    let numbers = match options.which {
        Which::One(number) => vec![number],
        Which::All => NUMBERS.to_vec(),
    };
    let scenarios = numbers.into_iter().map(Scenario::of).collect::<Result<Vec<_>, _>>()?;
    let place = Place::find(aws).await?;
    let producer = Producer::find(&place, options.brokers.as_deref(), aws)?;
    let api = Api::new(place.api()?);
    let stage = Stage { place, producer, api };
    let mut reports = Vec::new();
    for scenario in &scenarios {
        if !options.json && !reports.is_empty() {
            terminal::line("");
        }
        let report = scenario.play(&stage, options).await?;
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
