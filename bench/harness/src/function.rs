//! A function's process: started as Lambda starts it, and what it takes of the machine.

use crate::runtime::Runtime;
use crate::stub::Stub;
use anyhow::Context;
use bytes::Bytes;
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Who does the work.
#[derive(Debug, Clone)]
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) folder: PathBuf,
    /// What goes to AWS, zipped.
    pub(crate) package: PathBuf,
}

/// A function that runs.
pub(crate) struct Function {
    process: Child,
    pub(crate) runtime: Runtime,
    started: Instant,
}

impl Function {
    /// Starts it. It finds AWS at the stub.
    pub(crate) async fn start(contender: &Contender, stub: &Stub) -> anyhow::Result<Self> {
        let runtime = Runtime::start().await?;
        let mut command = Command::new(&contender.program);
        let endpoint = format!("http://{}", stub.address);
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .args(&contender.arguments)
            .current_dir(&contender.folder)
            .env_clear()
            .env("PATH", path)
            .envs(ENVIRONMENT)
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .env("AWS_ENDPOINT_URL", endpoint)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let started = Instant::now();
        let process = command.spawn();
        let process = process.with_context(|| format!("{} does not start", contender.name))?;
        Ok(Self { process, runtime, started })
    }

    /// The first answer, and the time since the process was started.
    pub(crate) async fn first(&self, payload: Bytes) -> anyhow::Result<(Bytes, Duration)> {
        let (answer, _) = self.runtime.invoke(payload).await?;
        Ok((answer, self.started.elapsed()))
    }

    /// Processor time of all its threads so far, those that have ended too, user's and system's.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let clock = clock_getcpuclockid(Pid::from_raw(self.id()?.try_into()?))?;
        Ok(clock_gettime(clock)?.into())
    }

    /// The most memory that was resident, in bytes.
    pub(crate) fn peak_memory(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.trim().strip_suffix(" kB")).context("no VmHWM")?;
        Ok(kilobytes.trim().parse::<u64>()? * 1_024)
    }

    fn id(&self) -> anyhow::Result<u32> {
        self.process.id().context("the function has ended")
    }

    /// Ends it.
    pub(crate) async fn end(mut self) -> anyhow::Result<()> {
        Ok(self.process.kill().await?)
    }
}

/// What Lambda sets, and what our functions read.
pub(crate) const ENVIRONMENT: [(&str, &str); 19] = [
    ("AWS_LAMBDA_FUNCTION_NAME", "FlightPulse-Bench"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/FlightPulse-Bench"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "bench"),
    ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    ("AWS_SESSION_TOKEN", "token"),
    ("RUST_LOG", "info"),
    // Else it tells at each start that it will want a newer Node one day.
    ("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true"),
    ("TABLE_NAME", "FlightPulseTable"),
    ("EVENT_BUS_NAME", "flightpulse-bus"),
    ("CURSOR_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:cursors-AbCdEf"),
    ("DEAD_LETTER_QUEUE_URL", "http://127.0.0.1/123456789012/FlightPulse-DeadLetters"),
    ("DEAD_LETTER_BUCKET", "flightpulse-dead-letters"),
    ("EXPORT_BUCKET", crate::reconciliation::BUCKET),
];
