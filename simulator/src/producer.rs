//! Writing records: to the brokers, or, where these are out of reach, through the producer
//! function inside their network.

mod function;

use crate::kafka::{Kafka, RecordAt};
use crate::place::{self, Place};
use crate::stop::Stop;
use function::ProducerFunction;

/// A record that is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRecord<'a> {
    /// The flight that it is about, mostly; records of one key are in one partition.
    pub(crate) key: Option<&'a str>,
    /// Its bytes.
    pub(crate) value: &'a [u8],
    /// Travels on with everything that the record sets off.
    pub(crate) correlation_id: &'a str,
}

/// Writes records to the topic of flight operations; one client for all of them.
pub(crate) enum Producer {
    /// To brokers that can be reached from here.
    Kafka(Kafka),
    /// By the function in the brokers' network.
    Function(ProducerFunction),
}

impl Producer {
    /// To the brokers that are named, else to those of the local cloud, else, with `aws`, by the
    /// stack's producer function.
    ///
    /// # Errors
    /// A [`Stop`] that says what there could be and is not.
    pub(crate) fn find(place: &Place, brokers: Option<&str>, aws: bool) -> Result<Self, Stop> {
        if let Some(kafka) = Self::reachable(brokers, aws)? {
            return Ok(kafka);
        }
        match &place.outputs.kafka_producer_name {
            Some(name) => Ok(Self::Function(ProducerFunction::new(place, name))),
            None => Err(Stop::Usage(
                "--aws needs --brokers (or KAFKA_BROKERS) that can be reached from here, or a stack \
                 with a producer function in the brokers' network: deploy it with \
                 -c kafkaProducer=true (infra/README.md)"
                    .into(),
            )),
        }
    }

    /// A client of brokers that can be reached from here: those that are named, else, without
    /// `aws`, those of the local cloud. None where only the stack can tell.
    pub(crate) fn reachable(brokers: Option<&str>, aws: bool) -> Result<Option<Self>, Stop> {
        let named = brokers.is_some_and(|brokers| !brokers.trim().is_empty());
        if !named && aws {
            return Ok(None);
        }
        let kafka = Kafka::connect(&place::brokers(brokers)?)?;
        Ok(Some(Self::Kafka(kafka)))
    }

    /// Whether records can be written, as far as that is known before one is: brokers that are away
    /// are told of at once. The producer function is asked with the first record.
    pub(crate) async fn answers(&self) -> Result<(), Stop> {
        match self {
            Self::Kafka(kafka) => kafka.answers().await,
            Self::Function(_) => Ok(()),
        }
    }

    /// Writes one record and waits until the brokers have it.
    pub(crate) async fn write(
        &self,
        key: Option<&str>,
        value: &[u8],
        correlation_id: &str,
    ) -> Result<RecordAt, Stop> {
        let written = self.write_all(&[NewRecord { key, value, correlation_id }]).await?;
        written.into_iter().next().ok_or_else(|| Stop::CannotRun("no record was written".into()))
    }

    /// Writes records without waiting in between, those of one partition in the order given, and
    /// waits until the brokers have them all. Answers where each is.
    ///
    /// # Errors
    /// When one of them could not be written; others may have been.
    pub(crate) async fn write_all(&self, records: &[NewRecord<'_>]) -> Result<Vec<RecordAt>, Stop> {
        match self {
            Self::Kafka(kafka) => kafka.write_all(records).await,
            Self::Function(function) => function.write_all(records).await,
        }
    }
}
