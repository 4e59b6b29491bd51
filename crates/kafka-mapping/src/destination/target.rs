//! The name of a destination, as `OnFailure.Destination` has it.

use std::str::FromStr;

use thiserror::Error;

/// A destination by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `s3://bucket` or `arn:aws:s3:::bucket`.
    S3(String),
    /// `arn:aws:sqs:region:account:queue`.
    Sqs {
        /// The queue's region.
        region: String,
        /// The account that owns it.
        account: String,
        /// Its name.
        queue: String,
    },
    /// `arn:aws:sns:region:account:topic`.
    Sns {
        /// The topic's region.
        region: String,
        /// The whole ARN.
        arn: String,
    },
    /// `kafka://topic`, of the same brokers.
    Kafka(String),
}

/// Why a name is none of a destination.
#[derive(Debug, Error)]
pub enum TargetError {
    /// No such form.
    #[error(
        "{0:?} is no destination; it is s3://bucket, kafka://topic, or the ARN of an S3 bucket, \
         an SQS queue or an SNS topic"
    )]
    Unknown(String),
    /// Lambda delivers to no FIFO queue or topic.
    #[error("{0} is FIFO; a mapping delivers to standard queues and topics only")]
    Fifo(String),
    /// Not a name that a topic may have.
    #[error("{0:?} is no name of a Kafka topic")]
    BadTopic(String),
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(name: &str) -> Result<Self, TargetError> {
        if let Some(topic) = name.strip_prefix("kafka://") {
            return kafka(topic);
        }
        let unknown = || TargetError::Unknown(name.to_owned());
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        let bucket = match parts[..] {
            ["arn", _, "s3", "", "", bucket] => Some(bucket),
            _ => name.strip_prefix("s3://").map(|bucket| bucket.trim_end_matches('/')),
        };
        match (bucket, &parts[..]) {
            (Some(bucket), _) if !bucket.is_empty() && !bucket.contains('/') => {
                Ok(Self::S3(bucket.to_owned()))
            }
            (None, ["arn", _, "sqs" | "sns", _, _, last]) if last.ends_with(".fifo") => {
                Err(TargetError::Fifo(name.to_owned()))
            }
            (None, ["arn", _, service, region, account, last])
                if [region, account, last].iter().all(|part| !part.is_empty()) =>
            {
                let (region, account) = ((*region).to_owned(), (*account).to_owned());
                match *service {
                    "sqs" => Ok(Self::Sqs { region, account, queue: (*last).to_owned() }),
                    "sns" => Ok(Self::Sns { region, arn: name.to_owned() }),
                    _ => Err(unknown()),
                }
            }
            _ => Err(unknown()),
        }
    }
}

/// AWS's pattern of the topic: up to 249 letters, digits, dots, dashes and underscores, not
/// beginning with a dot.
fn kafka(topic: &str) -> Result<Target, TargetError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good = (1..=249).contains(&topic.len()) && topic.chars().all(plain);
    if good && !topic.starts_with('.') {
        Ok(Target::Kafka(topic.to_owned()))
    } else {
        Err(TargetError::BadTopic(topic.to_owned()))
    }
}
