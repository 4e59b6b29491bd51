//! `scenario`: disruptions from the Kafka records to the passengers' messages, with a verdict.

mod expectations;
mod feed;
mod follow;
mod judge;
mod observation;
mod report;
mod script;
mod stage;
mod timeline;

pub(crate) use observation::{Bookings, Execution, Line, Seen};

use crate::cli::{ScenarioOptions, Which};
use crate::clients::Api;
use crate::place::Place;
use crate::producer::Producer;
use crate::terminal;
use report::Summary;
use script::{NUMBERS, Script};
use stage::Stage;

/// Runs what was asked; answers whether it passed.
pub(crate) async fn run(aws: bool, options: &ScenarioOptions) -> anyhow::Result<bool> {
    let numbers = match options.which {
        Which::One(number) => vec![number],
        Which::All => NUMBERS.to_vec(),
    };
    let scripts = numbers.into_iter().map(Script::of).collect::<Result<Vec<_>, _>>()?;
    let place = Place::find(aws).await?;
    let producer = Producer::find(&place, options.brokers.as_deref(), aws)?;
    let api = Api::new(place.api()?);
    let stage = Stage { place, producer, api };
    let mut reports = Vec::new();
    for script in &scripts {
        if !options.json && !reports.is_empty() {
            terminal::line("");
        }
        let report = stage.play(script, options).await?;
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
