//! The broker of `tests/apache.rs`: the Apache Kafka of KAFKA_BROKERS, with topics for each test.

use std::sync::atomic::{AtomicU32, Ordering};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

/// The brokers, and topics that are there for one test.
pub(crate) struct Broker {
    bootstrap_servers: String,
    topics: Vec<String>,
}

/// A variable that the test cannot do without.
pub(crate) fn wanted(name: &str) -> String {
    let value = std::env::var(name).unwrap_or_default();
    assert!(!value.is_empty(), "{name} is not set: run scripts/kafka.sh start, read its kafka.env");
    value
}

/// Unique among processes, tests of a process, and runs.
fn unique() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let millis = jiff::Timestamp::now().as_millisecond();
    format!("mapping-test-{}-{millis}-{number}", std::process::id())
}

fn admin(bootstrap_servers: &str) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", bootstrap_servers).create().unwrap()
}

impl Broker {
    pub(crate) async fn start(partitions: i32) -> Self {
        let mut broker = Self { bootstrap_servers: wanted("KAFKA_BROKERS"), topics: Vec::new() };
        broker.make(partitions).await;
        broker
    }

    async fn make(&mut self, partitions: i32) {
        let name = unique();
        let topic = NewTopic::new(&name, partitions, TopicReplication::Fixed(1));
        let made = admin(&self.bootstrap_servers)
            .create_topics(&[topic], &AdminOptions::new())
            .await
            .unwrap();
        assert!(made.iter().all(Result::is_ok), "{made:?}");
        self.topics.push(name);
    }

    pub(crate) fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    pub(crate) fn topic(&self) -> &str {
        &self.topics[0]
    }

    /// Another topic of one partition.
    pub(crate) async fn second_topic(&mut self) -> String {
        self.make(1).await;
        self.topics[1].clone()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let (servers, topics) = (self.bootstrap_servers.clone(), std::mem::take(&mut self.topics));
        // A test that fails unwinds through here: nothing may panic, and what is left is told.
        let deleting = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            let names: Vec<&str> = topics.iter().map(String::as_str).collect();
            let admin = admin(&servers);
            runtime.block_on(admin.delete_topics(&names, &AdminOptions::new())).ok()
        });
        if !matches!(deleting.join(), Ok(Some(_))) {
            eprintln!("topics of the test are left at {}", self.bootstrap_servers);
        }
    }
}
