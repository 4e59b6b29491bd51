//! Waiting until all is quiet: nothing is left to be read, and no workflow runs.

use crate::cli::SettleOptions;
use crate::lag::Group;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use anyhow::Context;
use aws_sdk_sfn::types::ExecutionStatus;
use flightpulse_contracts::OPERATIONS_TOPIC;
use serde_json::json;
use std::time::{Duration, Instant};

/// How often it is looked, and how many looks in a row must find nothing: between two workflows an
/// event may be on the bus.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const LOOKS: u32 = 3;
/// Running executions that are listed in one call, and calls for each workflow.
const PAGE: i32 = 1_000;
const CALLS: usize = 20;

/// Does it; answers whether it became quiet in time.
pub(super) async fn run(aws: bool, options: &SettleOptions) -> anyhow::Result<bool> {
    let place = Place::find(aws).await?;
    let group = Group::open(options.brokers.as_deref(), OPERATIONS_TOPIC, None, aws)?;
    let sfn = aws_sdk_sfn::Client::new(&place.sdk);
    let (began, deadline) = (Instant::now(), Duration::from_secs(options.timeout_seconds));
    let (mut quiet, mut since) = (0, began);
    // A broker that was just killed may not answer yet.
    let (mut lag, mut running) = (None, 0);
    while options.endless || quiet < LOOKS {
        if began.elapsed() > deadline && !options.endless {
            break;
        }
        lag = group.lag().await.ok().map(|all| all.iter().map(|one| one.lag).sum::<i64>());
        running = if options.read { 0 } else { executions(&place, &sfn).await? };
        if options.looks {
            let seconds = began.elapsed().as_secs_f64();
            terminal::line(json!({"seconds": seconds, "lag": lag, "running": running}));
        }
        if lag == Some(0) && running == 0 {
            quiet += 1;
        } else {
            (quiet, since) = (0, Instant::now());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let seconds = since.duration_since(began).as_secs_f64();
    let settled = quiet >= LOOKS;
    if options.json {
        let told = json!({"settled": settled, "seconds": seconds, "lag": lag, "running": running});
        terminal::line(told);
    } else if settled {
        terminal::line(format_args!("quiet after {seconds:.1} s"));
    } else {
        let lag = lag.map_or("unknown".to_owned(), |lag| lag.to_string());
        terminal::line(format_args!("not quiet: lag {lag}, {running} executions run"));
    }
    if !settled && lag.is_none() {
        return Err(Stop::CannotRun("the brokers do not answer".into()).into());
    }
    Ok(settled)
}

/// Executions that run.
async fn executions(place: &Place, sfn: &aws_sdk_sfn::Client) -> anyhow::Result<usize> {
    let mut running = 0;
    for machine in super::executions::machines(place) {
        let mut next = None;
        for _ in 0..CALLS {
            let request = sfn.list_executions().state_machine_arn(machine).max_results(PAGE);
            let request = request.status_filter(ExecutionStatus::Running).set_next_token(next);
            let page = request.send().await.context("the executions cannot be listed")?;
            running += page.executions.len();
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
    }
    Ok(running)
}
