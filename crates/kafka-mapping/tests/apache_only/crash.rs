//! The program itself, ended by SIGKILL: it cannot commit, nor leave its group.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flightpulse_kafka_mapping::event::KafkaEvent;
use flightpulse_kafka_mapping::status::Status;

use crate::broker::Broker;
use crate::http::Endpoint;
use crate::load::{PARTITIONS, order, write};
use crate::support::DEADLINE;

const EACH: usize = 5_000;
/// Invocations until the program is killed.
const BEFORE: usize = 10;

fn serve(broker: &Broker, lambda: &Endpoint, state: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_flightpulse-kafka-mapping"))
        .args(["serve", "--brokers", broker.bootstrap_servers(), "--topic", broker.topic()])
        .args(["--group", broker.topic(), "--function", "function", "--batch-size", "500"])
        .args(["--batching-window-ms", "100", "--status-file"])
        .arg(state)
        .env("AWS_ENDPOINT_URL", lambda.url())
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether this process has committed the whole topic.
fn all_committed(state: &Path, process: &Child) -> bool {
    let text = std::fs::read_to_string(state).unwrap_or_default();
    let status: Status = serde_json::from_str(&text).unwrap_or_default();
    let ends = status.assigned.iter().filter(|p| p.committed == Some(EACH as i64));
    status.pid == process.id() && ends.count() == PARTITIONS as usize
}

#[tokio::test(flavor = "multi_thread")]
async fn records_survive_a_mapping_that_is_ended_by_sigkill() {
    let broker = Broker::start(PARTITIONS).await;
    write(&broker, EACH).await;
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("status.json");
    let lambda = Endpoint::start(|_| (200, "null".to_owned()));
    let event = || serde_json::from_str::<KafkaEvent>(&lambda.next().body).unwrap();

    let mut first = serve(&broker, &lambda, &state);
    let mut events: Vec<KafkaEvent> = (0..BEFORE).map(|_| event()).collect();
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(!all_committed(&state, &first), "it was killed in mid-stream");

    let mut second = serve(&broker, &lambda, &state);
    let end = Instant::now() + DEADLINE;
    while !all_committed(&state, &second) {
        assert!(Instant::now() < end, "never: all are committed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    second.kill().unwrap();
    second.wait().unwrap();
    while let Some(request) = lambda.another() {
        events.push(serde_json::from_str(&request.body).unwrap());
    }
    for (partition, offsets) in order(&events) {
        let mut reached: Vec<i64> = offsets.clone();
        reached.sort_unstable();
        reached.dedup();
        assert_eq!(reached, (0..EACH as i64).collect::<Vec<_>>(), "{partition}: none is lost");
        let back = offsets.windows(2).filter(|w| w[1] != w[0] + 1).count();
        assert!(back <= 1, "{partition}: in order, but for where the second began");
    }
}
