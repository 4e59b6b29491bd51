//! Buckets, queues and topics of AWS.

use aws_config::{Region, SdkConfig};
use aws_sdk_s3::error::DisplayErrorContext;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::{Destination, DestinationError, FailureRecord};

type Delivery<'a> = BoxFuture<'a, Result<(), DestinationError>>;

fn refused<E: std::error::Error>(place: &str, error: E) -> DestinationError {
    let reason = DisplayErrorContext(&error).to_string();
    DestinationError::Refused { place: place.to_owned(), reason }
}

/// A bucket. It gets the whole event, an object for each batch.
#[derive(Clone, Debug)]
pub struct S3Bucket {
    client: aws_sdk_s3::Client,
    bucket: String,
    mapping: Uuid,
}

impl S3Bucket {
    /// The bucket of this name; `mapping` is the mapping's UUID, under which its objects are.
    pub fn new(config: &SdkConfig, bucket: impl Into<String>, mapping: Uuid) -> Self {
        // Whoever stands in for S3 at another endpoint seldom has a host name for each bucket.
        let config = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Self { client: aws_sdk_s3::Client::from_conf(config), bucket: bucket.into(), mapping }
    }
}

/// `aws/lambda/<mapping>/<partition>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random>`: the layout that AWS
/// documents for streams, with the first partition of the batch in the place of a shard.
fn object_key(mapping: Uuid, partition: &str, now: jiff::Timestamp) -> String {
    let day = now.strftime("%Y/%m/%d");
    let time = now.strftime("%Y-%m-%dT%H.%M.%S");
    format!("aws/lambda/{mapping}/{partition}/{day}/{time}-{}", Uuid::new_v4())
}

impl Destination for S3Bucket {
    fn deliver(&self, record: FailureRecord) -> Delivery<'_> {
        Box::pin(async move {
            let partition = record.first_partition().unwrap_or("none");
            let put = self
                .client
                .put_object()
                .bucket(&self.bucket)
                .key(object_key(self.mapping, partition, jiff::Timestamp::now()))
                .content_type("application/json")
                .body(record.whole()?.into());
            put.send().await.map_err(|error| refused(&self.bucket, error)).map(drop)
        })
    }
}

/// A standard queue. It gets the metadata.
#[derive(Clone, Debug)]
pub struct Queue {
    client: aws_sdk_sqs::Client,
    account: String,
    name: String,
}

impl Queue {
    /// The queue of this name and account in this region.
    pub fn new(config: &SdkConfig, region: String, account: String, name: String) -> Self {
        let config = aws_sdk_sqs::config::Builder::from(config).region(Region::new(region)).build();
        Self { client: aws_sdk_sqs::Client::from_conf(config), account, name }
    }
}

impl Destination for Queue {
    fn deliver(&self, record: FailureRecord) -> Delivery<'_> {
        Box::pin(async move {
            // Asked for each time: deliveries are few, and a queue may be made anew meanwhile.
            let found = self
                .client
                .get_queue_url()
                .queue_name(&self.name)
                .queue_owner_aws_account_id(&self.account)
                .send()
                .await
                .map_err(|error| refused(&self.name, error))?;
            let send = self.client.send_message().set_queue_url(found.queue_url);
            let send = send.message_body(record.metadata()?).send();
            send.await.map_err(|error| refused(&self.name, error)).map(drop)
        })
    }
}

/// A standard topic of SNS. It gets the metadata.
#[derive(Clone, Debug)]
pub struct SnsTopic {
    client: aws_sdk_sns::Client,
    arn: String,
}

impl SnsTopic {
    /// The topic of this ARN, which is in this region.
    pub fn new(config: &SdkConfig, region: String, arn: String) -> Self {
        let config = aws_sdk_sns::config::Builder::from(config).region(Region::new(region)).build();
        Self { client: aws_sdk_sns::Client::from_conf(config), arn }
    }
}

impl Destination for SnsTopic {
    fn deliver(&self, record: FailureRecord) -> Delivery<'_> {
        Box::pin(async move {
            let publish = self.client.publish().topic_arn(&self.arn).message(record.metadata()?);
            publish.send().await.map_err(|error| refused(&self.arn, error)).map(drop)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objects_key_is_aws_s() {
        let now = "2026-11-30T04:05:06Z".parse().unwrap();
        let key = object_key(Uuid::nil(), "flights-0", now);
        let start = "aws/lambda/00000000-0000-0000-0000-000000000000/flights-0/2026/11/30/2026-11-30T04.05.06-";
        assert!(key.starts_with(start), "{key}");
        assert!(Uuid::parse_str(&key[start.len()..]).is_ok(), "{key}");
    }
}
