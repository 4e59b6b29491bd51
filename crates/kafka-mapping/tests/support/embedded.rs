//! The broker of `tests/mapping.rs`: embedded, one for each test.

use flightpulse_kafka_mapping::broker::EmbeddedBroker;

/// A broker and the test's topic.
pub(crate) struct Broker {
    broker: EmbeddedBroker,
}

impl Broker {
    pub(crate) async fn start(partitions: i32) -> Self {
        let broker = EmbeddedBroker::start().unwrap();
        broker.create_topic("flights", partitions).unwrap();
        Self { broker }
    }

    pub(crate) fn bootstrap_servers(&self) -> &str {
        self.broker.bootstrap_servers()
    }

    pub(crate) fn topic(&self) -> &str {
        "flights"
    }

    /// Another topic of one partition.
    pub(crate) async fn second_topic(&mut self) -> String {
        self.broker.create_topic("failed", 1).unwrap();
        "failed".to_owned()
    }

    /// Cuts all connections and refuses new ones, or takes them again.
    pub(crate) fn set_reachable(&self, reachable: bool) {
        self.broker.set_reachable(reachable).unwrap();
    }
}
