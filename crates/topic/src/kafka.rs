//! The topic on Kafka brokers, by a client in Rust alone: TLS is rustls over ring, as for the AWS
//! SDK, and there is no C library to link.

mod batches;
mod secret;
mod sign_in;
mod tls;
mod token;

pub use secret::read_secret;
pub use sign_in::{Mechanism, SignIn};

use crate::{AppendError, NewRecord, Place, Topic, partition};
use futures::future::join_all;
use rskafka::BackoffConfig;
use rskafka::client::partition::{Compression, PartitionClient, UnknownTopicHandling};
use rskafka::client::{Client, ClientBuilder};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long the brokers may take for one call of [`Topic::append`], retries and signing in
/// included: well within a function's half minute.
const BUDGET: Duration = Duration::from_secs(20);

/// The topic on Kafka brokers. Connects when the first record is written and keeps the connection.
pub struct KafkaTopic {
    name: String,
    brokers: Vec<String>,
    sign_in: SignIn,
    budget: Duration,
    connection: Mutex<Option<Arc<Connection>>>,
}

struct Connection {
    client: Client,
    topic: String,
    partitions: Vec<i32>,
    /// A client each, made when it is first needed: every one has a connection of its own.
    clients: Mutex<BTreeMap<i32, Arc<PartitionClient>>>,
    /// Where the next record without a key goes.
    next: AtomicUsize,
}

impl KafkaTopic {
    /// The topic of this name on these brokers, each as `host:port`.
    #[must_use]
    pub fn new(name: impl Into<String>, brokers: Vec<String>, sign_in: SignIn) -> Self {
        Self { name: name.into(), brokers, sign_in, budget: BUDGET, connection: Mutex::new(None) }
    }

    /// The same with another time for each call.
    #[must_use]
    pub fn with_budget(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    async fn connection(&self) -> Result<Arc<Connection>, AppendError> {
        let mut connection = self.connection.lock().await;
        if let Some(known) = &*connection {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.connect().await?);
        *connection = Some(Arc::clone(&made));
        Ok(made)
    }

    async fn connect(&self) -> Result<Connection, AppendError> {
        let mut builder = ClientBuilder::new(self.brokers.clone())
            .client_id("flightpulse-kafka-producer")
            .backoff_config(BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(2),
                base: 2.0,
                deadline: Some(self.budget / 4),
            });
        if let Some(sasl) = self.sign_in.sasl() {
            builder = builder.sasl_config(sasl).tls_config(tls::config()?);
        }
        let client = builder.build().await.map_err(|error| batches::failure(&error))?;
        let topics = client.list_topics().await.map_err(|error| batches::failure(&error))?;
        let found = topics.into_iter().find(|topic| topic.name == self.name);
        let partitions: Vec<_> =
            found.map(|topic| topic.partitions.into_iter().collect()).unwrap_or_default();
        if partitions.is_empty() {
            let name = &self.name;
            return Err(AppendError::Refused(format!(
                "there is no topic {name} on these brokers, or none that we may see"
            )));
        }
        tracing::info!(partitions = partitions.len(), "connected to the brokers");
        Ok(Connection {
            client,
            topic: self.name.clone(),
            partitions,
            clients: Mutex::default(),
            next: AtomicUsize::default(),
        })
    }

    async fn write(&self, records: &[NewRecord]) -> Result<Answers, AppendError> {
        let connection = self.connection().await?;
        let mut of_partition: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
        for (at, record) in records.iter().enumerate() {
            of_partition.entry(connection.partition_of(record)).or_default().push(at);
        }
        let written = of_partition.into_iter().map(|(partition, indexes)| {
            let connection = &connection;
            async move { connection.write(partition, indexes, records).await }
        });
        Ok(join_all(written).await.concat())
    }

    async fn forget(&self) {
        *self.connection.lock().await = None;
    }
}

/// What became of records, by their index.
type Answers = Vec<(usize, Result<Place, AppendError>)>;

impl Connection {
    fn partition_of(&self, record: &NewRecord) -> i32 {
        let count = self.partitions.len();
        let index = match &record.key {
            Some(key) => partition::of(key, count),
            None => self.next.fetch_add(1, Ordering::Relaxed).checked_rem(count).unwrap_or(0),
        };
        self.partitions.get(index).copied().unwrap_or(0)
    }

    async fn client(&self, partition: i32) -> Result<Arc<PartitionClient>, AppendError> {
        let mut clients = self.clients.lock().await;
        if let Some(known) = clients.get(&partition) {
            return Ok(Arc::clone(known));
        }
        let unknown = UnknownTopicHandling::Error;
        let made = self.client.partition_client(&self.topic, partition, unknown).await;
        let made = Arc::new(made.map_err(|error| batches::failure(&error))?);
        clients.insert(partition, Arc::clone(&made));
        Ok(made)
    }

    /// Batch by batch: the next begins when the one before is on all replicas.
    async fn write(&self, partition: i32, indexes: Vec<usize>, records: &[NewRecord]) -> Answers {
        let mut answers = Answers::with_capacity(indexes.len());
        let mut failed = None;
        for batch in batches::of(&indexes, records) {
            let offsets = match &failed {
                Some(error) => Err(batches::not_tried(error)),
                None => self.write_batch(partition, batch, records).await,
            };
            for (nth, index) in batch.iter().enumerate() {
                answers.push((*index, batches::place(partition, &offsets, nth)));
            }
            failed = failed.or(offsets.err());
        }
        answers
    }

    async fn write_batch(
        &self,
        partition: i32,
        batch: &[usize],
        records: &[NewRecord],
    ) -> Result<Vec<i64>, AppendError> {
        let client = self.client(partition).await?;
        let batch = batches::encoded(batch, records);
        let written = client.produce(batch, Compression::NoCompression).await;
        written.map_err(|error| batches::failure(&error))
    }
}

impl Topic for KafkaTopic {
    async fn append(&self, records: &[NewRecord]) -> Vec<Result<Place, AppendError>> {
        // On the heap: the client's own state is large.
        let write = Box::pin(self.write(records));
        let answers = match tokio::time::timeout(self.budget, write).await {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(error)) => Err(error),
            Err(_) => {
                let seconds = self.budget.as_secs();
                Err(AppendError::Unavailable(format!("they took more than {seconds} s")))
            }
        };
        let broken = match &answers {
            Ok(answers) => answers.iter().any(|(_, answer)| answer.is_err()),
            Err(_) => true,
        };
        if broken {
            // The next call begins anew, with fresh credentials and metadata.
            self.forget().await;
        }
        match answers {
            Ok(mut answers) => {
                answers.sort_by_key(|(index, _)| *index);
                answers.into_iter().map(|(_, answer)| answer).collect()
            }
            Err(error) => vec![Err(error); records.len()],
        }
    }
}
