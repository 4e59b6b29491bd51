//! The program itself, against a Lambda endpoint of the test's own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "the tests of the destinations look at more of a request")]
mod http;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http::Endpoint;
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(60);

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn status(path: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("never half a file"))
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_flightpulse-kafka-mapping"));
    program.stdin(Stdio::null()).stdout(Stdio::null());
    program
}

fn terminate(child: &mut Child) -> i32 {
    let kill = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    wait_for("the end", || child.try_wait().unwrap()).code().expect("no signal death")
}

#[test]
fn serve_hosts_the_broker_maps_and_ends_in_good_order() {
    let folder = tempfile::tempdir().unwrap();
    let (bootstrap, state) =
        (folder.path().join("s/kafka.bootstrap"), folder.path().join("s/status.json"));
    let lambda = Endpoint::start(|_| (200, "null".to_owned()));
    let mut child = program()
        .args(["serve", "--embedded-broker", "--topic", "flight-operations", "--partitions", "2"])
        .args(["--function", "FlightPulse-KafkaConsumer", "--group", "flightpulse"])
        .args(["--batch-size", "2", "--batching-window-ms", "200"])
        .args(["--report-batch-item-failures", "--bisect-on-error"])
        .args(["--starting-position", "TRIM_HORIZON"])
        .args(["--filter", r#"{"value": [{"numeric": ["<", 2]}, "0", "1"]}"#])
        .arg("--bootstrap-file")
        .arg(&bootstrap)
        .arg("--status-file")
        .arg(&state)
        .env("AWS_ENDPOINT_URL", lambda.url())
        .envs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ])
        .spawn()
        .unwrap();
    let servers = wait_for("bootstrap servers", || std::fs::read_to_string(&bootstrap).ok());
    let producer: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", servers.trim_end()).create().unwrap();
    for number in ["0", "held back", "1"] {
        let record = BaseRecord::to("flight-operations").partition(1).key("SW1234").payload(number);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(DEADLINE).unwrap();
    let invoke = lambda.next();
    let event: Value = serde_json::from_str(&invoke.body).unwrap();
    assert_eq!(invoke.path, "/2015-03-31/functions/FlightPulse-KafkaConsumer/invocations");
    assert_eq!(event["eventSource"], "SelfManagedKafka");
    assert_eq!(event["bootstrapServers"], servers.trim_end());
    let values: Vec<&Value> = event["records"]["flight-operations-1"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["value"])
        .collect();
    assert_eq!(values, [&json!("MA=="), &json!("MQ==")]);
    wait_for("the commit", || {
        let now = status(&state)?;
        let this = now["assigned"].as_array()?.iter().find(|p| p["partition"] == 1)?;
        (now["state"] == "ready" && this["committed"] == 3).then_some(())
    });
    assert_eq!(terminate(&mut child), 0);
    let last = status(&state).unwrap();
    assert_eq!((&last["state"], &last["records"]), (&json!("stopped"), &json!(2)));
}

#[test]
fn brokers_that_are_away_are_waited_for_and_do_not_hold_up_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("status.json");
    // A port that was free a moment ago: nobody listens.
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut child = program()
        .args(["serve", "--brokers", &nobody, "--topic", "t", "--function", "f", "--group", "g"])
        .arg("--status-file")
        .arg(&state)
        .env("AWS_REGION", "us-east-1")
        .spawn()
        .unwrap();
    wait_for("the trouble is told", || {
        let text = status(&state)?["last_error"]["message"].as_str()?.to_owned();
        text.contains(&nobody).then_some(())
    });
    assert_eq!(terminate(&mut child), 0);
    assert_eq!(status(&state).unwrap()["state"], "stopped");
}

#[rstest::rstest]
#[case::filters(&["--filter={}"; 11], &[], "11 filters")]
#[case::no_timestamp_wanted(&["--starting-position-timestamp", "1700000000"], &[], "AT_TIMESTAMP only")]
#[case::own_topic(&["--on-failure", "kafka://t"], &[], "the mapping's own")]
#[case::login(&[], &[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")], "KAFKA_SASL_MECHANISM must be set")]
fn what_contradicts_itself_ends_the_program_with_the_reason(
    #[case] arguments: &[&str],
    #[case] variables: &[(&str, &str)],
    #[case] says: &str,
) {
    let mut program = program();
    program.args(["serve", "--brokers", "127.0.0.1:1", "--topic", "t", "--function", "f"]);
    program.args(["--group", "g"]).args(arguments).envs(variables.iter().copied());
    let output = program.env("AWS_REGION", "us-east-1").output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), log.contains(says)), (Some(1), true), "{log}");
}

#[test]
fn wrong_settings_are_refused() {
    for wrong in [
        vec!["--filter", r#"{"key": ["SW1"]}"#],
        vec!["--filter", "value"],
        vec!["--starting-position", "AT_TIMESTAMP"],
        vec!["--starting-position-timestamp", "4102444800"],
        vec!["--on-failure", "s3://"],
        vec!["--on-failure", "s3://b", "--on-failure-file", "f"],
        vec!["--batch-size", "10001"],
        vec!["--max-record-age-seconds", "59"],
        vec!["--max-retries", "-2"],
        vec!["--embedded-broker"],
    ] {
        let mut program = program();
        program.args(["serve", "--brokers", "127.0.0.1:1", "--topic", "t", "--function", "f"]);
        let code = program.args(["--group", "g"]).args(&wrong).stderr(Stdio::null()).status();
        assert_eq!(code.unwrap().code(), Some(2), "{wrong:?}");
    }
}
