//! TLS and SASL, through the mapping.

use std::sync::Arc;

use flightpulse_kafka_mapping::invoker::MemoryInvoker;
use flightpulse_kafka_mapping::poller::Config;
use flightpulse_kafka_mapping::security::Security;
use flightpulse_kafka_mapping::status::{State, Status};

use crate::broker::{Broker, wanted};
use crate::support::{Producer, Running, config, offsets, received};

/// A login by this mechanism, with what else is given in the place of the environment's.
fn login(mechanism: &str, other: &[(&str, &str)]) -> Security {
    let get = |name: &str| match other.iter().find(|(other, _)| *other == name) {
        Some((_, value)) => Some((*value).to_owned()),
        None => match name {
            "KAFKA_SECURITY_PROTOCOL" => Some("SASL_SSL".to_owned()),
            "KAFKA_SASL_MECHANISM" => Some(mechanism.to_owned()),
            "KAFKA_PASSWORD_FILE" => None,
            name => Some(wanted(name)),
        },
    };
    Security::from_vars(get).unwrap()
}

fn over_tls(broker: &Broker, security: Security) -> Config {
    let mut config = config(broker, 2);
    config.source.bootstrap_servers = wanted("KAFKA_TLS_BROKERS");
    Config { security, ..config }
}

async fn round_trip(mechanism: &str) {
    let broker = Broker::start(1).await;
    let security = login(mechanism, &[]);
    let producer = Producer::at(&wanted("KAFKA_TLS_BROKERS"), &security, broker.topic());
    producer.fill(0, 2).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(over_tls(&broker, security), invoker.clone());
    mapping.until_committed(0, 2).await;
    assert_eq!(received(&invoker, 1).await[0].offsets(), offsets(&broker, 0, 0..2));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_pass_over_tls_with_plain() {
    round_trip("PLAIN").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_pass_over_tls_with_scram_sha_256() {
    round_trip("SCRAM-SHA-256").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_pass_over_tls_with_scram_sha_512() {
    round_trip("SCRAM-SHA-512").await;
}

/// What the status says once the brokers have turned the mapping away.
async fn refused(security: Security, says: &str) -> Status {
    let broker = Broker::start(1).await;
    let invoker = Arc::new(MemoryInvoker::succeeding());
    let mut mapping = Running::start(over_tls(&broker, security), invoker);
    mapping
        .until(says, |s| s.last_error.as_ref().is_some_and(|error| error.message.contains(says)))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_and_not_shown() {
    for mechanism in ["PLAIN", "SCRAM-SHA-512"] {
        let security = login(mechanism, &[("KAFKA_PASSWORD", "wrong-password")]);
        let status = refused(security, "refuse the login").await;
        assert_eq!((status.state, status.brokers_connected), (State::Starting, false));
        let message = status.last_error.unwrap().message;
        assert!(!message.contains("wrong-password"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_an_unknown_authority_is_told() {
    // The machine's own authorities have not signed the broker's certificate.
    let security = login("PLAIN", &[("KAFKA_CA_FILE", "")]);
    let status = refused(security, "not reached by TLS").await;
    let message = status.last_error.unwrap().message;
    assert!(message.contains("certificate"), "{message}");
}
