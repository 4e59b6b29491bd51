//! What a function does itself, without its calls to AWS: decode, decide, encode.
//!
//! A program beside each contender runs its handler over clients that answer at once.

use crate::function::{Contender, ENVIRONMENT};
use crate::task::Task;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::Path;
use tokio::process::Command;

/// How many an invocation has.
const SIZE: usize = 100;

/// What such a program prints.
#[derive(Deserialize)]
struct Took {
    times: u32,
    processor_seconds: f64,
}

/// Microseconds of the processor for each of what the task counts.
///
/// # Errors
/// When the program does not do it.
pub(crate) async fn microseconds_each(
    task: &Task,
    program: &Contender,
    folder: &Path,
    count: usize,
) -> anyhow::Result<f64> {
    let invocation = folder.join(format!("{}.json", task.name));
    std::fs::write(&invocation, (task.payload)(SIZE))?;
    let times = count.div_ceil(SIZE).max(1);
    let output = Command::new(&program.program)
        .args(&program.arguments)
        .arg(&invocation)
        .arg(times.to_string())
        .current_dir(&program.folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        // Metrics are lines of a log, which a function in Lambda writes: here as there.
        .envs(ENVIRONMENT)
        .kill_on_drop(true)
        .output()
        .await?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let printed = output.stdout.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
    let took: Took = serde_json::from_slice(printed.context("nothing was printed")?)?;
    Ok(took.processor_seconds * 1e6 / f64::from(took.times) / SIZE as f64)
}
