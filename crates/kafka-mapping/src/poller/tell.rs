//! What the consumer says, and what the mapping says to its status and log.

use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tracing::{info, warn};

use super::{Poller, PollerError};
use crate::client::{self, MappingConsumer, Signal, lock};
use crate::event::TopicPartition;
use crate::status::{PartitionStatus, State};

impl Poller {
    pub(super) fn signal(
        &mut self,
        consumer: &MappingConsumer,
        signal: Signal,
    ) -> Result<(), PollerError> {
        match signal {
            Signal::Assigned(partitions) => {
                info!(?partitions, "partitions assigned");
                self.resume(consumer, &partitions);
                partitions.into_iter().for_each(|partition| self.scheduler.assign(partition));
                self.status.send_modify(|status| {
                    status.state = State::Ready;
                    status.brokers_connected = true;
                });
            }
            Signal::Revoked(partitions) => {
                info!(?partitions, "partitions revoked");
                partitions.iter().for_each(|partition| self.scheduler.revoke(partition));
            }
            Signal::Heartbeat(connected) => {
                let before = self.status.borrow().brokers_connected;
                match (before, connected) {
                    (false, true) => {
                        info!("a broker is connected");
                        self.refused = None;
                    }
                    (true, false) => warn!(
                        servers = self.config.source.bootstrap_servers,
                        "no broker is connected; trying again until one is"
                    ),
                    _ => {}
                }
                self.status.send_modify(|status| status.brokers_connected = connected);
            }
            Signal::Trouble(message) => self.trouble(message),
            Signal::Refused(code, reason) => {
                // That all are down has its reason in the last one that failed.
                if is_of_connection(code) && code != RDKafkaErrorCode::AllBrokersDown {
                    self.refused = Some((code, reason));
                }
            }
            Signal::Lost(error) => return Err(PollerError::StartingPosition(error)),
        }
        self.publish();
        Ok(())
    }

    /// Logs a difficulty, once as long as it stays the same.
    pub(super) fn trouble(&self, message: String) {
        let known = self.status.borrow().last_error.as_ref().is_some_and(|e| e.message == message);
        if !known {
            warn!("{message}");
        }
        self.status.send_modify(|status| status.error(message));
    }

    /// The client goes on by itself after everything but a fatal error.
    pub(super) fn fetch_failed(&self, error: KafkaError) -> Result<(), PollerError> {
        if let KafkaError::MessageConsumptionFatal(code) = error {
            return Err(KafkaError::MessageConsumptionFatal(code).into());
        }
        let message = match error.rdkafka_error_code() {
            Some(code) if is_of_connection(code) => self.unreachable(),
            Some(RDKafkaErrorCode::UnknownTopicOrPartition) => {
                format!("topic {} does not exist (yet), trying again", self.config.topic)
            }
            _ => error.to_string(),
        };
        self.trouble(message);
        Ok(())
    }

    fn unreachable(&self) -> String {
        let servers = &self.config.source.bootstrap_servers;
        let (what, reason) = match &self.refused {
            Some((RDKafkaErrorCode::Authentication, reason)) => ("refuse the login", reason),
            Some((RDKafkaErrorCode::SSL, reason)) => ("are not reached by TLS", reason),
            Some((_, reason)) => {
                return format!("no broker reachable at {servers}, trying again: {reason}");
            }
            None => return format!("no broker reachable at {servers}, trying again"),
        };
        format!("the brokers at {servers} {what}, trying again: {reason}")
    }

    pub(super) fn flow(&mut self, consumer: &MappingConsumer) {
        let (pause, resume) = self.scheduler.flow();
        if !pause.is_empty() {
            let paused = client::list(&no_offsets(&pause)).and_then(|list| consumer.pause(&list));
            if let Err(error) = paused {
                self.trouble(format!("partitions not paused: {error}"));
            }
        }
        self.resume(consumer, &resume);
    }

    fn resume(&self, consumer: &MappingConsumer, partitions: &[TopicPartition]) {
        if partitions.is_empty() {
            return;
        }
        let resumed = client::list(&no_offsets(partitions)).and_then(|list| consumer.resume(&list));
        if let Err(error) = resumed {
            self.trouble(format!("partitions not resumed: {error}"));
        }
    }

    pub(super) fn publish(&self) {
        let assigned: Vec<PartitionStatus> = lock(&self.offsets)
            .iter()
            .map(|(tp, progress)| PartitionStatus {
                topic: tp.topic.clone(),
                partition: tp.partition,
                committed: progress.committed,
                high_watermark: progress.high,
                lag: progress.lag(),
            })
            .collect();
        self.status.send_modify(|status| {
            status.lag = assigned.iter().filter_map(|p| p.lag).sum();
            status.assigned = assigned;
            status.in_flight = self.scheduler.in_flight();
        });
    }
}

fn no_offsets(partitions: &[TopicPartition]) -> Vec<(TopicPartition, i64)> {
    partitions.iter().map(|partition| (partition.clone(), 0)).collect()
}

fn is_of_connection(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::AllBrokersDown
            | RDKafkaErrorCode::BrokerTransportFailure
            | RDKafkaErrorCode::Resolve
            | RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::SSL
    )
}
