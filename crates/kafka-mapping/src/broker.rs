//! A Kafka broker inside this process: librdkafka's mock cluster.
//!
//! It listens on 127.0.0.1 on a free port and speaks Kafka's protocol to any client. Its data is
//! in memory (5 MB or 100,000 records a partition, the oldest go first) and ends with the process.

use std::sync::mpsc;
use std::thread::JoinHandle;

use rdkafka::error::KafkaError;
use rdkafka::mocking::MockCluster;
use thiserror::Error;

/// Why the embedded broker did not do what it was asked.
#[derive(Debug, Error)]
pub enum BrokerError {
    /// librdkafka refused.
    #[error("embedded broker: {0}")]
    Kafka(#[from] KafkaError),
    /// The thread could not be started.
    #[error("embedded broker's thread: {0}")]
    Thread(#[from] std::io::Error),
    /// The broker has ended.
    #[error("the embedded broker has ended")]
    Ended,
}

enum Command {
    CreateTopic(String, i32),
    Reachable(bool),
}

type Request = (Command, mpsc::Sender<Result<(), KafkaError>>);

/// A running broker. Dropping it ends it.
///
/// The cluster lives on a thread of its own: its handle is a raw pointer that must not move
/// between threads, while this handle may.
pub struct EmbeddedBroker {
    bootstrap: String,
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedBroker {
    /// Starts a broker and waits until it listens.
    pub fn start() -> Result<Self, BrokerError> {
        let (requests, inbox) = mpsc::channel::<Request>();
        let (started, bootstrap) = mpsc::channel();
        let body = move || match MockCluster::new(1) {
            Ok(cluster) => {
                let _ = started.send(Ok(cluster.bootstrap_servers()));
                for (command, reply) in inbox {
                    let _ = reply.send(match command {
                        Command::CreateTopic(topic, partitions) => {
                            cluster.create_topic(&topic, partitions, 1)
                        }
                        Command::Reachable(true) => cluster.broker_up(-1),
                        Command::Reachable(false) => cluster.broker_down(-1),
                    });
                }
            }
            Err(error) => drop(started.send(Err(error))),
        };
        let thread = std::thread::Builder::new().name("kafka-broker".into()).spawn(body)?;
        let bootstrap = bootstrap.recv().map_err(|_| BrokerError::Ended)??;
        Ok(Self { bootstrap, requests: Some(requests), thread: Some(thread) })
    }

    /// `host:port` of the broker.
    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap
    }

    /// Makes a topic. (Clients cannot: the mock cluster does not answer CreateTopics.)
    pub fn create_topic(&self, topic: &str, partitions: i32) -> Result<(), BrokerError> {
        self.request(Command::CreateTopic(topic.to_owned(), partitions))
    }

    /// Cuts all connections and refuses new ones, or takes them again. For tests.
    pub fn set_reachable(&self, reachable: bool) -> Result<(), BrokerError> {
        self.request(Command::Reachable(reachable))
    }

    fn request(&self, command: Command) -> Result<(), BrokerError> {
        let (reply, answer) = mpsc::channel();
        let requests = self.requests.as_ref().ok_or(BrokerError::Ended)?;
        requests.send((command, reply)).map_err(|_| BrokerError::Ended)?;
        Ok(answer.recv().map_err(|_| BrokerError::Ended)??)
    }
}

impl Drop for EmbeddedBroker {
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
