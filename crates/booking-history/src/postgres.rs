//! A table of Adobe's Query Service, which speaks PostgreSQL's protocol, over TLS.
//!
//! It is asked as `psql` asks, by the simple protocol: of the clients that Adobe names `psql` is the first
//! (<https://experienceleague.adobe.com/docs/experience-platform/query/clients/psql.html>), and every value
//! comes as text, whichever types stand behind it. That protocol has no parameters. What goes into a
//! query is a table's name of checked letters, two times that are formatted here, and a number.

mod credentials;
mod failure;
mod row;
mod table;
mod tls;

pub use credentials::Credentials;
pub use table::{Table, WrongName};

use crate::{BookingHistory, Found, HistoryError, OpensHistory};
use failure::{failed, named};
use futures::{StreamExt, pin_mut};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

/// The port that Query Service listens at; with TLS, whatever its number.
pub const DEFAULT_PORT: u16 = 80;
/// The most rows that one query may ask for. Query Service cuts an answer at 50,000 without a word:
/// <https://experienceleague.adobe.com/en/docs/experience-platform/query/best-practices/writing-queries>
pub const MOST_ROWS: usize = 49_999;
/// Bytes of rows that are read at once, as text. As values they take several times as much, and as
/// messages as much again.
const MAX_BYTES: usize = 16 * 1_024 * 1_024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long signing in may take, TLS and all.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// Where a history is, and how much of it is read at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryService {
    /// The host's name, or its address: what its certificate must be for.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The database: the sandbox and what of it, as in `prod:all`.
    pub database: String,
    /// The table.
    pub table: Table,
    /// Rows that are read at once, [`MOST_ROWS`] at most.
    pub max_rows: usize,
}

impl OpensHistory for QueryService {
    type History = PostgresHistory;

    async fn open(&self, secret: &str) -> Result<PostgresHistory, HistoryError> {
        let credentials = Credentials::read(secret)?;
        let opened = tokio::time::timeout(OPEN_TIMEOUT, self.sign_in(&credentials)).await;
        opened.unwrap_or_else(|_| {
            Err(HistoryError::Unavailable(format!("signing in took over {OPEN_TIMEOUT:?}")))
        })
    }
}

impl QueryService {
    /// The history's name among all: `host/database/table`. A table of the same name of another sandbox
    /// or another organisation is another history. The port tells nothing of what is read.
    #[must_use]
    pub fn name(&self) -> String {
        let Self { host, database, table, .. } = self;
        format!("{}/{database}/{table}", host.to_ascii_lowercase())
    }

    async fn sign_in(&self, credentials: &Credentials) -> Result<PostgresHistory, HistoryError> {
        let tls = MakeRustlsConnect::new(tls::config(credentials.ca.as_deref())?);
        let mut config = Config::new();
        config.host(&self.host).port(self.port).dbname(&self.database);
        config.user(&credentials.username).password(&credentials.password);
        config.application_name("flightpulse").ssl_mode(SslMode::Require);
        config.connect_timeout(CONNECT_TIMEOUT);
        let (client, connection) = config.connect(tls).await.map_err(failed)?;
        // It ends when the client is dropped. What ends it before is told by the query under way.
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = named(&error), "the connection to the history has ended");
            }
        });
        let history =
            PostgresHistory { client, table: self.table.clone(), max_rows: self.max_rows };
        history.nested_as_json().await?;
        Ok(history)
    }
}

/// A session with Query Service.
pub struct PostgresHistory {
    client: Client,
    table: Table,
    max_rows: usize,
}

impl PostgresHistory {
    /// Has nested fields come as JSON, and not in a notation of their own. Only Query Service knows the
    /// setting; PostgreSQL itself has JSON in its columns from the start.
    /// <https://experienceleague.adobe.com/docs/experience-platform/query/sql/syntax.html#auto-to-json>
    async fn nested_as_json(&self) -> Result<(), HistoryError> {
        match self.client.batch_execute("SET auto_to_json=true").await {
            Err(error) if error.code() != Some(&SqlState::UNDEFINED_OBJECT) => Err(failed(error)),
            _ => Ok(()),
        }
    }

    async fn asked(&self, from: Timestamp, until: Timestamp) -> Result<Found, HistoryError> {
        let query = query(&self.table, from, until, self.max_rows);
        let messages = self.client.simple_query_raw(&query).await.map_err(failed)?;
        pin_mut!(messages);
        let (mut events, mut bytes): (Vec<Value>, usize) = (Vec::new(), 0);
        while let Some(message) = messages.next().await {
            let SimpleQueryMessage::Row(row) = message.map_err(failed)? else { continue };
            let names = row.columns().iter().map(|column| column.name());
            let values = (0..row.len()).map(|at| row.try_get(at));
            let values = values.collect::<Result<Vec<_>, _>>().map_err(failed)?;
            bytes += values.iter().flatten().map(|text| text.len()).sum::<usize>();
            if events.len() >= self.max_rows || bytes > MAX_BYTES {
                return Ok(Found::TooMany);
            }
            events.push(row::event(names.zip(values)));
        }
        Ok(Found::Events(events))
    }
}

impl BookingHistory for PostgresHistory {
    async fn events(&self, from: Timestamp, until: Timestamp) -> Result<Found, HistoryError> {
        let found = tokio::time::timeout(crate::QUERY_TIMEOUT, self.asked(from, until)).await;
        found.unwrap_or(Ok(Found::TooSlow))
    }
}

// One row more than is taken, so that all of it is told from a part.
fn query(table: &Table, from: Timestamp, until: Timestamp, max_rows: usize) -> String {
    let limit = max_rows.min(MOST_ROWS).saturating_add(1);
    format!(
        "SELECT * FROM {table} WHERE timestamp >= TIMESTAMP '{from:.3}' \
         AND timestamp < TIMESTAMP '{until:.3}' ORDER BY timestamp LIMIT {limit}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_the_same_name_elsewhere_is_another_history() {
        let one = QueryService {
            host: "Airline.platform-query.adobe.io".to_owned(),
            port: DEFAULT_PORT,
            database: "prod:all".to_owned(),
            table: "bookings".parse().unwrap(),
            max_rows: MOST_ROWS,
        };
        assert_eq!(one.name(), "airline.platform-query.adobe.io/prod:all/bookings");
        let sandbox = QueryService { database: "dev:all".to_owned(), ..one.clone() };
        let organisation = QueryService { host: "other.adobe.io".to_owned(), ..one.clone() };
        assert!(sandbox.name() != one.name() && organisation.name() != one.name());
        assert_eq!(QueryService { port: 5_432, ..one.clone() }.name(), one.name());
    }

    #[test]
    fn a_query_has_its_times_to_the_millisecond_and_a_limit() {
        let table = "bookings".parse().unwrap();
        let [from, until] =
            ["2026-12-01T10:00:00.5Z", "2026-12-01T11:00:00Z"].map(|at| at.parse().unwrap());
        assert_eq!(
            query(&table, from, until, 100),
            "SELECT * FROM bookings WHERE timestamp >= TIMESTAMP '2026-12-01T10:00:00.500Z' \
             AND timestamp < TIMESTAMP '2026-12-01T11:00:00.000Z' ORDER BY timestamp LIMIT 101"
        );
        assert!(query(&table, from, until, 1_000_000).ends_with("LIMIT 50000"));
    }
}
