//! The suite, and what is refused, on a real PostgreSQL with TLS and SCRAM.
//!
//! Needs the variables of `postgres.env`; `scripts/test.sh` starts one and gives them.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used, clippy::panic)]

use flightpulse_booking_history::conformance::{self, Keeps, MAX_EVENTS};
use flightpulse_booking_history::postgres::{PostgresHistory, QueryService};
use flightpulse_booking_history::{BookingHistory, Found, HistoryError, OpensHistory};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::{Client, Config, NoTls};

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing: run this by scripts/test.sh"))
}

fn server(table: &str) -> QueryService {
    QueryService {
        host: "127.0.0.1".to_owned(),
        port: variable("POSTGRES_PORT").parse().unwrap(),
        database: variable("POSTGRES_DATABASE"),
        table: table.parse().unwrap(),
        max_rows: MAX_EVENTS,
    }
}

fn secret(changed: &[(&str, Value)]) -> String {
    let authority = std::fs::read_to_string(variable("POSTGRES_CA_FILE")).unwrap();
    let mut secret = json!({
        "username": variable("POSTGRES_USERNAME"), "password": variable("POSTGRES_PASSWORD"),
        "ca": authority,
    });
    for (name, value) in changed {
        secret[*name] = value.clone();
    }
    secret.to_string()
}

async fn owner() -> Client {
    let mut config = Config::new();
    config.host_path(variable("POSTGRES_SOCKETS")).port(variable("POSTGRES_PORT").parse().unwrap());
    config.user("postgres").dbname(variable("POSTGRES_DATABASE"));
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A table as Query Service has one, with JSON in the place of nested fields.
async fn table(owner: &Client, name: &str) {
    let user = variable("POSTGRES_USERNAME");
    let made = format!(
        "DROP TABLE IF EXISTS {name}; \
         CREATE TABLE {name} (_id text, timestamp timestamp, \"eventType\" text, commerce jsonb, \
         _tenant text, _acp_system_metadata text); GRANT SELECT ON {name} TO {user}"
    );
    owner.batch_execute(&made).await.unwrap();
}

struct Kept {
    history: PostgresHistory,
    owner: Client,
    table: &'static str,
}

impl BookingHistory for Kept {
    async fn events(&self, from: Timestamp, until: Timestamp) -> Result<Found, HistoryError> {
        self.history.events(from, until).await
    }
}

impl Keeps for Kept {
    async fn keep(&self, at: Timestamp, event: &Value) {
        let text = |name: &str| event.get(name).map(ToString::to_string);
        let insert = format!(
            "INSERT INTO {} (_id, timestamp, commerce, _tenant, _acp_system_metadata) \
             VALUES ($1, $2::text::timestamp, $3::text::jsonb, $4, '{{}}')",
            self.table
        );
        let (id, at) = (event["_id"].as_str().unwrap(), at.to_string());
        let parts = (text("commerce"), text("_tenant"));
        self.owner.execute(&insert, &[&id, &at, &parts.0, &parts.1]).await.unwrap();
    }
}

#[tokio::test]
async fn postgresql_conforms() {
    let (owner, name) = (owner().await, "conforms");
    table(&owner, name).await;
    let history = server(name).open(&secret(&[])).await.unwrap();
    conformance::all(&Kept { history, owner, table: name }).await;
}

async fn refused(server: &QueryService, secret: &str) -> String {
    match server.open(secret).await {
        Err(HistoryError::Refused(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it let us in"),
    }
}

#[tokio::test]
async fn who_is_not_let_in_is_told_so_and_no_password_is_shown() {
    let server = server("conforms");
    let why = refused(&server, &secret(&[("password", json!("hunter2"))])).await;
    assert!(why.contains("password authentication failed"), "{why}");
    assert!(!why.contains("hunter2"), "{why}");
    let why = refused(&server, &secret(&[("username", json!("nobody"))])).await;
    assert!(why.contains("password authentication failed"), "{why}");
    let other = QueryService { database: "prod:none".to_owned(), ..server.clone() };
    let why = refused(&other, &secret(&[])).await;
    assert!(why.contains("database \"prod:none\" does not exist"), "{why}");
}

#[tokio::test]
async fn a_host_that_is_not_who_it_should_be_gets_no_password() {
    let server = server("conforms");
    // Of an authority that is not trusted here.
    let why = refused(&server, &secret(&[("ca", Value::Null)])).await;
    assert!(why.contains("invalid peer certificate: UnknownIssuer"), "{why}");
    // Of another name: the certificate is for 127.0.0.1 alone.
    let other = QueryService { host: "localhost".to_owned(), ..server };
    let why = refused(&other, &secret(&[])).await;
    assert!(why.contains("not valid for name \"localhost\""), "{why}");
}

#[tokio::test]
async fn a_host_without_tls_gets_no_password() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        // Whether there is TLS, in eight bytes; there is none. What else comes is what we must not get.
        connection.read_exact(&mut [0; 8]).await.unwrap();
        connection.write_all(b"N").await.unwrap();
        let mut more = Vec::new();
        connection.read_to_end(&mut more).await.unwrap();
        more
    });
    let why = refused(&QueryService { port, ..server("conforms") }, &secret(&[])).await;
    assert!(why.contains("server does not support TLS"), "{why}");
    assert_eq!(asked.await.unwrap(), [0_u8; 0]);
}

#[tokio::test]
async fn a_host_that_is_away_is_asked_again_later() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let opened = QueryService { port, ..server("conforms") }.open(&secret(&[])).await;
    assert!(matches!(opened.err(), Some(HistoryError::Unavailable(_))));
}

#[tokio::test]
async fn a_session_that_is_ended_is_one_thing_and_a_table_that_is_not_there_another() {
    let owner = owner().await;
    table(&owner, "ended").await;
    let [from, until] =
        ["2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"].map(|at| at.parse().unwrap());
    let history = server("ended").open(&secret(&[])).await.unwrap();
    let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FROM ended %' \
               AND application_name = 'flightpulse'";
    assert_eq!(history.events(from, until).await, Ok(Found::Events(Vec::new())));
    owner.batch_execute(all).await.unwrap();
    let ended = history.events(from, until).await;
    assert!(matches!(ended, Err(HistoryError::Unavailable(_))), "{ended:?}");

    let none = server("not_there").open(&secret(&[])).await.unwrap().events(from, until).await;
    let Err(HistoryError::Refused(why)) = none else { panic!("{none:?}") };
    assert!(why.contains("relation \"not_there\" does not exist"), "{why}");
}
