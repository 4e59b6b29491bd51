//! Wires the parts and handles the process's signals.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use flightpulse_kafka_mapping::broker::EmbeddedBroker;
use flightpulse_kafka_mapping::files::write_atomic;
use flightpulse_kafka_mapping::invoker::LambdaInvoker;
use flightpulse_kafka_mapping::poller::Poller;
use flightpulse_kafka_mapping::security::Security;
use flightpulse_kafka_mapping::status::Status;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio::sync::{oneshot, watch};
use tracing::{info, warn};

use crate::cli::{BrokerOptions, ServeOptions};
use crate::setup;

/// How often the status file is replaced at most.
const STATUS_PAUSE: Duration = Duration::from_millis(200);

/// Hosts the broker until told to stop.
pub(crate) async fn broker(options: BrokerOptions) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let broker = start_broker(&options)?;
    announce(options.bootstrap_file.as_deref(), broker.bootstrap_servers())?;
    stop.await;
    Ok(())
}

/// Runs the mapping (and the broker, where asked) until told to stop.
pub(crate) async fn serve(options: Box<ServeOptions>) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    // The embedded broker listens without TLS and takes everybody.
    let security =
        if options.embedded_broker { Security::default() } else { Security::from_env()? };
    let embedded = options.embedded_broker.then(|| start_broker(&options.broker)).transpose()?;
    let bootstrap_servers = match (&embedded, &options.brokers) {
        (Some(broker), _) => broker.bootstrap_servers().to_owned(),
        (None, Some(servers)) => servers.clone(),
        (None, None) => anyhow::bail!("give --brokers or --embedded-broker"),
    };
    announce(options.broker.bootstrap_file.as_deref(), &bootstrap_servers)?;
    let invoker = LambdaInvoker::from_env(&options.function).await;
    let config = setup::config(&options, bootstrap_servers, security)?;
    let destination = setup::destination(&options, &config).await?;
    let poller = Poller::new(config, Arc::new(invoker), destination);
    let status = poller.status();
    let writer = options.status_file.clone().map(|path| {
        let status = status.clone();
        tokio::spawn(async move { keep_status(status, &path).await })
    });
    let result = poller.run(stop).await;
    // The poller's end closes the channel, and with it the writer's loop.
    if let Some(writer) = writer {
        writer.await.context("status writer")?;
    }
    drop(embedded);
    result.context("the mapping ended")
}

fn start_broker(options: &BrokerOptions) -> anyhow::Result<EmbeddedBroker> {
    let broker = EmbeddedBroker::start()?;
    broker.create_topic(&options.topic, options.partitions)?;
    info!(
        servers = broker.bootstrap_servers(),
        topic = options.topic,
        partitions = options.partitions,
        "embedded broker listens; its data is in memory"
    );
    Ok(broker)
}

fn announce(file: Option<&Path>, bootstrap_servers: &str) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    write_atomic(file, format!("{bootstrap_servers}\n").as_bytes())
        .with_context(|| format!("write {}", file.display()))
}

/// Replaces the file on every change, but not more often than the pause; the last state always.
async fn keep_status(mut status: watch::Receiver<Status>, path: &Path) {
    loop {
        let now = status.borrow_and_update().clone();
        if let Err(error) = now.write(path) {
            warn!(%error, path = %path.display(), "status not written");
        }
        if status.changed().await.is_err() {
            // What changed while we wrote, and the final state.
            if let Err(error) = status.borrow().write(path) {
                warn!(%error, path = %path.display(), "last status not written");
            }
            return;
        }
        tokio::time::sleep(STATUS_PAUSE).await;
    }
}

/// Resolves at the first SIGTERM or SIGINT. The second ends the process at once.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut signals = Signals::new([SIGTERM, SIGINT]).context("signal handlers")?;
    let (sender, receiver) = oneshot::channel();
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        let mut sender = Some(sender);
        for signal in signals.forever() {
            match sender.take() {
                Some(sender) => drop(sender.send(())),
                None => std::process::exit(128 + signal),
            }
        }
    })?;
    Ok(async move { drop(receiver.await) })
}
